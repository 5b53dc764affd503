-- What is wrong with a brief, where, and what to do (S1-28, S3-7): a linter, which judges no prose.
with briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

scored as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

placeholder_answers as (
    select * from {{ ref('placeholder_answers') }}
),

brief_rules as (
    select * from {{ ref('brief_rules') }}
),

objectives as (
    select distinct objective_id
    from {{ ref('stg_templates__key_results') }}
    where objective_id is not null
),

goals as (
    select count(*) > 0 as are_recorded
    from objectives
),

-- A brief may serve several, in one cell, as the registry's campaigns do.
named_goals as (
    select
        brief_id,
        version,
        {{ split_rows("replace(goal_id, ';', ',')", ',') }} as goal
    from briefs
),

unknown_goals as (
    select
        named_goals.brief_id,
        named_goals.version,
        min(trim(named_goals.goal)) as unknown_goal
    from named_goals
    left join objectives on trim(named_goals.goal) = objectives.objective_id
    where trim(named_goals.goal) <> '' and objectives.objective_id is null
    group by named_goals.brief_id, named_goals.version
),

{%- set questions = {
    'why': 'why_missing',
    'for_whom': 'for_whom_missing',
    'what_offer': 'offer_missing',
    'what_systems': 'systems_missing',
    'what_deadline': 'deadline_missing',
    'success_metric': 'metric_missing',
} %}

joined as (
    select
        scored.*,
        briefs.utm_campaign,
        briefs.goal_id,
        {%- for question in questions %}
        nullif(trim(briefs.{{ question }}), '') as {{ question }},
        {%- endfor %}
        briefs.budget,
        briefs.budget_currency,
        unknown_goals.unknown_goal,
        goals.are_recorded,
        try_cast(trim(briefs.what_deadline) as date) as deadline_date
    from scored
    cross join goals
    inner join briefs on scored.brief_id = briefs.brief_id and scored.version = briefs.version
    left join unknown_goals on briefs.brief_id = unknown_goals.brief_id and briefs.version = unknown_goals.version
),

answers as (
    {%- for question, rule in questions.items() %}
    select
        brief_version_id,
        '{{ rule }}' as rule_key,
        {{ question }} as answer
    from joined
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

unanswered as (
    select
        answers.brief_version_id,
        answers.rule_key,
        answers.answer as found
    from answers
    left join placeholder_answers on lower(answers.answer) = placeholder_answers.answer
    where answers.answer is null or placeholder_answers.answer is not null
),

{%- set faults = [
    ('metric_unknown', 'success_metric', 'is_success_metric_registered is false'),
    ('deadline_invalid', 'what_deadline', 'is_deadline_valid is false'),
    ('campaign_unknown', 'utm_campaign', 'campaign_key is null'),
    ('goal_missing', none, 'goal_id is null'),
    ('goal_unknown', 'unknown_goal', 'unknown_goal is not null and are_recorded'),
    ('priority_missing', none, 'priority is null'),
    ('launch_missing', none, 'planned_launch_date is null'),
    ('launch_after_deadline', 'what_deadline', 'planned_launch_date > deadline_date'),
    ('budget_without_currency', none, 'budget is not null and budget_currency is null'),
] %}

found as (
    select
        brief_version_id,
        rule_key,
        found
    from unanswered
    {%- for rule, shown, condition in faults %}
    union all
    select
        brief_version_id,
        '{{ rule }}' as rule_key,
        {{ shown or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as found
    from joined
    where {{ condition }}
    {%- endfor %}
),

-- What was not answered is not wrong as well.
told as (
    select found.*
    from found
    left join unanswered
        on
            found.brief_version_id = unanswered.brief_version_id
            and unanswered.rule_key = case found.rule_key
                when 'metric_unknown' then 'metric_missing'
                when 'deadline_invalid' then 'deadline_missing'
            end
    where unanswered.rule_key is null
),

final as (
    select
        {{ surrogate_key(['told.brief_version_id', 'told.rule_key']) }} as brief_finding_id,
        told.brief_version_id,
        {{ masked('joined.brief_id') }} as brief_id,
        joined.version,
        joined.is_latest_version,
        joined.campaign_key,
        {{ masked('joined.utm_campaign') }} as utm_campaign,
        told.rule_key,
        brief_rules.severity,
        brief_rules.field_name,
        brief_rules.finding,
        {{ masked('told.found') }} as found,
        brief_rules.action
    from told
    inner join joined on told.brief_version_id = joined.brief_version_id
    inner join brief_rules on told.rule_key = brief_rules.rule_key
)

select * from final
