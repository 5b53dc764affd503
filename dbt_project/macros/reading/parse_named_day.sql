{#- A date in words, as '10 de dez. de 2022', '1er août 2022', 'Dec 10, 2022', in the languages of
    month_number; NULL where it is none. French June and July are told apart before. -#}
{% macro parse_named_day(column) -%}
{%- set text = "replace(replace(lower(trim(" ~ column ~ ")), 'juin', 'jun'), 'juil', 'jul')" -%}
{%- set day_first = "'^([0-9]{1,2})(?:[.]|er|º|°)? +(?:de +)?([^0-9 .]{3})[^0-9 .]*[.]?,? +(?:de +|del +)?([0-9]{4})$'" -%}
{%- set month_first = "'^([^0-9 .]{3})[^0-9 .]*[.]? +([0-9]{1,2}),? +([0-9]{4})$'" -%}
{%- set part = [] -%}
{%- for first, second in [(1, 2), (2, 1), (3, 3)] -%}
{%- do part.append("coalesce(nullif(regexp_extract(" ~ text ~ ", " ~ day_first ~ ", " ~ first ~ "), ''), regexp_extract(" ~ text ~ ", " ~ month_first ~ ", " ~ second ~ "))") -%}
{%- endfor -%}
{#- Of no match the parts are empty, and so is the year. -#}
try_cast(concat(
    {{ part[2] }},
    '-',
    {{ month_number(part[1]) }},
    '-',
    lpad({{ part[0] }}, 2, '0')
) as date)
{%- endmacro %}
