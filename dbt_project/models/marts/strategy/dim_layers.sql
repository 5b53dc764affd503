-- Who owns which layer and what each decides (S0-8, S2-8), beside the metrics that it alone can mend.
with layer_ownership as (
    select * from {{ ref('layer_ownership') }}
),

scorecards as (
    select * from {{ ref('fct_layer_scorecards') }}
    where is_complete
    qualify row_number() over (partition by metric order by month_start_date desc) = 1
),

counted as (
    select
        layer,
        cast(count(*) as bigint) as metric_count,
        cast(sum(case when is_worsened then 1 else 0 end) as bigint) as worsened_count,
        max(month_start_date) as newest_month_date
    from scorecards
    group by layer
),

final as (
    select
        layer_ownership.layer,
        layer_ownership.seq,
        layer_ownership.layer_name,
        layer_ownership.owner_roles,
        layer_ownership.owns,
        layer_ownership.decides,
        layer_ownership.boundary,
        coalesce(counted.metric_count, cast(0 as bigint)) as metric_count,
        coalesce(counted.worsened_count, cast(0 as bigint)) as worsened_count,
        counted.newest_month_date
    from layer_ownership
    left join counted on layer_ownership.layer = counted.layer
)

select * from final
