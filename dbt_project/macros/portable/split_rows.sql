{#- The parts of a text between separators, one row each; no row for NULL. For use in a select list. -#}
{% macro split_rows(column, separator) -%}
{{ return(adapter.dispatch('split_rows', 'throughline')(column, separator)) }}
{%- endmacro %}

{% macro default__split_rows(column, separator) -%}
unnest(string_split({{ column }}, '{{ separator }}'))
{%- endmacro %}

{% macro spark__split_rows(column, separator) -%}
explode(split({{ column }}, '[{{ separator }}]'))
{%- endmacro %}
