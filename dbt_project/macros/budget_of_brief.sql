{#- The budget of a brief of stg_templates__campaign_briefs, in the reporting currency. NULL: not said, or in another
    one, of which no sum can be made. -#}
{% macro budget_of_brief(brief) -%}
case
    when coalesce({{ brief }}.budget_currency, '{{ var("reporting_currency") }}') = '{{ var("reporting_currency") }}'
        then {{ brief }}.budget
end
{%- endmacro %}
