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
        new_words.canonical_status as new_canonical_status,
        old_words.approval as old_approval,
        new_words.approval as new_approval,
        old_days.closes_at as old_closes_at,
        new_days.closes_at as new_closes_at
    from unioned
    left join words as old_words
        on
            unioned.tracker = old_words.source_system
            and lower(trim(unioned.old_value)) = old_words.source_status
    left join words as new_words
        on
            unioned.tracker = new_words.source_system
            and lower(trim(unioned.new_value)) = new_words.source_status
    left join business_days as old_days on unioned.old_due_on = old_days.calendar_date
    left join business_days as new_days on unioned.new_due_on = new_days.calendar_date
    -- What happened after the run's clock is not known yet.
    where unioned.changed_at <= {{ as_of_at() }} and unioned.task_id is not null and unioned.field is not null
),

-- A change is told as what it is and, where it is one, as that of an approval: all in one pass.
tellings as (
    select false as is_of_approval
    union all
    select true as is_of_approval
),

told as (
    select
        defined.*,
        tellings.is_of_approval
    from defined
    inner join tellings
        on
            case
                when tellings.is_of_approval
                    then
                        defined.tracker <> 'asana'
                        and defined.field in ('status', 'section', 'approval')
                        and (defined.new_approval is not null or defined.old_approval = 'pending')
                else defined.tracker = 'asana' or defined.field <> 'approval'
            end
),

final as (
    select
        told.tracker,
        told.change_id,
        told.task_id,
        case when told.is_of_approval then 'approval' else told.field end as field,
        case when told.is_of_approval then told.old_approval else told.old_value end as old_value,
        case
            when told.is_of_approval is false then told.new_value
            when told.new_approval is not null then told.new_approval
            -- Finished without a verdict: decided, nobody knows how. Taken back to work: sent back.
            when told.new_canonical_status in ('completed', 'cancelled') then 'unknown'
            else 'changes_requested'
        end as new_value,
        case
            when told.is_of_approval is false and told.field in ('status', 'section') then told.new_canonical_status
        end as new_canonical_status,
        {%- for when in ['old', 'new'] %}
        case when told.is_of_approval is false then coalesce(told.{{ when }}_due_at, told.{{ when }}_closes_at) end
            as {{ when }}_due_at,
        {%- endfor %}
        {{ masked('told.changed_by') }} as changed_by,
        told.changed_at
    from told
)

select * from final
