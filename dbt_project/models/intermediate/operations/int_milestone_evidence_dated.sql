-- What the systems know of a milestone's event. A row without evidence says that a system watches
-- the event and has not seen it: then the tracker's tick-box doesn't count.
with briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where campaign_key is not null
),

approvals as (
    select * from {{ ref('int_approval_rounds_judged') }}
    where campaign_key is not null and is_creative and is_latest_round
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

-- Who was captured: contacts whose first touch before becoming a lead is the campaign's (S1-8).
leads as (
    select
        campaign_key,
        contact_key,
        min(converted_at) as captured_at
    from {{ ref('int_credits_settled') }}
    where conversion_type = 'lead' and attribution_model = 'first_touch' and campaign_key is not null
    group by campaign_key, contact_key
),

unioned as (
    select
        campaign_key,
        'brief_approved' as evidence_event,
        cast(1 as bigint) as event_no,
        min(approved_at) is not null as is_evidenced,
        min(approved_at) as evidenced_at
    from briefs
    group by campaign_key
    union all
    select
        campaign_key,
        'creative_approved' as evidence_event,
        cast(1 as bigint) as event_no,
        min(case when decision = 'approved' then 1 else 0 end) = 1 as is_evidenced,
        case
            when min(case when decision = 'approved' and decided_at is not null then 1 else 0 end) = 1
                then max(decided_at)
        end as evidenced_at
    from approvals
    group by campaign_key
    -- A CSV doesn't say how an approval was decided: of such campaigns nothing is known.
    having max(case when decision = 'unknown' then 1 else 0 end) = 0
    union all
    select
        campaigns.campaign_key,
        'first_live_evidence' as evidence_event,
        cast(1 as bigint) as event_no,
        campaigns_live.campaign_key is not null as is_evidenced,
        campaigns_live.evidenced_live_at as evidenced_at
    from campaigns
    left join campaigns_live on campaigns.campaign_key = campaigns_live.campaign_key
    union all
    select
        campaign_key,
        'nth_lead' as evidence_event,
        row_number() over (partition by campaign_key order by captured_at, contact_key) as event_no,
        true as is_evidenced,
        captured_at as evidenced_at
    from leads
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'evidence_event', 'event_no']) }} as evidence_id,
        campaign_key,
        evidence_event,
        event_no,
        is_evidenced,
        evidenced_at
    from unioned
)

select * from final
