-- What marketing and sales have to mean the same by: metrics that neither controls alone, the scoring rules
-- that hold, the attribution model that figures follow; and who agreed to which version (S4-49).
with metrics as (
    select * from {{ ref('metric_definitions') }}
),

scoring_versions as (
    select * from {{ ref('lead_score_versions') }}
    where is_active
),

score_bands as (
    select count(*) as band_count from {{ ref('lead_score_bands') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
    where is_headline
),

definition_signoffs as (
    select * from {{ ref('definition_signoffs') }}
    where signed_on <= {{ reporting_day(as_of_at()) }}
),

shared as (
    select
        'metric' as definition_kind,
        metric as definition_name,
        label,
        case when denominator is null then numerator else concat(numerator, ' ÷ ', denominator) end as meaning,
        owner,
        cast(version as bigint) as version
    from metrics
    where controllable_by = 'shared'
    union all
    select
        'scoring_rules' as definition_kind,
        'lead_score' as definition_name,
        'Lead score' as label,
        concat(scoring_versions.description, ', in ', cast(score_bands.band_count as {{ dbt.type_string() }}), ' bands')
            as meaning,
        'Marketing and sales' as owner,
        cast(scoring_versions.version as bigint) as version
    from scoring_versions
    cross join score_bands
    union all
    select
        'attribution_model' as definition_kind,
        attribution_model as definition_name,
        'Attribution model of figures that name none' as label,
        description as meaning,
        'Marketing and sales' as owner,
        cast(1 as bigint) as version
    from attribution_models
),

signed as (
    select
        definition_kind,
        definition_name,
        version,
        max(case when team = 'marketing' then signed_on end) as marketing_signed_on,
        max(case when team = 'sales' then signed_on end) as sales_signed_on
    from definition_signoffs
    group by definition_kind, definition_name, version
),

last_signed as (
    select
        definition_kind,
        definition_name,
        cast(max(version) as bigint) as last_signed_version
    from signed
    where marketing_signed_on is not null and sales_signed_on is not null
    group by definition_kind, definition_name
),

final as (
    select
        {{ surrogate_key(['shared.definition_kind', 'shared.definition_name']) }} as shared_definition_id,
        shared.definition_kind,
        shared.definition_name,
        shared.label,
        shared.meaning,
        shared.owner,
        shared.version,
        last_signed.last_signed_version,
        coalesce(signed.marketing_signed_on is not null and signed.sales_signed_on is not null, false) as is_signed_off,
        signed.marketing_signed_on,
        signed.sales_signed_on
    from shared
    left join signed
        on
            shared.definition_kind = signed.definition_kind
            and shared.definition_name = signed.definition_name
            and shared.version = signed.version
    left join last_signed
        on
            shared.definition_kind = last_signed.definition_kind
            and shared.definition_name = last_signed.definition_name
)

select * from final
