with attendances as (
    select * from {{ ref('stg_templates__event_attendances') }}
    where event_id is not null and email is not null
    -- Two spellings of an address are one person: what was delivered last counts.
    qualify row_number() over (partition by event_id, email order by file_id desc, row_number desc) = 1
),

contact_addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

judged as (
    select
        *,
        coalesce(
            attendance_status,
            case
                when joined_at is not null then 'attended'
                when registered_at is not null then 'registered'
            end
        ) as status
    from attendances
),

final as (
    select
        {{ surrogate_key(['judged.event_id', 'judged.email']) }} as attendance_id,
        judged.event_id,
        contact_addresses.contact_key,
        judged.event_name,
        judged.event_type,
        judged.utm_campaign,
        judged.status as attendance_status,
        judged.registered_at,
        judged.joined_at,
        judged.left_at,
        -- The touch is being there; without its time, having registered. What is later than the run's clock is not
        -- known yet.
        case
            when judged.status = 'attended' and coalesce(judged.joined_at, judged.registered_at) <= {{ as_of_at() }}
                then coalesce(judged.joined_at, judged.registered_at)
        end as attended_at,
        judged.file_id,
        judged.row_number
    from judged
    left join contact_addresses on judged.email = contact_addresses.email
)

select * from final
