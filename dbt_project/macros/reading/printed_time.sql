{#- A time of day that a tracker prints with the month's English name and am or pm ('22/Sep/25 9:26 AM',
    'Sep 14, 2026 09:26 AM'), as a naive local timestamp; NULL where it is none. `pattern` has the
    groups that `order` names: day, month, year (two digits are of this century), hour, minute, half. -#}
{% macro printed_time(column, pattern, order) -%}
{%- set part = {} -%}
{%- for name in order -%}
{%- do part.update({name: "regexp_extract(" ~ column ~ ", '" ~ pattern ~ "', " ~ loop.index ~ ")"}) -%}
{%- endfor -%}
{%- set month = "cast((position(lower(" ~ part['month'] ~ ") in 'janfebmaraprmayjunjulaugsepoctnovdec') + 2) / 3 as integer)" -%}
try_cast(concat(
    right(concat('20', {{ part['year'] }}), 4), '-',
    lpad(cast({{ month }} as {{ dbt.type_string() }}), 2, '0'), '-',
    lpad({{ part['day'] }}, 2, '0'), ' ',
    lpad(cast({{ hour_of_half(part['hour'], part['half']) }} as {{ dbt.type_string() }}), 2, '0'), ':', {{ part['minute'] }}, ':00'
) as timestamp)
{%- endmacro %}
