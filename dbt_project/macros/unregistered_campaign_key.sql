{#- The key of a campaign that nobody registered, by its slug. -#}
{% macro unregistered_campaign_key(slug) -%}
{{ surrogate_key(["'unregistered'", slug]) }}
{%- endmacro %}
