{#- What the deal is that a document of finance names, once it is joined by names_deal: won, not_won, ambiguous where
    several have its id, unknown where none has. -#}
{% macro deal_named(deal_ids, conversions) -%}
case
    when {{ conversions }}.conversion_id is not null then 'won'
    when {{ deal_ids }}.opportunity_id is not null then 'not_won'
    when {{ deal_ids }}.written_id is not null then 'ambiguous'
    else 'unknown'
end
{%- endmacro %}
