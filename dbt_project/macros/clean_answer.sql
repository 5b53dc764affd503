{#- What a person wrote into a form, trimmed; NULL where it is empty or a placeholder for an answer
    that is still to come. -#}
{% macro clean_answer(column) -%}
case
    when lower(trim({{ column }})) in ('', '-', '--', '?', 'tbd', 'tba', 'todo', 'n/a', 'na', 'null') then null
    else trim({{ column }})
end
{%- endmacro %}
