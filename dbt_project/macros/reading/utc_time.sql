{#- ISO 8601 text, with an offset or without (then UTC), as naive UTC; NULL where it is none. The engines
    read more than that, each something else: a year alone, a time of today. And no name of a zone may
    come to DuckDB's cast, which reads the cells after it in that zone, too. -#}
{% macro utc_time(column) -%}
{{ return(adapter.dispatch('utc_time', 'throughline')(
    "case when " ~ matches(column, "'" ~ iso_pattern("( ?UTC|Z|[+-][0-9]{2}(:?[0-9]{2})?)?") ~ "'")
    ~ " then trim(" ~ column ~ ") end"
)) }}
{%- endmacro %}

{% macro default__utc_time(text) -%}
cast(try_cast({{ text }} as timestamptz) as timestamp)
{%- endmacro %}

{% macro spark__utc_time(text) -%}
cast(try_cast({{ text }} as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}
