{{ config(materialized='view') }}
-- Actions of every export of a board, each once. A list is a card's section, done is its status.
with boards as (
    select * from {{ ref('stg_trello__boards') }}
),

listed as (
    select
        file_id,
        {{ json_objects('actions') }} as board_action
    from boards
),

actions as (
    select
        {{ json_text('board_action', '$.id') }} as action_id,
        {{ json_text('board_action', '$.type') }} as action_type,
        {{ json_text('board_action', '$.data.card.id') }} as card_id,
        {{ json_text('board_action', '$.data') }} as action_data,
        {{ json_text('board_action', '$.data.old') }} as old_values,
        {{ json_text('board_action', '$.member.fullName') }} as member_name,
        {{ clean_text(json_text('board_action', '$.memberCreator.fullName')) }} as changed_by,
        {{ utc_time(json_text('board_action', '$.date')) }} as changed_at
    from listed
    qualify row_number() over (partition by {{ json_text('board_action', '$.id') }} order by file_id desc) = 1
),

changes as (
    select
        action_id,
        card_id,
        'section' as field,
        {{ json_text('action_data', '$.listBefore.name') }} as old_value,
        coalesce(
            {{ json_text('action_data', '$.listAfter.name') }},
            {{ json_text('action_data', '$.list.name') }}
        ) as new_value,
        changed_by,
        changed_at
    from actions
    where action_type = 'createCard' or {{ json_text('action_data', '$.listAfter.name') }} is not null
    union all
    -- A key that is there says what changed, also where its value was null.
    select
        action_id,
        card_id,
        'due_date' as field,
        {{ json_text('action_data', '$.old.due') }} as old_value,
        {{ json_text('action_data', '$.card.due') }} as new_value,
        changed_by,
        changed_at
    from actions
    where action_type = 'updateCard' and old_values like '%"due":%'
    union all
    select
        action_id,
        card_id,
        'status' as field,
        case when {{ json_text('action_data', '$.old.dueComplete') }} = 'true' then 'complete' else 'incomplete' end
            as old_value,
        case when {{ json_text('action_data', '$.card.dueComplete') }} = 'true' then 'complete' else 'incomplete' end
            as new_value,
        changed_by,
        changed_at
    from actions
    where action_type = 'updateCard' and old_values like '%"dueComplete":%'
    union all
    select
        action_id,
        card_id,
        'assignee' as field,
        case when action_type = 'removeMemberFromCard' then member_name end as old_value,
        case when action_type = 'addMemberToCard' then member_name end as new_value,
        changed_by,
        changed_at
    from actions
    where action_type in ('addMemberToCard', 'removeMemberFromCard')
    union all
    select
        action_id,
        card_id,
        'blocked' as field,
        case when action_type = 'addLabelToCard' then 'false' else 'true' end as old_value,
        case when action_type = 'addLabelToCard' then 'true' else 'false' end as new_value,
        changed_by,
        changed_at
    from actions
    where
        action_type in ('addLabelToCard', 'removeLabelFromCard')
        and lower({{ json_text('action_data', '$.label.name') }}) = 'blocked'
),

final as (
    select
        concat(action_id, '.', field) as change_id,
        concat('trello:', card_id) as task_id,
        field,
        old_value,
        new_value,
        case when field = 'due_date' then {{ utc_time('old_value') }} end as old_due_at,
        case when field = 'due_date' then {{ utc_time('new_value') }} end as new_due_at,
        changed_by,
        changed_at
    from changes
)

select * from final
