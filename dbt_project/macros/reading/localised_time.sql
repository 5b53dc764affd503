{#- A vendor's local timestamp text as naive UTC: ISO, or as a spreadsheet saves it again ('2/5/24 1:51',
    '2/5/2024 1:51:07 PM', in the order of day and month that `date_order` says); a day alone is its
    start; NULL where it is none. -#}
{% macro localised_time(column, date_order, time_zone) -%}
{%- set pattern = "'^ *[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?:[ ,T]+([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?[ \u202f]*([AaPp]?)[Mm.]*)? *$'" -%}
{%- set part = [] -%}
{%- for number in [1, 2, 3, 4] -%}
{%- do part.append("regexp_extract(" ~ column ~ ", " ~ pattern ~ ", " ~ number ~ ")") -%}
{%- endfor -%}
{%- set local -%}
case
    when {{ matches(column, pattern) }}
        then try_cast(
            concat(
                cast({{ parse_day(column, date_order) }} as {{ dbt.type_string() }}),
                ' ',
                lpad(cast(coalesce({{ hour_of_half(part[0], part[3]) }}, 0) as {{ dbt.type_string() }}), 2, '0'),
                ':',
                coalesce(nullif({{ part[1] }}, ''), '00'),
                coalesce(nullif({{ part[2] }}, ''), ':00')
            ) as timestamp
        )
    else {{ naive_time(column) }}
end
{%- endset -%}
{{ zoned_time(column, local, "'" ~ time_zone ~ "'") }}
{%- endmacro %}
