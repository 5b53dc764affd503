with accounts as (
    select * from {{ ref('stg_hubspot__companies') }}
),

contact_accounts as (
    select * from {{ ref('int_contact_accounts_matched') }}
),

members as (
    select
        account_key,
        cast(count(*) as bigint) as contact_count
    from contact_accounts
    where account_key is not null
    group by account_key
),

final as (
    select
        {{ surrogate_key(["'hubspot'", 'accounts.crm_account_id']) }} as account_key,
        accounts.crm_account_id,
        accounts.account_name,
        accounts.domain,
        accounts.industry,
        accounts.country,
        accounts.employee_count,
        coalesce(members.contact_count, cast(0 as bigint)) as contact_count,
        accounts.created_at
    from accounts
    left join members on {{ surrogate_key(["'hubspot'", 'accounts.crm_account_id']) }} = members.account_key
)

select * from final
