{#- When a record of a snapshot stream was gone: the time of the first batch after the last one that
    had it; NULL while the newest batch has it. For the select list of a raw table, before qualify.
    Batches are counted by their rows, so a header-only delivery takes nobody away. -#}
{% macro missing_since_at() -%}
min(_loaded_at) over (
    order by {{ epoch_us('_loaded_at') }} range between 1 following and unbounded following
)
{%- endmacro %}
