{#- ISO 8601 text, with an offset or without (then UTC), as naive UTC; NULL where it is none. The engines
    read more than that, each something else: a year alone, a time of today. And no name of a zone may
    come to DuckDB's cast, which reads the cells after it in that zone, too. An offset behind a minute
    or a blank, which it does not read, is put behind seconds. -#}
{% macro utc_time(column) -%}
{%- set offset = '(UTC|Z|[+-][0-9]{2}(?::?[0-9]{2})?)' -%}
{%- set apart = "'^ *([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T][0-9]{1,2}:[0-9]{2})(:[0-9]{2}(?:[.][0-9]+)?)? ?" ~ offset ~ " *$'" -%}
{%- set part = [] -%}
{%- for number in [1, 2, 3] -%}
{%- do part.append("regexp_extract(" ~ column ~ ", " ~ apart ~ ", " ~ number ~ ")") -%}
{%- endfor -%}
{{ return(adapter.dispatch('utc_time', 'throughline')(
    "case when " ~ matches(column, "'" ~ iso_pattern(offset ~ '?') ~ "'") ~ " then trim(" ~ column ~ ")"
    ~ " when " ~ matches(column, apart) ~ " then concat(" ~ part[0] ~ ", coalesce(nullif(" ~ part[1]
    ~ ", ''), ':00'), replace(" ~ part[2] ~ ", 'UTC', 'Z')) end",
    column
)) }}
{%- endmacro %}

{#- Nearly all that comes is in UTC and whole: read without a zone it costs DuckDB a quarter. -#}
{% macro default__utc_time(text, column) -%}
case
    when {{ matches(column, "'^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.][0-9]+)?Z?$'") }}
        then try_cast({{ column }} as timestamp)
    else cast(try_cast({{ text }} as timestamptz) as timestamp)
end
{%- endmacro %}

{% macro spark__utc_time(text, column) -%}
cast(try_cast({{ text }} as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}
