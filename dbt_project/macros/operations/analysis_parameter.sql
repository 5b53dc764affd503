{#- A number of the seed analysis_parameters, from a CTE of that name. -#}
{% macro analysis_parameter(name) -%}
max(case when parameter = '{{ name }}' then parameter_value end) as {{ name }}
{%- endmacro %}
