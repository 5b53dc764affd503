{#- The text of a number as vendors print it, without thousands marks and what stands around it (a per
    cent sign, a currency symbol), with a point for its decimal mark. `decimal_mark` is the column of
    a localised stream that says which mark its file uses. 1_000 and 1d are a number to one engine
    alone: x spoils them. -#}
{% macro plain_number(column, decimal_mark=none) -%}
{%- set digits = "translate(trim(" ~ column ~ "), concat('_dDfF %€$£¥₹’\u00a0\u202f', chr(39)), 'xxxxx')" -%}
{%- if decimal_mark -%}
case when {{ decimal_mark }} = ',' then replace(replace({{ digits }}, '.', ''), ',', '.') else {{ without_thousands(digits) }} end
{%- else -%}
{{ without_thousands(digits) }}
{%- endif -%}
{%- endmacro %}
