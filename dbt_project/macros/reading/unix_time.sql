{#- Unix seconds, or milliseconds where the number is too long for seconds, as naive UTC; NULL where
    it is neither: a number that no year 1970 to 5138 has would stop the whole run. -#}
{% macro unix_time(column) -%}
{%- set number = "try_cast(" ~ column ~ " as bigint)" -%}
case
    when {{ number }} between 0 and 99999999999 then {{ timestamp_from_us(number ~ " * 1000000") }}
    when {{ number }} between 100000000000 and 99999999999999 then {{ timestamp_from_us(number ~ " * 1000") }}
end
{%- endmacro %}
