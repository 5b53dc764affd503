{#- A date in words, as '10 de dez. de 2022', '1 août 2022', 'Dec 10, 2022', in English, Spanish,
    Portuguese, French or German; NULL where it is none. The first letters tell the month in all five. -#}
{% macro parse_named_day(column) -%}
{%- set text = "lower(trim(" ~ column ~ "))" -%}
{%- set dmy = "'^([0-9]{1,2})[.]? +(?:de +)?([^0-9 .]{3,})[.]?,? +(?:de +|del +)?([0-9]{4})$'" -%}
{%- set mdy = "'^([^0-9 .]{3,})[.]? +([0-9]{1,2}),? +([0-9]{4})$'" -%}
{%- set month = "coalesce(nullif(regexp_extract(" ~ text ~ ", " ~ dmy ~ ", 2), ''), regexp_extract(" ~ text ~ ", " ~ mdy ~ ", 1))" -%}
{%- set day = "coalesce(nullif(regexp_extract(" ~ text ~ ", " ~ dmy ~ ", 1), ''), regexp_extract(" ~ text ~ ", " ~ mdy ~ ", 2))" -%}
{%- set year = "coalesce(nullif(regexp_extract(" ~ text ~ ", " ~ dmy ~ ", 3), ''), regexp_extract(" ~ text ~ ", " ~ mdy ~ ", 3))" -%}
try_cast(concat(
    {{ year }},
    '-',
    case
        when substr({{ month }}, 1, 4) = 'juin' then '06'
        when substr({{ month }}, 1, 4) = 'juil' then '07'
        {%- set starts = [
            ['jan', 'ene', 'jän'], ['feb', 'fev', 'fév'], ['mar', 'mär', 'mrz'], ['abr', 'apr', 'avr'],
            ['may', 'mai'], ['jun'], ['jul'], ['ago', 'aug', 'aoû', 'aou'], ['sep', 'set'],
            ['oct', 'okt', 'out'], ['nov'], ['dec', 'dic', 'dez', 'déc'],
        ] %}
        {%- for letters in starts %}
        when substr({{ month }}, 1, 3) in ('{{ letters | join("', '") }}') then '{{ '%02d' % loop.index }}'
        {%- endfor %}
    end,
    '-',
    lpad({{ day }}, 2, '0')
) as date)
{%- endmacro %}
