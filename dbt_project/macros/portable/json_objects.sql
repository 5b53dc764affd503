{#- The objects of a JSON array, one row each, as JSON text. No row for what is no array. For use in a select list. -#}
{% macro json_objects(column) -%}
{{ return(adapter.dispatch('json_objects', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__json_objects(column) -%}
unnest(try_cast(try_cast({{ column }} as json) as varchar[]))
{%- endmacro %}

{% macro spark__json_objects(column) -%}
explode(from_json({{ column }}, 'array<string>'))
{%- endmacro %}
