{#- The record id of a deal that a person wrote into a form, as they copied it: alone, behind a #, or as the link of
    its page in HubSpot, Salesforce or Pipedrive. NULL where nothing is said. -#}
{% macro deal_id_said(column) -%}
{%- set answer = clean_answer(column) -%}
coalesce(
    nullif(regexp_extract({{ answer }}, '://.*/(deal|0-3|Opportunity)/([0-9A-Za-z]+)', 2), ''),
    nullif(regexp_extract({{ answer }}, '://.*/(006[0-9A-Za-z]+)', 1), ''),
    regexp_replace({{ answer }}, '^#', '')
)
{%- endmacro %}
