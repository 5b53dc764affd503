-- Who no longer agrees to be recognised, and since when, with all records and addresses that are the person's. A
-- time that nobody can read is no reason to go on: it holds from the beginning.
with withdrawals as (
    select
        email,
        crm_contact_id,
        coalesce(withdrawn_at, {{ facts_since() }}) as withdrawn_at
    from {{ ref('stg_templates__consent_withdrawals') }}
),

addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

named as (
    select
        addresses.contact_key,
        withdrawals.withdrawn_at
    from withdrawals
    inner join addresses on withdrawals.email = addresses.email
    union all
    select
        aliases.contact_key,
        withdrawals.withdrawn_at
    from withdrawals
    inner join aliases on withdrawals.crm_contact_id = aliases.crm_contact_id
),

final as (
    select
        contact_key,
        min(withdrawn_at) as withdrawn_at
    from named
    where withdrawn_at <= {{ as_of_at() }}
    group by contact_key
)

select * from final
