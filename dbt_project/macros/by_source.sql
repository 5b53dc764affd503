{#- What a var says of the source that a column names, as text: such a var maps sources to texts. NULL of a
    source that it does not know. -#}
{% macro by_source(name, source) -%}
{%- set texts = var(name) -%}
{%- if texts -%}
case {{ source }}
    {%- for known, text in texts | dictsort %} when '{{ known }}' then '{{ text }}'{% endfor %}
end
{%- else -%}
cast(null as {{ dbt.type_string() }})
{%- endif -%}
{%- endmacro %}
