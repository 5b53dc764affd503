{#- The text of one member of a JSON object, whatever signs its key has ('$insert_id', '[Amplitude] Page
    Location'); NULL where there is none or the text is no JSON. -#}
{% macro json_member(column, key) -%}
{{ return(adapter.dispatch('json_member', 'throughline')(column, key)) }}
{%- endmacro %}

{% macro default__json_member(column, key) -%}
case when json_valid({{ column }}) then json_extract_string({{ column }}, '$."{{ key }}"') end
{%- endmacro %}

{% macro spark__json_member(column, key) -%}
get_json_object({{ column }}, "$['{{ key }}']")
{%- endmacro %}
