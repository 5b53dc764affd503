-- Addresses that identify nobody: mailboxes of several people, tests, one's own staff.
with crm_addresses as (
    select * from {{ ref('int_crm_addresses') }}
),

rules as (
    select
        pattern,
        reason
    from {{ ref('shared_mailboxes') }}
    union all
    select
        pattern,
        reason
    from {{ ref('exclusion_rules') }}
),

addresses as (
    select distinct email
    from crm_addresses
),

final as (
    select
        addresses.email,
        min(rules.reason) as reason
    from addresses
    inner join rules
        on {{ matches('addresses.email', 'rules.pattern', [ref('shared_mailboxes'), ref('exclusion_rules')]) }}
    group by addresses.email
)

select * from final
