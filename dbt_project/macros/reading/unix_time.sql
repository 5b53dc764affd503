{#- Unix seconds, milliseconds or microseconds, whole or with a fraction, as naive UTC: from 10^11 on a
    number is of the next smaller unit (as seconds that would be the year 5138). NULL where it is none
    of them: a number that no time has would stop the whole run. For x see plain_number. -#}
{% macro unix_time(column) -%}
{%- set number = "try_cast(translate(" ~ column ~ ", '_dDfF', 'xxxxx') as double)" -%}
case
    {%- for from, to, factor in [('0', '1e11', '1e6'), ('1e11', '1e14', '1e3'), ('1e14', '1e17', '1e0')] %}
    when {{ number }} >= {{ from }} and {{ number }} < {{ to }}
        then {{ timestamp_from_us("cast(round(" ~ number ~ " * " ~ factor ~ ") as bigint)") }}
    {%- endfor %}
end
{%- endmacro %}
