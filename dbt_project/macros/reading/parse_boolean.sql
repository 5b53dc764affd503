{#- true, yes or 1; false, no or 0; NULL otherwise. -#}
{% macro parse_boolean(column) -%}
case
    when lower(trim({{ column }})) in ('true', 'yes', '1') then true
    when lower(trim({{ column }})) in ('false', 'no', '0') then false
end
{%- endmacro %}
