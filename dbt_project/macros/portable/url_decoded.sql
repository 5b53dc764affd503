{#- Percent-encoded text decoded, a plus as a blank; NULL stays NULL, and so is what decodes to no text. -#}
{% macro url_decoded(column) -%}
{{ return(adapter.dispatch('url_decoded', 'throughline')(column)) }}
{%- endmacro %}

{% macro default__url_decoded(column) -%}
try(url_decode(replace({{ column }}, '+', '%20')))
{%- endmacro %}

{% macro spark__url_decoded(column) -%}
try_url_decode(replace({{ column }}, '+', '%20'))
{%- endmacro %}
