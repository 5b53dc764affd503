{#- An expression (`body`) over a value that it names several times, as `name`, and that is computed once a
    row: an engine computes what stands in a case again at each place. -#}
{% macro read_once(value, name, body) -%}
{{ return(adapter.dispatch('read_once', 'throughline')(value, name, body)) }}
{%- endmacro %}

{% macro default__read_once(value, name, body) -%}
list_transform([{{ value }}], lambda {{ name }}: {{ body }})[1]
{%- endmacro %}

{% macro spark__read_once(value, name, body) -%}
transform(array({{ value }}), {{ name }} -> {{ body }})[0]
{%- endmacro %}
