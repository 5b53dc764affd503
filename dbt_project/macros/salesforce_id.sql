{#- A Salesforce id; NULL where the cell is empty or holds the id that a Data Export writes for none. -#}
{% macro salesforce_id(column) -%}
case when trim({{ column }}) not in ('', '000000000000000AAA', '000000000000000') then trim({{ column }}) end
{%- endmacro %}
