-- What an approved brief leads to (S1-18): its tasks with who has them and by when, counted in business
-- days from the planned launch. A brief that is approved again says what it changes.
with briefs as (
    select
        *,
        lag(version) over (partition by brief_id order by version) as previous_version
    from {{ ref('int_campaign_briefs_scored') }}
    where approved_at is not null and campaign_key is not null
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

items as (
    select * from {{ ref('work_package_items') }}
),

raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

business_days as (
    select
        calendar_date,
        is_business_day,
        sum(case when is_business_day then 1 else 0 end) over (
            order by calendar_date
            rows between unbounded preceding and current row
        ) as business_day_no
    from {{ ref('int_business_days_opened') }}
    where is_default
),

-- A row of the campaign's own type goes before one that holds for any.
planned as (
    select
        briefs.brief_id,
        briefs.version,
        briefs.previous_version,
        briefs.campaign_key,
        briefs.is_latest_version,
        briefs.is_ready,
        briefs.planned_launch_date,
        briefs.approved_at,
        campaigns.campaign_name,
        items.seq,
        items.item_key,
        items.item_name,
        items.workflow_step,
        items.business_days_before_launch
    from briefs
    inner join campaigns on briefs.campaign_key = campaigns.campaign_key
    inner join items on items.campaign_type in ('any', coalesce(campaigns.campaign_type, 'any'))
    qualify row_number() over (
        partition by briefs.brief_id, briefs.version, items.item_key
        order by case when items.campaign_type = 'any' then 2 else 1 end
    ) = 1
),

dated as (
    select
        planned.*,
        case
            when planned.business_days_before_launch = 0 then planned.planned_launch_date
            else due_days.calendar_date
        end as due_date,
        raci_steps.accountable_role,
        raci_steps.accountable_name,
        raci_steps.backup_name
    from planned
    left join business_days as launch_days on planned.planned_launch_date = launch_days.calendar_date
    left join business_days as due_days
        on
            due_days.is_business_day
            -- A launch on a day off has the last open day before it, and the first one behind it.
            and due_days.business_day_no
            = launch_days.business_day_no
            + case when not launch_days.is_business_day and planned.business_days_before_launch > 0 then 1 else 0 end
            - planned.business_days_before_launch
    left join raci_steps
        on planned.campaign_key = raci_steps.campaign_key and planned.workflow_step = raci_steps.workflow_step
),

final as (
    select
        {{ surrogate_key(['dated.brief_id', 'dated.version', 'dated.item_key']) }} as work_package_item_id,
        {{ masked('dated.brief_id') }} as brief_id,
        dated.version,
        dated.campaign_key,
        dated.campaign_name,
        dated.seq,
        dated.item_key,
        dated.item_name,
        dated.workflow_step,
        dated.accountable_role,
        {{ masked('dated.accountable_name') }} as accountable_name,
        {{ masked('dated.backup_name') }} as backup_name,
        case when dated.planned_launch_date is null or not dated.is_ready then 'needs_input' else 'planned' end
            as package_state,
        case
            when earlier.item_key is null then 'new'
            when coalesce(dated.due_date = earlier.due_date, dated.due_date is null and earlier.due_date is null)
                then 'same'
            else 'changed'
        end as item_change,
        dated.is_latest_version,
        dated.due_date,
        earlier.due_date as due_before_date,
        dated.approved_at
    from dated
    left join dated as earlier
        on
            dated.brief_id = earlier.brief_id
            and dated.previous_version = earlier.version
            and dated.item_key = earlier.item_key
)

select * from final
