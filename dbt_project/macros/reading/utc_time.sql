{#- ISO 8601 text, with an offset or without (then UTC), as naive UTC; NULL where it is none. -#}
{% macro utc_time(column) -%}
{{ return(adapter.dispatch('utc_time', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__utc_time(column) -%}
cast(try_cast({{ column }} as timestamptz) as timestamp)
{%- endmacro %}

{% macro spark__utc_time(column) -%}
cast(try_cast({{ column }} as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}
