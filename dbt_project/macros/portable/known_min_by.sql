{#- The known `value` of the group's row with the smallest `position`: see known_max_by. -#}
{% macro known_min_by(value, position) -%}
min_by({{ value }}, {{ position }}) filter (where {{ value }} is not null)
{%- endmacro %}
