{#- The fiscal year of a day, called after the calendar year in which it ends. -#}
{% macro fiscal_year(day, start_month) -%}
cast(extract(year from {{ day }}) as bigint)
- case when extract(month from {{ day }}) < {{ start_month }} then 1 else 0 end
+ {{ 0 if start_month == 1 else 1 }}
{%- endmacro %}

{#- The quarter of the fiscal year that a day is in, 1 to 4. -#}
{% macro fiscal_quarter(day, start_month) -%}
cast(floor(((extract(month from {{ day }}) + 12 - {{ start_month }}) % 12) / 3) as bigint) + 1
{%- endmacro %}
