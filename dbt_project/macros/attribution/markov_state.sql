{#- The last channels before a step of a journey, newest first, packed to the base 64; 0 is the start. -#}
{% macro markov_state(order) -%}
previous_no
{%- for n in range(1, order) %}
        + coalesce(lag(previous_no, {{ n }}) over (partition by journey order by place), 0) * {{ 64 ** n }}
{%- endfor %}
{%- endmacro %}
