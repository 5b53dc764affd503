-- What was loaded since, by what it can have changed. Trackers' files move no figure that is watched.
create or replace temp table new_files as
with platforms as (
    select platform from old_spend
    union
    select platform from new_spend
),

crms as (
    select crm_source from old_contacts
    union
    select crm_source from new_contacts
)

select
    files.file_id,
    files.source,
    case
        when files.source in (select platforms.platform from platforms) then 'spend'
        when files.source in (select crms.crm_source from crms) then 'conversion'
        else 'touch'
    end as kind
from candidate.meta.files as files
left join previous.meta.files as known on files.file_id = known.file_id
where
    files.status = 'loaded'
    and files.source not in {trackers}
    and known.file_id is null;
