{#- A number below 2^53 of a text. The engines' own hashes: fast, and different. -#}
{% macro hash_53(text) -%}
{{ return(adapter.dispatch('hash_53', 'throughline')(text)) }}
{%- endmacro %}

{% macro default__hash_53(text) -%}
cast(hash({{ text }}) >> 11 as bigint)
{%- endmacro %}

{% macro spark__hash_53(text) -%}
shiftrightunsigned(xxhash64({{ text }}), 11)
{%- endmacro %}
