-- Every deal once among all and once among those of its type, with what velocity asks of it as of the
-- run's clock.
with opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    -- Deals of test contacts are no business.
    where is_excluded is false
),

deal_stages as (
    select
        crm_source,
        stage,
        bool_and(is_qualified) as is_qualified
    from {{ ref('deal_stages') }}
    group by crm_source, stage
),

judged as (
    select
        opportunities.opportunity_id,
        coalesce(opportunities.opportunity_type, 'Not set') as opportunity_type,
        opportunities.amount_reporting,
        opportunities.amount is not null and opportunities.amount_reporting is null as is_unpriced,
        -- A deal that the CRM no longer has is nothing that can still be won.
        opportunities.is_closed is false
        and opportunities.is_deleted_at_source is false
        and opportunities.missing_since_at is null as is_open,
        coalesce(deal_stages.is_qualified, true) as is_qualified,
        -- Decided deals are those of the window, by close date, both ends included.
        coalesce(
            opportunities.is_closed
            and opportunities.is_won is not null
            and {{ epoch_us(as_of_at()) }} - {{ epoch_us('opportunities.closed_at') }}
            <= {{ var('velocity_window_days') }} * cast(86400000000 as bigint),
            false
        ) as is_decided,
        coalesce(opportunities.is_won, false) and opportunities.closed_at is not null as is_won,
        -- A close before the creation is a defect of the data, no cycle.
        case
            when opportunities.closed_at >= opportunities.created_at
                then {{ epoch_us('opportunities.closed_at') }} - {{ epoch_us('opportunities.created_at') }}
        end as cycle_us,
        {{ reporting_day('opportunities.closed_at') }} as closed_date
    from opportunities
    left join deal_stages
        on opportunities.crm_source = deal_stages.crm_source and opportunities.stage = deal_stages.stage
),

segmented as (
    select
        'All' as segment,
        *
    from judged
    union all
    select
        opportunity_type as segment,
        *
    from judged
),

final as (
    select
        {{ surrogate_key(['segment', 'opportunity_id']) }} as segmented_opportunity_id,
        segment,
        opportunity_id,
        amount_reporting,
        is_unpriced,
        is_open,
        is_open and is_qualified as is_open_qualified,
        is_decided,
        is_won,
        cycle_us,
        closed_date
    from segmented
)

select * from final
