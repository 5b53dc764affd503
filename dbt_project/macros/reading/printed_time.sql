{#- A time of day that a tracker prints with the month's name and, in English, am or pm ('22/Sep/25
    9:26 AM', '22/Okt/25 14:26'), as a naive local timestamp; NULL where it is none. `pattern` has the
    groups that `order` names: day, month, year (two digits are of this century), hour, minute, half. -#}
{% macro printed_time(column, pattern, order) -%}
{%- set part = {} -%}
{%- for name in order -%}
{%- do part.update({name: "regexp_extract(" ~ column ~ ", '" ~ pattern ~ "', " ~ loop.index ~ ")"}) -%}
{%- endfor -%}
try_cast(concat(
    right(concat('20', {{ part['year'] }}), 4), '-',
    {{ month_number('lower(' ~ part['month'] ~ ')') }}, '-',
    lpad({{ part['day'] }}, 2, '0'), ' ',
    lpad(cast({{ hour_of_half(part['hour'], part['half']) }} as {{ dbt.type_string() }}), 2, '0'), ':', {{ part['minute'] }}, ':00'
) as timestamp)
{%- endmacro %}
