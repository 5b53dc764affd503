-- The models that this build has figures of: every rule, and those that are solved once they are. A
-- bare `dbt build` solves nothing.
with attribution_models as (
    select * from {{ ref('attribution_models') }}
),

solved as (
    select distinct attribution_model
    from {{ ref('stg_solved__intervals') }}
),

final as (
    select attribution_models.*
    from attribution_models
    left join solved on attribution_models.attribution_model = solved.attribution_model
    where attribution_models.rule <> 'solved' or solved.attribution_model is not null
)

select * from final
