{#- Unix seconds, milliseconds or microseconds, whole or with a fraction, as naive UTC: from 10^11 on a
    number is of the next smaller unit (as seconds that would be the year 5138). NULL where it is none
    of them: a number that no time has would stop the whole run. 1_000 and 1d are a number to one
    engine alone, and here to none. -#}
{% macro unix_time(column) -%}
{%- set number = whole_number_or(
    column, "try_cast(regexp_extract(" ~ column ~ ", '^[^_dDfF]*$', 0) as double)"
) -%}
{%- set microseconds -%}
number * case
    {%- for from, to, factor in [('0', '1e11', '1e6'), ('1e11', '1e14', '1e3'), ('1e14', '1e17', '1e0')] %}
    when number >= {{ from }} and number < {{ to }} then {{ factor }}
    {%- endfor %}
end
{%- endset -%}
{{ read_once(number, 'number', timestamp_from_us("cast(round(" ~ microseconds ~ ") as bigint)")) }}
{%- endmacro %}
