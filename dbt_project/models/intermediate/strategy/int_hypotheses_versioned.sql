with register as (
    select
        *,
        {{ surrogate_key(['hypothesis_id', 'version']) }} as hypothesis_version_id
    from {{ ref('stg_templates__strategy_register') }}
    where hypothesis_id is not null and version is not null
    qualify row_number() over (
        partition by hypothesis_id, version
        order by file_id desc, row_number desc
    ) = 1
),

comparisons as (
    select * from {{ ref('hypothesis_comparisons') }}
),

lived as (
    select
        hypothesis_campaigns.hypothesis_version_id,
        cast(count(*) as bigint) as campaign_count,
        min(campaigns_live.evidenced_live_on) as first_live_on
    from {{ ref('int_hypothesis_campaigns') }} as hypothesis_campaigns
    left join {{ ref('int_campaigns_live') }} as campaigns_live
        on hypothesis_campaigns.campaign_key = campaigns_live.campaign_key
    group by hypothesis_campaigns.hypothesis_version_id
),

compared as (
    select
        register.*,
        coalesce(comparisons.comparison_kind, 'none') as comparison_kind
    from register
    left join comparisons
        on {{ matches('lower(register.comparison)', 'comparisons.pattern', ref('hypothesis_comparisons')) }}
    qualify row_number() over (
        partition by register.hypothesis_version_id
        order by comparisons.seq nulls last
    ) = 1
),

final as (
    select
        compared.hypothesis_version_id,
        {{ masked('compared.hypothesis_id') }} as hypothesis_id,
        compared.version,
        {{ masked('compared.statement') }} as statement,
        {{ masked('compared.parent_goal_id') }} as parent_goal_id,
        {{ masked('compared.audience') }} as audience,
        {{ masked('compared.offer_logic') }} as offer_logic,
        compared.success_criteria_metric as metric_name,
        cast(compared.predicted_effect as double) as predicted_effect,
        compared.effect_unit,
        compared.comparison_kind,
        compared.owner_name,
        -- Of the six that strategy owns (S0-1); without all of them it is a list of campaigns.
        cast(
            {%- for field in [
                'audience', 'positioning', 'offer_logic', 'channel_role', 'success_criteria_metric', 'trade_offs',
            ] %}
            case when compared.{{ field }} is null then 1 else 0 end{{ ' +' if not loop.last }}
            {%- endfor %}
            as bigint
        ) as unanswered_count,
        coalesce(lived.campaign_count, cast(0 as bigint)) as campaign_count,
        lived.first_live_on,
        compared.valid_from_date,
        compared.review_by_date,
        lead(compared.valid_from_date) over (
            partition by compared.hypothesis_id
            order by compared.version
        ) as next_valid_from_date,
        lag(cast(compared.predicted_effect as double)) over (
            partition by compared.hypothesis_id
            order by compared.version
        ) as last_predicted_effect,
        row_number() over (partition by compared.hypothesis_id order by compared.version desc) = 1 as is_newest_version
    from compared
    left join lived on compared.hypothesis_version_id = lived.hypothesis_version_id
)

select * from final
