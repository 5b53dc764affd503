-- Figures of past months that were published otherwise before, the newest and largest first.
select
    changes.figure,
    changes.period_month,
    changes.channel,
    changes.attribution_model,
    coalesce(changes.channel, changes.platform) as part,
    changes.old_value,
    changes.new_value,
    changes.delta,
    case when changes.unit = 'reporting currency' then 'cents' else 'decimal' end as kind,
    changes.cause,
    changes.is_material and not changes.is_provisional as is_report_affecting,
    files.path,
    changes.restated_at
from meta.restatements as changes
left join meta.files as files on changes.file_id = files.file_id
order by
    changes.restated_at desc,
    changes.unit = 'reporting currency' desc,
    abs(changes.delta) desc,
    changes.figure,
    changes.period_month,
    changes.restatement_id
