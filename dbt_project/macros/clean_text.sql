{#- Text as people mean it: trimmed, and NULL where it is empty or a vendor's mark for nothing. -#}
{% macro clean_text(column) -%}
case
    when lower(trim({{ column }})) in ('', '--', '-', 'null', 'undefined', '(not set)', '[not provided]') then null
    else trim({{ column }})
end
{%- endmacro %}
