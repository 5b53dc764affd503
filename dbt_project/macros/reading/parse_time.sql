{#- A time as people write it, naive UTC: ISO 8601, or day and month in the order that `date_order` says,
    with or without a clock behind them (see localised_time). Without a zone it is UTC; NULL where it is
    none. -#}
{% macro parse_time(column, date_order) -%}
case
    when {{ matches(column, "'^ *[0-9]{4}-[0-9]{2}-[0-9]{2}'") }} then {{ utc_time(column) }}
    else {{ localised_time(column, date_order) }}
end
{%- endmacro %}
