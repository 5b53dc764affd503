-- All touches of all persons within the history that is learned from, packed into two numbers and
-- sorted once: what comes after reads them in this order and never sorts again.
with touches as (
    select * from {{ ref('int_touches_resolved') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

channels as (
    select * from {{ ref('channels') }}
),

numbered_conversions as (
    select distinct
        conversions.credit_scope,
        conversions.contact_key,
        conversions.account_key,
        cast(power(2, conversion_types.conversion_order) as bigint) as type_bit
    from conversions
    inner join conversion_types on conversions.conversion_type = conversion_types.conversion_type
),

converted_contacts as (
    select
        contact_key,
        cast(sum(distinct type_bit) as bigint) as converted_types
    from numbered_conversions
    where credit_scope = 'contact'
    group by contact_key
),

converted_accounts as (
    select
        account_key,
        cast(sum(distinct type_bit) as bigint) as converted_types
    from numbered_conversions
    where credit_scope = 'account'
    group by account_key
),

described as (
    select
        coalesce(touches.contact_key, md5(touches.device_id)) as person_key,
        (
            {{ epoch_us('touches.touched_at') }} * 8 + least(touches.touch_priority, 7)
        ) * 64 + channels.sort_order as step,
        coalesce(converted_contacts.converted_types, 0)
        | coalesce(converted_accounts.converted_types, 0) as converted_types
    from touches
    inner join channels on touches.channel = channels.channel
    left join converted_contacts on touches.contact_key = converted_contacts.contact_key
    left join converted_accounts on touches.account_key = converted_accounts.account_key
    where
        {{ epoch_us('touches.touched_at') }} >= {{ epoch_us(as_of_at()) }}
        - {{ var('attribution_history_days') }} * cast(86400000000 as bigint)
),

packed as (
    select
        {{ hash_bucket('person_key') }} * cast(281474976710656 as bigint)
        + {{ hash_48('person_key') }} as person_no,
        step,
        converted_types
    from described
),

final as (
    select
        person_no,
        -- The quotient by 2^48.
        cast(floor(person_no / 281474976710656) as bigint) as bucket,
        step,
        {{ previous_within('step', 'person_no', 'step') }} as previous_step,
        converted_types
    from packed
)

select * from final
