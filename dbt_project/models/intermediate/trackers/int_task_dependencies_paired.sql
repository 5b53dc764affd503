-- Which task waits for which: by number, by key, or by title as exports print it. Titles are separated
-- by commas and may hold some themselves, so the list is searched for each title, not split.
with tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field = 'dependency'
),

asana_tasks as (
    select
        task_id,
        {{ json_objects('dependencies') }} as dependency
    from {{ ref('stg_asana__tasks') }}
),

asana_csv as (
    select * from {{ ref('stg_asana__tasks_csv') }}
),

jira_links as (
    select
        issue_id,
        {{ json_objects('issue_links') }} as issue_link
    from {{ ref('stg_jira__issues') }}
    where is_latest_delivery
),

jira_inward as (
    select
        issue_id,
        {{ json_objects('blocked_by_keys') }} as other_key
    from {{ ref('stg_jira__issues_csv') }}
),

jira_outward as (
    select
        issue_key,
        {{ json_objects('blocks_keys') }} as other_key
    from {{ ref('stg_jira__issues_csv') }}
),

jira_pairs as (
    select * from {{ ref('stg_jira__issue_links') }}
),

board_items as (
    select * from {{ ref('stg_monday__board_items') }}
),

-- By number, or by the number that a key stands for.
numbered as (
    select
        task_id,
        {{ json_text('dependency', '$.gid') }} as blocking_task_id,
        true as is_current
    from asana_tasks
    union all
    select
        concat('jira:', issue_id) as task_id,
        concat('jira:', {{ json_text('issue_link', '$.inwardIssue.id') }}) as blocking_task_id,
        true as is_current
    from jira_links
    where
        lower({{ json_text('issue_link', '$.type.inward') }}) = 'is blocked by'
        and {{ json_text('issue_link', '$.inwardIssue.id') }} is not null
    union all
    select
        concat('jira:', jira_inward.issue_id) as task_id,
        tasks.task_id as blocking_task_id,
        true as is_current
    from jira_inward
    inner join tasks on jira_inward.other_key = tasks.task_key
    union all
    select
        blocked.task_id,
        blocking.task_id as blocking_task_id,
        true as is_current
    from jira_outward
    inner join tasks as blocked on jira_outward.other_key = blocked.task_key
    inner join tasks as blocking on jira_outward.issue_key = blocking.task_key
    union all
    select
        concat('jira:', case when relationship = 'blocks' then related_issue_id else issue_id end) as task_id,
        concat('jira:', case when relationship = 'blocks' then issue_id else related_issue_id end) as blocking_task_id,
        true as is_current
    from jira_pairs
    where relationship in ('blocks', 'is blocked by')
    union all
    select
        changes.task_id,
        coalesce(tasks.task_id, changes.new_value, changes.old_value) as blocking_task_id,
        false as is_current
    from changes
    left join tasks on coalesce(changes.new_value, changes.old_value) = tasks.task_key
    union all
    select
        blocked.task_id,
        blocking.task_id as blocking_task_id,
        true as is_current
    from asana_csv as blocked
    inner join asana_csv as blocking
        on
            blocked.file_id = blocking.file_id
            and (
                concat(',', replace(blocked.blocked_by_names, ', ', ','), ',')
                like concat('%,', replace(blocking.task_name, ', ', ','), ',%')
                or concat(',', replace(blocking.blocking_names, ', ', ','), ',')
                like concat('%,', replace(blocked.task_name, ', ', ','), ',%')
            )
            and blocked.task_id <> blocking.task_id
    union all
    select
        concat('monday:', blocked.item_id) as task_id,
        concat('monday:', blocking.item_id) as blocking_task_id,
        true as is_current
    from board_items as blocked
    inner join board_items as blocking
        on
            blocked.board_name = blocking.board_name
            and concat(',', replace(blocked.blocked_by_names, ', ', ','), ',')
            like concat('%,', replace(blocking.item_name, ', ', ','), ',%')
            and blocked.item_id <> blocking.item_id
),

paired as (
    select
        task_id,
        blocking_task_id,
        max(case when is_current then 1 else 0 end) = 1 as is_current
    from numbered
    group by task_id, blocking_task_id
),

told as (
    select
        changes.task_id,
        coalesce(tasks.task_id, changes.new_value, changes.old_value) as blocking_task_id,
        min(case when changes.new_value is not null then changes.changed_at end) as added_at,
        max(case when changes.new_value is null then changes.changed_at end) as removed_at
    from changes
    left join tasks on coalesce(changes.new_value, changes.old_value) = tasks.task_key
    group by changes.task_id, coalesce(tasks.task_id, changes.new_value, changes.old_value)
),

final as (
    select
        paired.task_id,
        paired.blocking_task_id,
        paired.is_current,
        told.added_at,
        case when paired.is_current is false then told.removed_at end as removed_at
    from paired
    left join told on paired.task_id = told.task_id and paired.blocking_task_id = told.blocking_task_id
)

select * from final
