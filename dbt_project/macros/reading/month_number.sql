{#- The number of a month, two digits, by the first three letters of its name, lower case, in English,
    Spanish, Portuguese, French, German, Italian or Dutch; text that is no number where they are none.
    Of French June and July ('jui') the caller tells which. -#}
{% macro month_number(letters) -%}
{%- set months = [
    ['jan', 'ene', 'jän', 'gen'], ['feb', 'fev', 'fév'], ['mar', 'mär', 'mrz', 'maa', 'mrt'], ['abr', 'apr', 'avr'],
    ['may', 'mai', 'mag', 'mei'], ['jun', 'giu'], ['jul', 'lug'], ['ago', 'aug', 'aoû', 'aou'], ['sep', 'set'],
    ['oct', 'okt', 'out', 'ott'], ['nov'], ['dec', 'dic', 'dez', 'déc'],
] -%}
{%- set numbered = [] -%}
{%- for starts in months -%}
{%- do numbered.append(starts | join("%02d" % loop.index) ~ "%02d" % loop.index) -%}
{%- endfor -%}
substr('{{ numbered | join }}', position({{ letters }} in '{{ numbered | join }}') + 3, 2)
{%- endmacro %}
