{#- How far a day is from a campaign's validity, for ordering: valid on the day, then begun before it,
    then yet to begin, each by the days to its first day. `campaigns` has its first and last day:
    int_campaigns_registered, int_campaign_slugs. -#}
{% macro campaign_distance(day, campaigns) -%}
case
    when {{ campaigns }}.valid_from_date > {{ day }} then 2
    when {{ campaigns }}.valid_to_date < {{ day }} then 1
    else 0
end,
abs({{ days_between(campaigns ~ '.valid_from_date', day) }}) nulls last
{%- endmacro %}
