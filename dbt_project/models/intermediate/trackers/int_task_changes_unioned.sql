-- What trackers tell of their tasks. A day without a time is the end of that business day (V1). Where
-- an approval is a status or a list of the tracker, a move into it, out of it or between two such is
-- a change of the approval, too.
with business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

-- What a word means of a task, and what of an approval.
words as (
    select
        source_system,
        source_status,
        max(case when object = 'task' then canonical_status end) as canonical_status,
        max(case when object = 'approval' then canonical_status end) as approval
    from {{ ref('int_statuses_defined') }}
    group by source_system, source_status
),

unioned as (
    {{ unioned(
        [
            {'from': ref('int_asana_changes_shaped'), 'as': {'tracker': "'asana'"}},
            {
                'from': ref('int_jira_changes_shaped'),
                'as': {'tracker': "'jira'"},
                'lacks': ['old_due_at', 'new_due_at'],
            },
            {
                'from': ref('int_monday_changes_shaped'),
                'as': {'tracker': "'monday'"},
                'lacks': ['old_due_at', 'new_due_at', 'changed_by'],
            },
            {
                'from': ref('int_trello_changes_shaped'),
                'as': {'tracker': "'trello'"},
                'lacks': ['old_due_on', 'new_due_on'],
            },
        ],
        columns={
            'tracker': dbt.type_string(),
            'change_id': dbt.type_string(),
            'task_id': dbt.type_string(),
            'field': dbt.type_string(),
            'old_value': dbt.type_string(),
            'new_value': dbt.type_string(),
            'old_due_on': 'date',
            'new_due_on': 'date',
            'old_due_at': 'timestamp',
            'new_due_at': 'timestamp',
            'changed_by': dbt.type_string(),
            'changed_at': 'timestamp',
        },
    ) }}
),

defined as (
    select
        unioned.*,
        old_words.canonical_status as old_canonical_status,
        new_words.canonical_status as new_canonical_status,
        old_words.approval as old_approval,
        new_words.approval as new_approval
    from unioned
    left join words as old_words
        on
            unioned.tracker = old_words.source_system
            and lower(trim(unioned.old_value)) = old_words.source_status
    left join words as new_words
        on
            unioned.tracker = new_words.source_system
            and lower(trim(unioned.new_value)) = new_words.source_status
    -- What happened after the run's clock is not known yet.
    where unioned.changed_at <= {{ as_of_at() }} and unioned.task_id is not null and unioned.field is not null
),

approved as (
    select
        *,
        case
            when new_approval is not null then new_approval
            -- Finished without a verdict: decided, nobody knows how. Taken back to work: sent back.
            when new_canonical_status in ('completed', 'cancelled') then 'unknown'
            else 'changes_requested'
        end as approval_after
    from defined
    where
        tracker <> 'asana'
        and field in ('status', 'section', 'approval')
        and (new_approval is not null or old_approval = 'pending')
),

final as (
    select
        {{ surrogate_key(['defined.tracker', 'defined.change_id', 'defined.field']) }} as task_change_id,
        defined.tracker,
        defined.change_id,
        defined.task_id,
        defined.field,
        defined.old_value,
        defined.new_value,
        case when defined.field in ('status', 'section') then defined.old_canonical_status end as old_canonical_status,
        case when defined.field in ('status', 'section') then defined.new_canonical_status end as new_canonical_status,
        coalesce(defined.old_due_at, old_days.closes_at) as old_due_at,
        coalesce(defined.new_due_at, new_days.closes_at) as new_due_at,
        {{ masked('defined.changed_by') }} as changed_by,
        'UTC' as source_timezone,
        defined.changed_at
    from defined
    left join business_days as old_days on defined.old_due_on = old_days.calendar_date
    left join business_days as new_days on defined.new_due_on = new_days.calendar_date
    where defined.tracker = 'asana' or defined.field <> 'approval'
    union all
    select
        {{ surrogate_key(['tracker', 'change_id', "'approval of'", 'field']) }} as task_change_id,
        tracker,
        change_id,
        task_id,
        'approval' as field,
        old_approval as old_value,
        approval_after as new_value,
        cast(null as {{ dbt.type_string() }}) as old_canonical_status,
        cast(null as {{ dbt.type_string() }}) as new_canonical_status,
        cast(null as timestamp) as old_due_at,
        cast(null as timestamp) as new_due_at,
        {{ masked('changed_by') }} as changed_by,
        'UTC' as source_timezone,
        changed_at
    from approved
)

select * from final
