{#- The host that a web event came from: of the page before, else the one that the tool names as a referral.
    Empty: none is told. -#}
{% macro referrer_host() -%}
coalesce(
    {{ url_host('page_referrer') }},
    case when param_medium = 'referral' then lower(param_source) end,
    case when manual_campaign = '(referral)' then lower(manual_source) end,
    ''
)
{%- endmacro %}
