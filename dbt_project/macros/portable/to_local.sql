{#- A naive UTC timestamp as clocks in a zone show it.

    DuckDB looks a constant zone up once and one of a column anew for every row, which costs five times
    as much. With `rules`, the seed whose column the zone is, its zones stand in the statement as
    constants (see matches); the result is the same. -#}
{% macro to_local(moment, time_zone, rules=[]) -%}
{{ return(adapter.dispatch('to_local', 'throughline')(moment, time_zone, rules)) }}
{%- endmacro %}

{% macro default__to_local(moment, time_zone, rules) -%}
{%- set constants = rule_patterns(rules, time_zone.split('.') | last) if rules else [] -%}
{%- if constants -%}
case {{ time_zone }}
    {%- for constant in constants %}
    when {{ dbt.string_literal(constant) }}
        then timezone({{ dbt.string_literal(constant) }}, timezone('UTC', {{ moment }}))
    {%- endfor %}
    else timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
end
{%- else -%}
timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
{%- endif -%}
{%- endmacro %}

{% macro spark__to_local(moment, time_zone, rules) -%}
cast(from_utc_timestamp({{ moment }}, {{ time_zone }}) as timestamp_ntz)
{%- endmacro %}
