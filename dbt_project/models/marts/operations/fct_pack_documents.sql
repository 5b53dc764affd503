-- Which documents of its execution pack a campaign has, and whether they came in time (S1-30): a document
-- is there when the table or the tracker that holds it says something of the campaign.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

pack_documents as (
    select * from {{ ref('pack_documents') }}
),

evidenced as (
    select * from {{ ref('int_launches_evidenced') }}
    where is_registered
),

gated_events as (
    select * from {{ ref('int_gated_events_dated') }}
    where gated_event = 'production_start' and event_no = 1
),

filed as (
    select
        campaign_key,
        'brief' as document_key,
        min(submitted_at) as filed_at
    from {{ ref('int_campaign_briefs_scored') }}
    where submitted_at <= {{ as_of_at() }}
    group by campaign_key
    union all
    select
        milestones.campaign_key,
        'milestone_plan' as document_key,
        cast(null as timestamp) as filed_at
    from {{ ref('int_milestones_judged') }} as milestones
    -- The registry's date alone is no plan.
    where milestones.baseline_planned_at is not null and milestones.evidence_event <> 'first_live_evidence'
    group by milestones.campaign_key
    union all
    select
        campaign_key,
        'raci' as document_key,
        cast(null as timestamp) as filed_at
    from {{ ref('int_raci_assigned') }}
    where is_assigned
    group by campaign_key
    union all
    select
        campaign_key,
        'tracking_plan' as document_key,
        validated_at as filed_at
    from evidenced
    where validated_at is not null
    union all
    select
        campaign_key,
        'qa_checklist' as document_key,
        min(checked_at) as filed_at
    from {{ ref('fct_qa_results') }}
    where checked_at is not null
    group by campaign_key
    union all
    select
        campaign_key,
        'post_launch_review' as document_key,
        done_at as filed_at
    from {{ ref('fct_handoffs') }}
    where handoff = 'reporting_to_strategy' and done_at is not null
),

gated as (
    select
        launches.campaign_key,
        pack_documents.document_key,
        pack_documents.seq,
        pack_documents.document_name,
        {{ add_days(
            "case pack_documents.gated_event
                when 'production_start' then " ~ reporting_day('gated_events.occurred_at') ~ "
                when 'launch' then " ~ reporting_day('launches.evidenced_live_at') ~ "
                when 'end' then campaigns.valid_to_date
            end",
            'pack_documents.grace_days'
        ) }} as due_date
    from launches
    cross join pack_documents
    inner join campaigns on launches.campaign_key = campaigns.campaign_key
    left join gated_events on launches.campaign_key = gated_events.campaign_key
),

final as (
    select
        {{ surrogate_key(['gated.campaign_key', 'gated.document_key']) }} as pack_document_id,
        gated.campaign_key,
        gated.document_key,
        gated.seq,
        gated.document_name,
        filed.document_key is not null as is_filed,
        case
            when filed.filed_at is not null then {{ reporting_day('filed.filed_at') }} <= gated.due_date
            when filed.document_key is null and gated.due_date < {{ reporting_day(as_of_at()) }} then false
        end as is_in_time,
        gated.due_date,
        filed.filed_at
    from gated
    left join filed
        on gated.campaign_key = filed.campaign_key and gated.document_key = filed.document_key
)

select * from final
