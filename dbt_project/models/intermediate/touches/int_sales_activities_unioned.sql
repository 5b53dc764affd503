-- What sales did with whom, and when: calls, e-mails and to-dos, and meetings.
with aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

owners as (
    select * from {{ ref('int_crm_owners_unioned') }}
),

activities as (
    select
        'salesforce' as crm_source,
        'task' as activity_kind,
        crm_activity_id,
        crm_person_id,
        about_id,
        crm_account_id,
        owner_id,
        activity_type,
        due_date,
        is_completed,
        completed_at as happened_at,
        created_at,
        is_deleted as is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number
    from {{ ref('stg_salesforce__tasks') }}
    union all
    select
        'salesforce' as crm_source,
        'meeting' as activity_kind,
        crm_activity_id,
        crm_person_id,
        about_id,
        crm_account_id,
        owner_id,
        activity_type,
        event_date as due_date,
        case when starts_at is not null then true end as is_completed,
        starts_at as happened_at,
        created_at,
        is_deleted as is_deleted_at_source,
        missing_since_at,
        file_id,
        row_number
    from {{ ref('stg_salesforce__events') }}
),

final as (
    select
        {{ surrogate_key(['activities.crm_source', 'activities.crm_activity_id']) }} as sales_activity_id,
        activities.crm_source,
        activities.activity_kind,
        activities.crm_activity_id,
        aliases.contact_key,
        -- Salesforce's ids say what they name: 006 begins an opportunity.
        case
            when activities.about_id like '006%'
                then {{ surrogate_key(['activities.crm_source', 'activities.about_id']) }}
        end as opportunity_id,
        case
            when activities.crm_account_id is not null
                then {{ surrogate_key(['activities.crm_source', 'activities.crm_account_id']) }}
        end as account_key,
        activities.owner_id,
        case when activities.owner_id is null then 'Unassigned' else owners.owner_name end as owner_name,
        activities.activity_type,
        activities.due_date,
        case when activities.happened_at > {{ as_of_at() }} then false else activities.is_completed end as is_completed,
        activities.happened_at,
        activities.created_at,
        activities.is_deleted_at_source,
        activities.missing_since_at,
        activities.file_id,
        activities.row_number
    from activities
    left join aliases
        on activities.crm_source = aliases.crm_source and activities.crm_person_id = aliases.crm_contact_id
    left join owners on activities.crm_source = owners.crm_source and activities.owner_id = owners.owner_id
    where activities.crm_activity_id is not null
    -- A task and a meeting of one id are one activity.
    qualify row_number() over (
        partition by activities.crm_source, activities.crm_activity_id
        order by activities.activity_kind asc, activities.file_id desc, activities.row_number desc
    ) = 1
)

select * from final
