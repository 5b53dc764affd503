{#- A time as people write it, naive UTC: ISO 8601, or day and month in the order that `date_order` says,
    with or without a clock behind them (see localised_time). Without an offset it is UTC; NULL where it
    is none. -#}
{% macro parse_time(column, date_order) -%}
{{ localised_time(column, date_order, 'UTC') }}
{%- endmacro %}
