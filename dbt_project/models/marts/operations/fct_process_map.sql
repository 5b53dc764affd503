-- Where work waits on its way (S1-38): in the stages of a campaign, between handing over and accepting, and
-- in each status of the trackers. The first week's picture is the baseline of later ones.
with stage_transitions as (
    select * from {{ ref('fct_stage_transitions') }}
    where stage_hours is not null
),

handoffs as (
    select * from {{ ref('fct_handoffs') }}
    where handed_over_at is not null
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where field = 'status'
),

sequenced as (
    select
        task_id,
        new_canonical_status,
        changed_at,
        lead(changed_at) over (partition by task_id order by changed_at, change_id, field) as next_changed_at
    from changes
),

passages as (
    select
        'stage' as passage_kind,
        stage as passage,
        campaign_key as subject_key,
        stage_hours as passage_hours,
        is_current_stage as is_open
    from stage_transitions
    union all
    select
        'handoff' as passage_kind,
        handoff as passage,
        campaign_key as subject_key,
        ({{ epoch_us('coalesce(done_at, ' ~ as_of_at() ~ ')') }} - {{ epoch_us('handed_over_at') }})
        / cast(3600000000 as double) as passage_hours,
        done_at is null as is_open
    from handoffs
    -- Accepted before it was handed over is a slip of the pen, and no speed (V2).
    where coalesce(done_at >= handed_over_at, true)
    union all
    -- What is over waits for nobody.
    select
        'status' as passage_kind,
        new_canonical_status as passage,
        task_id as subject_key,
        ({{ epoch_us('coalesce(next_changed_at, ' ~ as_of_at() ~ ')') }} - {{ epoch_us('changed_at') }})
        / cast(3600000000 as double) as passage_hours,
        next_changed_at is null as is_open
    from sequenced
    where new_canonical_status is not null and new_canonical_status not in ('completed', 'cancelled')
),

measured as (
    select
        passage_kind,
        passage,
        cast(count(*) as bigint) as passage_count,
        cast(count(distinct subject_key) as bigint) as subject_count,
        cast(sum(case when is_open then 1 else 0 end) as bigint) as open_count,
        {{ exact_sum('passage_hours') }} as total_hours,
        percentile_cont(0.5) within group (order by passage_hours) as median_hours,
        percentile_cont(0.9) within group (order by passage_hours) as p90_hours
    from passages
    group by passage_kind, passage
),

final as (
    select
        {{ surrogate_key(['passage_kind', 'passage']) }} as process_passage_id,
        passage_kind,
        passage,
        passage_count,
        subject_count,
        open_count,
        round(cast(total_hours as double), 6) as total_hours,
        round(cast(median_hours as double), 6) as median_hours,
        round(cast(p90_hours as double), 6) as p90_hours,
        passage_count < {{ var('small_sample_size') }} as is_small_sample
    from measured
)

select * from final
