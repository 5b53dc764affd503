with attendances as (
    select * from {{ ref('stg_templates__event_attendances') }}
    where event_id is not null and email is not null
    -- Two spellings of an address are one person: what was delivered last counts.
    qualify row_number() over (partition by event_id, email order by file_id desc, row_number desc) = 1
),

-- Of several contacts with one address the oldest is the person.
contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where email is not null
    qualify row_number() over (partition by email order by created_at nulls last, contact_key) = 1
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
        contacts.contact_key,
        coalesce(contacts.is_excluded, false) as is_excluded,
        judged.event_name,
        judged.event_type,
        judged.utm_campaign,
        judged.status as attendance_status,
        judged.registered_at,
        judged.joined_at,
        judged.left_at,
        -- The touch is being there; without its time, having registered.
        case when judged.status = 'attended' then coalesce(judged.joined_at, judged.registered_at) end as attended_at,
        judged.file_id,
        judged.row_number
    from judged
    left join contacts on judged.email = contacts.email
)

select * from final
