{#- The e-mail addresses in a text, lower case, one row each, whatever stands between them: a list, the JSON of an
    API. No row for a text without one, or NULL. For use in a select list. -#}
{% macro address_rows(column) -%}
{{ return(adapter.dispatch('address_rows', 'throughline')(column, '[^ @,;:"<>(){}|]+@[^ @,;:"<>(){}|]+')) }}
{%- endmacro %}

{% macro default__address_rows(column, pattern) -%}
unnest(regexp_extract_all(lower({{ column }}), '{{ pattern }}'))
{%- endmacro %}

{% macro spark__address_rows(column, pattern) -%}
explode(regexp_extract_all(lower({{ column }}), '{{ pattern }}', 0))
{%- endmacro %}
