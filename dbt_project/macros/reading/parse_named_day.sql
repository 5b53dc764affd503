{#- A date in words, as '10 de dez. de 2022', '1er août 2022', 'Dec 10, 2022', in English, Spanish,
    Portuguese, French, German, Italian or Dutch; NULL where it is none. The first letters tell the
    month in all of them, French June and July once they are told apart. -#}
{% macro parse_named_day(column) -%}
{%- set months = [
    ['jan', 'ene', 'jän', 'gen'], ['feb', 'fev', 'fév'], ['mar', 'mär', 'mrz', 'maa', 'mrt'], ['abr', 'apr', 'avr'],
    ['may', 'mai', 'mag', 'mei'], ['jun', 'giu'], ['jul', 'lug'], ['ago', 'aug', 'aoû', 'aou'], ['sep', 'set'],
    ['oct', 'okt', 'out', 'ott'], ['nov'], ['dec', 'dic', 'dez', 'déc'],
] -%}
{%- set numbered = [] -%}
{%- for starts in months -%}
{%- do numbered.append(starts | join("%02d" % loop.index) ~ "%02d" % loop.index) -%}
{%- endfor -%}
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
    substr('{{ numbered | join }}', position({{ part[1] }} in '{{ numbered | join }}') + 3, 2),
    '-',
    lpad({{ part[0] }}, 2, '0')
) as date)
{%- endmacro %}
