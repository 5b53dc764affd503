{#- The hour of the day, integer, of an hour's text and am or pm ('AM', 'p.m.', or empty for a clock of
    24 hours). -#}
{% macro hour_of_half(hour, half) -%}
{%- set number = "try_cast(" ~ hour ~ " as integer)" -%}
case
    when upper(substr({{ half }}, 1, 1)) = 'P' and {{ number }} < 12 then {{ number }} + 12
    when upper(substr({{ half }}, 1, 1)) = 'A' and {{ number }} = 12 then 0
    else {{ number }}
end
{%- endmacro %}
