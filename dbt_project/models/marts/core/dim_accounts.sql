with accounts as (
    select * from {{ ref('int_crm_accounts_unioned') }}
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
        accounts.account_key,
        accounts.crm_source,
        {{ masked('accounts.crm_account_id') }} as crm_account_id,
        accounts.account_name,
        accounts.domain,
        accounts.industry,
        accounts.country,
        accounts.employee_count,
        coalesce(members.contact_count, cast(0 as bigint)) as contact_count,
        accounts.is_deleted_at_source,
        accounts.missing_since_at,
        accounts.created_at
    from accounts
    left join members on accounts.account_key = members.account_key
)

select * from final
