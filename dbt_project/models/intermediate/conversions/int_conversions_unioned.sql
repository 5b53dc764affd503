-- Lead to SQL once a contact, at first entry; opportunity and closed_won once a deal, at its
-- creation and its close.
{%- set deal = {'subject_key': 'opportunity_id', 'contact_key': 'primary_contact_key'} %}

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

contact_stages as (
    select
        contacts.contact_key,
        contact_accounts.account_key,
        stages.stage,
        stages.entered_at,
        stages.entered_until_at
    from stages
    inner join contacts on stages.contact_key = contacts.contact_key
    left join contact_accounts on stages.contact_key = contact_accounts.contact_key
    where stages.stage in ('lead', 'mql', 'sal', 'sql')
),

won_opportunities as (
    select * from opportunities
    where is_won and closed_at is not null
),

happened as (
    {{ unioned(
        [
            {
                'from': 'contact_stages',
                'as': {
                    'conversion_type': 'stage',
                    'subject_key': 'contact_key',
                    'converted_at': 'entered_at',
                    'converted_until_at': 'entered_until_at',
                },
                'lacks': ['opportunity_id', 'amount', 'currency', 'amount_reporting', 'fx_rate_date'],
            },
            {
                'from': 'opportunities',
                'as': dict(
                    deal, conversion_type="'opportunity'", converted_at='created_at', converted_until_at='created_until_at'
                ),
            },
            {
                'from': 'won_opportunities',
                'as': dict(
                    deal, conversion_type="'closed_won'", converted_at='closed_at', converted_until_at='closed_until_at'
                ),
            },
        ],
        columns={
            'conversion_type': dbt.type_string(),
            'subject_key': dbt.type_string(),
            'contact_key': dbt.type_string(),
            'account_key': dbt.type_string(),
            'opportunity_id': dbt.type_string(),
            'amount': 'decimal(18, 2)',
            'currency': dbt.type_string(),
            'amount_reporting': 'decimal(18, 2)',
            'fx_rate_date': 'date',
            'converted_at': 'timestamp',
            'converted_until_at': 'timestamp',
        },
    ) }}
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
        happened.converted_at,
        happened.converted_until_at
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
