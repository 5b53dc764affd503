{#- The date at the start of a text: ISO, or, where `date_order` tells it ('dmy' or 'mdy': a literal, or
    the column of a localised stream), day, month and year in that order; NULL where it is none. -#}
{% macro parse_day(column, date_order=none) -%}
{%- set iso = "regexp_extract(trim(" ~ column ~ "), '^([0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2})($|[^0-9])', 1)" -%}
{%- if date_order is none -%}
try_cast(translate({{ iso }}, '/.', '--') as date)
{%- else -%}
{%- set parts = [] -%}
{%- for number in [1, 2, 3] -%}
{%- do parts.append("regexp_extract(trim(" ~ column ~ "), '^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})($|[^0-9])', " ~ number ~ ")") -%}
{%- endfor -%}
try_cast(
    case
        when {{ matches(column, "'^ *[0-9]{4}[/.-]'") }} then translate({{ iso }}, '/.', '--')
        when {{ date_order }} = 'dmy' then concat(right(concat('20', {{ parts[2] }}), 4), '-', lpad({{ parts[1] }}, 2, '0'), '-', lpad({{ parts[0] }}, 2, '0'))
        else concat(right(concat('20', {{ parts[2] }}), 4), '-', lpad({{ parts[0] }}, 2, '0'), '-', lpad({{ parts[1] }}, 2, '0'))
    end as date
)
{%- endif -%}
{%- endmacro %}
