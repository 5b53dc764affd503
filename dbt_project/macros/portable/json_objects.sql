{#- The objects of a JSON array, one row each, as JSON text. For use in a select list. -#}
{% macro json_objects(column) -%}
{{ return(adapter.dispatch('json_objects', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__json_objects(column) -%}
unnest(case when json_valid({{ column }}) then cast(cast({{ column }} as json) as varchar[]) end)
{%- endmacro %}

{% macro spark__json_objects(column) -%}
explode(from_json({{ column }}, 'array<string>'))
{%- endmacro %}
