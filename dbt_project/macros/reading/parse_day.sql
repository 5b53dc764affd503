{#- The date at the start of a text: ISO, or day and month in the order that `date_order` ('dmy' or
    'mdy': a literal, or the column of a localised stream) says; NULL where it is none. -#}
{% macro parse_day(column, date_order) -%}
{%- set parts = [] -%}
{%- for number in [1, 2, 3] -%}
{%- do parts.append("regexp_extract(trim(" ~ column ~ "), '^([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})', " ~ number ~ ")") -%}
{%- endfor -%}
try_cast(
    case
        when length({{ parts[0] }}) = 4 then concat({{ parts[0] }}, '-', lpad({{ parts[1] }}, 2, '0'), '-', lpad({{ parts[2] }}, 2, '0'))
        when {{ date_order }} = 'dmy' then concat(right(concat('20', {{ parts[2] }}), 4), '-', lpad({{ parts[1] }}, 2, '0'), '-', lpad({{ parts[0] }}, 2, '0'))
        else concat(right(concat('20', {{ parts[2] }}), 4), '-', lpad({{ parts[0] }}, 2, '0'), '-', lpad({{ parts[1] }}, 2, '0'))
    end as date
)
{%- endmacro %}
