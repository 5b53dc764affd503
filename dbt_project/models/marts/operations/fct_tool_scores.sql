-- What a tool under consideration scores by the weights of tool_criteria (S4-45). Without an integration
-- with the CRM it is rejected, whatever it scores.
with evaluations as (
    select * from {{ ref('stg_templates__tool_evaluations') }}
    where tool is not null and evaluated_date is not null
    qualify row_number() over (
        partition by tool, evaluated_date order by file_id desc, row_number desc
    ) = 1
),

tool_criteria as (
    select * from {{ ref('tool_criteria') }}
),

thresholds as (
    select max(threshold_value) as adopt_score
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'tool_adopt_score'
),

{%- set criteria = ['problem', 'integration', 'cost', 'time_to_value', 'support'] %}

answers as (
    {%- for criterion in criteria %}
    select
        tool,
        evaluated_date,
        '{{ criterion }}' as criterion,
        {{ criterion }}_score as score
    from evaluations
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

weighed as (
    select
        answers.tool,
        answers.evaluated_date,
        cast(count(case when answers.score between 1 and 3 then 1 end) as bigint) as judged_count,
        cast(count(case when answers.score not between 1 and 3 then 1 end) as bigint) as invalid_count,
        cast(count(*) as bigint) as criterion_count,
        sum(tool_criteria.weight_pct * answers.score) as weighted_sum,
        sum(tool_criteria.weight_pct) as weight_sum
    from answers
    inner join tool_criteria on answers.criterion = tool_criteria.criterion
    group by answers.tool, answers.evaluated_date
),

scored as (
    select
        evaluations.*,
        weighed.judged_count,
        weighed.invalid_count,
        case
            when weighed.judged_count = weighed.criterion_count
                then {{ ratio('weighed.weighted_sum', 'weighed.weight_sum') }}
        end as weighted_score,
        thresholds.adopt_score
    from evaluations
    cross join thresholds
    inner join weighed
        on evaluations.tool = weighed.tool and evaluations.evaluated_date = weighed.evaluated_date
),

final as (
    select
        {{ surrogate_key(['tool', 'evaluated_date']) }} as tool_evaluation_id,
        {{ masked('tool') }} as tool,
        case
            when has_crm_integration is false then 'reject'
            when weighted_score is null or has_crm_integration is null then 'incomplete'
            when weighted_score >= adopt_score then 'adopt'
            else 'decline'
        end as verdict,
        has_crm_integration,
        weighted_score,
        judged_count,
        invalid_count,
        row_number() over (partition by tool order by evaluated_date desc) = 1 as is_newest,
        {{ masked('evidence') }} as evidence,
        evaluated_date
    from scored
)

select * from final
