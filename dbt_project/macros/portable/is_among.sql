{#- Whether a text is one of several words; not true of NULL. Of more than a handful of constants DuckDB makes
    a join, which every reader of a view pays for, whether or not it reads the column. -#}
{% macro is_among(text, words) -%}
{{ return(adapter.dispatch('is_among', 'throughline')(text, words)) }}
{%- endmacro %}

{% macro default__is_among(text, words) -%}
list_contains(['{{ words | join("', '") }}'], {{ text }})
{%- endmacro %}

{% macro spark__is_among(text, words) -%}
{{ text }} in ('{{ words | join("', '") }}')
{%- endmacro %}
