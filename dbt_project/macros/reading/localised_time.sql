{#- A vendor's naive local timestamp text: ISO, or as a spreadsheet saves it again ('2/5/24 1:51', in
    the order of day and month that `date_order` says); NULL where it is none. -#}
{% macro localised_time(column, date_order) -%}
case
    when {{ matches(column, "'^ *[0-9]{1,2}[/.-][0-9]{1,2}[/.-]'") }}
        then try_cast(
            concat(
                cast({{ parse_day(column, date_order) }} as {{ dbt.type_string() }}),
                ' ',
                lpad(coalesce(nullif(regexp_extract({{ column }}, '([0-9]{1,2}):([0-9]{2})', 1), ''), '0'), 2, '0'),
                ':',
                coalesce(nullif(regexp_extract({{ column }}, '([0-9]{1,2}):([0-9]{2})', 2), ''), '00'),
                ':00'
            ) as timestamp
        )
    else try_cast({{ column }} as timestamp)
end
{%- endmacro %}
