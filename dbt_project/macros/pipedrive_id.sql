{#- The number of a linked record, which one version of the API gives alone and another in an object. -#}
{% macro pipedrive_id(column) -%}
case
    when substr(trim({{ column }}), 1, 1) = '{' then {{ json_text(column, '$.value') }}
    else {{ clean_text(column) }}
end
{%- endmacro %}
