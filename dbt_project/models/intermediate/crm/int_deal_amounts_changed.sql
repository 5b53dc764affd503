-- Changes of a deal's amount, as far as its CRM's history tells them: HubSpot's property history,
-- Salesforce's own, or the versions that a connector saw where Salesforce's own is not delivered.
with salesforce_changes as (
    select * from {{ ref('stg_salesforce__opportunity_changes') }}
    where is_deleted is false
),

salesforce_snapshots as (
    select * from {{ ref('stg_salesforce__opportunity_snapshots') }}
    where is_deleted is false
),

hubspot_changes as (
    select * from {{ ref('stg_hubspot__deal_property_changes') }}
    where property_name = 'amount'
),

salesforce_histories as (
    select distinct crm_deal_id
    from salesforce_changes
),

amounts as (
    select
        'salesforce' as crm_source,
        crm_deal_id,
        currency,
        amount,
        previous_amount,
        created_at as changed_at,
        opportunity_change_id as source_change_id
    from salesforce_changes
    union all
    select
        'salesforce' as crm_source,
        salesforce_snapshots.crm_deal_id,
        salesforce_snapshots.currency,
        salesforce_snapshots.amount,
        cast(null as decimal(18, 2)) as previous_amount,
        salesforce_snapshots.valid_from_at as changed_at,
        'snapshot' as source_change_id
    from salesforce_snapshots
    -- Two histories of one deal would tell each change twice.
    left join salesforce_histories on salesforce_snapshots.crm_deal_id = salesforce_histories.crm_deal_id
    where salesforce_histories.crm_deal_id is null
    union all
    select
        'hubspot' as crm_source,
        crm_deal_id,
        cast(null as {{ dbt.type_string() }}) as currency,
        {{ parse_money('property_value') }} as amount,
        cast(null as decimal(18, 2)) as previous_amount,
        changed_at,
        'amount' as source_change_id
    from hubspot_changes
),

compared as (
    select
        crm_source,
        crm_deal_id,
        currency,
        amount,
        changed_at,
        source_change_id,
        -- A history need not reach back to the deal's creation: what it says itself comes first.
        coalesce(
            previous_amount,
            lag(amount) over (
                partition by crm_source, crm_deal_id, currency order by changed_at, source_change_id
            )
        ) as previous_amount
    from amounts
    -- An amount that was cleared and typed anew is held against the one before it.
    where amount is not null
),

final as (
    select
        {{ surrogate_key(['crm_source', 'crm_deal_id', epoch_us('changed_at'), 'source_change_id']) }}
            as amount_change_id,
        {{ surrogate_key(['crm_source', 'crm_deal_id']) }} as opportunity_id,
        currency,
        previous_amount,
        amount,
        cast(amount - previous_amount as decimal(18, 2)) as amount_delta,
        changed_at
    from compared
    -- A first amount is no change by so much. What happens after the run's clock is not known yet.
    where amount <> previous_amount and changed_at <= {{ as_of_at() }}
)

select * from final
