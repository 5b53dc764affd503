{#- One end of Wilson's 95 % interval of a share; `side` is - for the lower, + for the upper. NULL
    where there is no denominator. -#}
{% macro wilson_bound(successes, trials, side) -%}
(
    ({{ successes }} + cast(3.8414588206941245 as double) / 2)
    {{ side }} 1.959963984540054 * sqrt(
        {{ successes }} * cast({{ trials }} - {{ successes }} as double) / nullif({{ trials }}, 0)
        + cast(3.8414588206941245 as double) / 4
    )
) / nullif(case when {{ trials }} > 0 then {{ trials }} + cast(3.8414588206941245 as double) end, 0)
{%- endmacro %}
