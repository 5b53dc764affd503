{#- The number that a text of at most 15 hexadecimal digits writes. -#}
{% macro hex_number(text) -%}
{{ return(adapter.dispatch('hex_number', 'throughline')(text)) }}
{%- endmacro %}

{% macro default__hex_number(text) -%}
try_cast(concat('0x', {{ text }}) as bigint)
{%- endmacro %}

{% macro spark__hex_number(text) -%}
cast(conv({{ text }}, 16, 10) as bigint)
{%- endmacro %}
