{#- One end of Wilson's 95 % interval of a share; `side` is - for the lower, + for the upper. NULL
    where there is no denominator. 3.84… is the square of 1.96. -#}
{% macro wilson_bound(successes, trials, side) -%}
case when {{ trials }} > 0 then greatest(cast(0 as double), round((
    {{ successes }} + cast(3.8414588206941245 as double) / 2
    {{ side }} 1.959963984540054 * sqrt(
        {{ successes }} * cast({{ trials }} - {{ successes }} as double) / nullif({{ trials }}, 0)
        + cast(3.8414588206941245 as double) / 4
    )
) / ({{ trials }} + cast(3.8414588206941245 as double)), 12)) end
{%- endmacro %}
