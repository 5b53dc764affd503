-- The score of each contact from each change to the next, by every version of the rules (S4-32). A
-- rule is met while enough of its signals are younger than its decay; it counts once, or up to its
-- cap. So each signal is one more when it comes and one fewer when it has decayed, and a sum over
-- them is the score at any time.
with hits as (
    select * from {{ ref('int_lead_signals_matched') }}
),

rules as (
    select * from {{ ref('lead_score_rules') }}
),

versions as (
    select * from {{ ref('lead_score_versions') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    -- Own staff and test mailboxes are no leads (V14).
    where is_excluded is false
),

steps as (
    select
        contact_key,
        version,
        rule_id,
        signalled_at as changed_at,
        1 as signal_change
    from hits
    union all
    select
        contact_key,
        version,
        rule_id,
        decayed_at as changed_at,
        -1 as signal_change
    from hits
    where decayed_at <= {{ as_of_at() }}
),

moments as (
    select
        contact_key,
        version,
        rule_id,
        changed_at,
        sum(signal_change) as signal_change
    from steps
    group by contact_key, version, rule_id, changed_at
),

counted as (
    select
        *,
        sum(signal_change) over (
            partition by contact_key, version, rule_id order by changed_at
            rows between unbounded preceding and current row
        ) as signal_count
    from moments
),

pointed as (
    select
        counted.contact_key,
        counted.version,
        counted.rule_id,
        counted.changed_at,
        least(cast(floor(counted.signal_count / cast(rules.min_count as double)) as bigint), rules.cap)
        * rules.points as rule_points
    from counted
    inner join rules on counted.version = rules.version and counted.rule_id = rules.rule_id
),

changes as (
    select
        contact_key,
        version,
        changed_at,
        rule_points - coalesce(lag(rule_points) over (
            partition by contact_key, version, rule_id order by changed_at
        ), 0) as score_change
    from pointed
    union all
    -- Everybody has a score from the beginning.
    select
        contacts.contact_key,
        versions.version,
        coalesce(contacts.created_at, {{ as_of_at() }}) as changed_at,
        0 as score_change
    from contacts
    cross join versions
    where coalesce(contacts.created_at, {{ as_of_at() }}) <= {{ as_of_at() }}
),

summed as (
    select
        contact_key,
        version,
        changed_at,
        sum(score_change) as score_change
    from changes
    group by contact_key, version, changed_at
),

final as (
    select
        contact_key,
        version,
        cast(sum(score_change) over (
            partition by contact_key, version order by changed_at
            rows between unbounded preceding and current row
        ) as bigint) as score,
        changed_at,
        lead(changed_at) over (partition by contact_key, version order by changed_at) as next_changed_at
    from summed
)

select * from final
