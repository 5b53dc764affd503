-- Three answers to what marketing did for the pipeline. They are never added to one another; the row of
-- all channels counts each deal once.
with contributions as (
    select
        *,
        {{ month_index(reporting_day('converted_at')) }} as month_no
    from {{ ref('int_pipeline_contributions_unioned') }}
),

channels as (
    select * from {{ ref('channels') }}
),

counted as (
    select
        month_no,
        channel,
        false as is_total,
        contribution,
        opportunity_share,
        amount
    from contributions
    union all
    select
        month_no,
        'All' as channel,
        true as is_total,
        contribution,
        opportunity_share,
        amount
    from contributions
    where is_counted_once
),

summed as (
    select
        month_no,
        channel,
        is_total,
        {%- for contribution in ['sourced', 'not_sourced', 'influenced'] %}
        cast(sum(case when contribution = '{{ contribution }}' then 1 else 0 end) as bigint)
            as {{ contribution }}_opportunities,
        cast(sum(case when contribution = '{{ contribution }}' then coalesce(amount, 0) else 0 end) as decimal(18, 2))
            as {{ contribution }}_amount,
        {%- endfor %}
        round({{ exact_sum("case when contribution = 'attributed' then opportunity_share else 0 end") }}, 9)
            as attributed_opportunities,
        cast(sum(case when contribution = 'attributed' then coalesce(amount, 0) else 0 end) as decimal(18, 2))
            as attributed_amount,
        cast(sum(
            case when contribution in ('sourced', 'not_sourced') and amount is null then 1 else 0 end
        ) as bigint) as unpriced_opportunities
    from counted
    group by month_no, channel, is_total
),

totals as (
    select
        month_no,
        sourced_amount + not_sourced_amount as total_amount
    from summed
    where is_total
),

final as (
    select
        {{ surrogate_key(['summed.month_no', 'summed.channel']) }} as pipeline_contribution_id,
        {{ month_start('summed.month_no') }} as month_start_date,
        summed.channel,
        channels.is_marketing,
        summed.is_total,
        summed.sourced_opportunities,
        summed.sourced_amount,
        summed.not_sourced_opportunities,
        summed.not_sourced_amount,
        summed.influenced_opportunities,
        summed.influenced_amount,
        summed.attributed_opportunities,
        summed.attributed_amount,
        summed.unpriced_opportunities,
        {{ ratio('summed.sourced_amount', 'totals.total_amount') }} as sourced_share,
        {{ ratio('summed.influenced_amount', 'totals.total_amount') }} as influenced_share,
        {{ ratio('summed.attributed_amount', 'totals.total_amount') }} as attributed_share
    from summed
    inner join totals on summed.month_no = totals.month_no
    left join channels on summed.channel = channels.channel
)

select * from final
