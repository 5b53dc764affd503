{#- The numbers 1, 2, 3 … of a bootstrap's draws, a row each, with how many there are to be (draw_count): to
    be selected from. Of a CTE `parameters` with bootstrap_draws; there are more days than draws. -#}
{% macro draw_numbers() -%}
(
    select
        cast(parameters.bootstrap_draws as bigint) as draw_count,
        cast(row_number() over (order by dates.date_day) as bigint) as draw_no
    from {{ ref('dim_dates') }} as dates
    cross join parameters
)
{%- endmacro %}
