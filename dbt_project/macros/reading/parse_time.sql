{#- A time as people write it, naive UTC: ISO 8601, or day and month in the order that `date_order`
    says (see parse_day), with or without a 24-hour clock behind it. Without a zone it is UTC; a day
    alone is its start; NULL where it is none. -#}
{% macro parse_time(column, date_order) -%}
{%- set clock = "regexp_extract(trim(" ~ column ~ "), '^[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}[ ,T]+([0-9]{1,2}:.+)$', 1)" -%}
{%- set day = "cast(" ~ parse_day(column, date_order) ~ " as " ~ dbt.type_string() ~ ")" -%}
case
    when {{ matches(column, "'^ *[0-9]{4}-[0-9]{2}-[0-9]{2}'") }} then {{ utc_time("trim(" ~ column ~ ")") }}
    when {{ clock }} = '' then {{ utc_time(day) }}
    when {{ clock }} like '_:%' then {{ utc_time(day ~ " || ' 0' || " ~ clock) }}
    else {{ utc_time(day ~ " || ' ' || " ~ clock) }}
end
{%- endmacro %}
