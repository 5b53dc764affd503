{#- A utm value as it is compared: lower case, trimmed, blanks and underscores as hyphens. -#}
{% macro normalised_slug(column) -%}
nullif(replace(replace(lower(trim({{ column }})), ' ', '-'), '_', '-'), '')
{%- endmacro %}
