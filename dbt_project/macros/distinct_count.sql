{#- How many different values a row's expressions have, NULL not counted. By comparing: a list of them
    would cost ten times as much. -#}
{% macro distinct_count(expressions) -%}
(
{%- for expression in expressions -%}
case
    when {{ expression }} is not null
    {%- for before in expressions[:loop.index0] %}
        and {{ expression }} is distinct from {{ before }}
    {%- endfor %} then 1
    else 0
end
{%- if not loop.last %}
+ {% endif -%}
{%- endfor %}
)
{%- endmacro %}
