{#- The text at a path ('$.a.b') of JSON text; NULL where there is none or the text is no JSON. -#}
{% macro json_text(column, path) -%}
{{ return(adapter.dispatch('json_text', 'throughline')(column, path)) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
case when json_valid({{ column }}) then json_extract_string({{ column }}, '{{ path }}') end
{%- endmacro %}

{% macro spark__json_text(column, path) -%}
get_json_object({{ column }}, '{{ path }}')
{%- endmacro %}
