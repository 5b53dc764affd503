{#- A number below 2^48 of a text. The engines' own hashes: fast, and different. -#}
{% macro hash_48(text) -%}
{{ return(adapter.dispatch('hash_48', 'throughline')(text)) }}
{%- endmacro %}

{% macro default__hash_48(text) -%}
cast(hash({{ text }}) >> 16 as bigint)
{%- endmacro %}

{% macro spark__hash_48(text) -%}
shiftrightunsigned(xxhash64({{ text }}), 16)
{%- endmacro %}
