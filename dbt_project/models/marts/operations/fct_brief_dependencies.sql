-- What briefs wait for, and who sees to it (S1-29). Who has left sees to nothing.
with brief_dependencies as (
    select * from {{ ref('stg_templates__brief_dependencies') }}
    where brief_id is not null and dependency is not null
),

scored as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where submitted_at <= {{ as_of_at() }}
),

briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

-- Of a brief its newest version says when all of it is needed.
newest as (
    select
        scored.brief_id,
        scored.campaign_key,
        try_cast(trim(briefs.what_deadline) as date) as deadline_date,
        min(scored.submitted_at) over (partition by scored.brief_id) as first_submitted_at
    from scored
    inner join briefs on scored.brief_id = briefs.brief_id and scored.version = briefs.version
    qualify row_number() over (partition by scored.brief_id order by scored.version desc) = 1
),

dated as (
    select
        brief_dependencies.brief_id,
        brief_dependencies.dependency,
        newest.brief_id is not null as is_brief_known,
        newest.campaign_key,
        case when inactive_owners.owner_name is null then {{ masked('brief_dependencies.owner_name') }} end
            as owner_name,
        coalesce(brief_dependencies.needed_by_date, newest.deadline_date) as needed_by_date,
        case when brief_dependencies.done_date <= {{ reporting_day(as_of_at()) }} then brief_dependencies.done_date end
            as done_date,
        newest.first_submitted_at as opened_at
    from brief_dependencies
    left join newest on brief_dependencies.brief_id = newest.brief_id
    left join inactive_owners on lower(brief_dependencies.owner_name) = inactive_owners.owner_name
),

final as (
    select
        {{ surrogate_key(['brief_id', 'dependency']) }} as brief_dependency_id,
        {{ masked('brief_id') }} as brief_id,
        {{ masked('dependency') }} as dependency,
        is_brief_known,
        campaign_key,
        coalesce(owner_name, 'Unassigned') as owner_name,
        done_date is null as is_open,
        done_date is null and owner_name is null as is_unassigned,
        coalesce(coalesce(done_date, {{ reporting_day(as_of_at()) }}) > needed_by_date, false) as is_late,
        {{ days_between('needed_by_date', 'coalesce(done_date, ' ~ reporting_day(as_of_at()) ~ ')') }} as days_late,
        needed_by_date,
        done_date,
        opened_at
    from dated
)

select * from final
