-- Lead to SQL once a contact, at first entry; opportunity and closed_won once a deal, at its
-- creation and its close.
with stages as (
    select * from {{ ref('int_lifecycle_stages_entered') }}
    -- An imputed stage was never observed: it is no conversion.
    where is_imputed is false
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    -- Own staff and test mailboxes convert to nothing (V14).
    where is_excluded is false
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    -- The deals of test contacts neither.
    where is_excluded is false
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

happened as (
    select
        stages.stage as conversion_type,
        contacts.contact_key as subject_key,
        contacts.contact_key,
        contact_accounts.account_key,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        cast(null as decimal(18, 2)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as decimal(18, 2)) as amount_reporting,
        cast(null as date) as fx_rate_date,
        stages.entered_at as converted_at
    from stages
    inner join contacts on stages.contact_key = contacts.contact_key
    left join contact_accounts on stages.contact_key = contact_accounts.contact_key
    where stages.stage in ('lead', 'mql', 'sal', 'sql')
    union all
    select
        'opportunity' as conversion_type,
        opportunity_id as subject_key,
        primary_contact_key as contact_key,
        account_key,
        opportunity_id,
        amount,
        currency,
        amount_reporting,
        fx_rate_date,
        created_at as converted_at
    from opportunities
    union all
    select
        'closed_won' as conversion_type,
        opportunity_id as subject_key,
        primary_contact_key as contact_key,
        account_key,
        opportunity_id,
        amount,
        currency,
        amount_reporting,
        fx_rate_date,
        closed_at as converted_at
    from opportunities
    where is_won and closed_at is not null
),

identified as (
    select
        {{ surrogate_key(['happened.conversion_type', 'happened.subject_key']) }} as conversion_id,
        happened.conversion_type,
        happened.contact_key,
        happened.account_key,
        happened.opportunity_id,
        happened.amount,
        happened.currency,
        happened.amount_reporting,
        happened.fx_rate_date,
        -- A deal without an account is credited like a contact.
        case when happened.account_key is null then 'contact' else conversion_types.credit_scope end as credit_scope,
        happened.converted_at
    from happened
    inner join conversion_types on happened.conversion_type = conversion_types.conversion_type
),

-- Millions of touches are joined by number.
final as (
    select
        *,
        cast(row_number() over (order by conversion_id) as bigint) as conversion_no
    from identified
)

select * from final
