-- Whose touches each conversion is credited to: its contact's, or those of all contacts of its account.
with conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

credited as (
    select
        conversion_no,
        conversion_type,
        contact_key,
        converted_at,
        converted_until_at
    from conversions
    where credit_scope = 'contact' and contact_key is not null
    union all
    select
        conversions.conversion_no,
        conversions.conversion_type,
        contact_accounts.contact_key,
        conversions.converted_at,
        conversions.converted_until_at
    from conversions
    inner join contact_accounts on conversions.account_key = contact_accounts.account_key
    where conversions.credit_scope = 'account'
),

final as (
    select
        credited.conversion_no,
        credited.conversion_type,
        conversion_types.conversion_order,
        {{ person_no('credited.contact_key') }} as person_no,
        conversion_types.lookback_days,
        credited.converted_at,
        credited.converted_until_at
    from credited
    inner join conversion_types on credited.conversion_type = conversion_types.conversion_type
)

select * from final
