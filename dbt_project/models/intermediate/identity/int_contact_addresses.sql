-- Whose an address is: the one place that says so for clicks, attendances, forms and logins. Two contacts
-- with one address, unmerged by the seed: the one that had it first. What another tool calls a person by,
-- or once did, names the contact too, where no record of a CRM has the address.
with addresses as (
    select * from {{ ref('int_addresses_claimed') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

shared_addresses as (
    select * from {{ ref('int_shared_addresses') }}
),

claimed as (
    select
        addresses.email,
        aliases.contact_key
    from addresses
    inner join aliases on addresses.record_key = aliases.record_key
),

members as (
    select
        concat('segment:', user_id) as member_key,
        {{ address_rows("concat_ws(';', email, earlier_emails)") }} as email
    from {{ ref('stg_segment__users') }}
    union
    select
        concat('marketo:', member_id) as member_key,
        {{ address_rows("concat_ws(';', email, earlier_emails)") }} as email
    from {{ ref('stg_marketo__leads') }}
),

related as (
    select
        others.email,
        min(claimed.contact_key) as contact_key
    from members
    inner join claimed on members.email = claimed.email
    inner join members as others on members.member_key = others.member_key
    left join claimed as theirs on others.email = theirs.email
    left join shared_addresses on others.email = shared_addresses.email
    where theirs.email is null and shared_addresses.email is null
    group by others.email
    -- An address that leads to two contacts names neither.
    having count(distinct claimed.contact_key) = 1
),

final as (
    select
        email,
        contact_key
    from claimed
    union all
    select
        email,
        contact_key
    from related
)

select * from final
