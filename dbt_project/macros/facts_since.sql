{#- The first day that a fact can be of: a date before it has a slip in its year (0026 for 2026) or
    stands for none. -#}
{% macro facts_since() -%}
cast('{{ var("facts_since") }}' as date)
{%- endmacro %}
