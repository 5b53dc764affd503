{#- The digits of a number without the commas that part its thousands ('1,234.50', '1,23,456'); NULL
    where a comma parts none ('3000,50', '12.000,00'): it is another country's decimal mark. -#}
{% macro without_thousands(digits) -%}
{%- set parted = "'^[+-]?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}([.][0-9]*)?$'" -%}
case
    when {{ digits }} like '%,%' and not {{ matches(digits, parted) }} then null
    else replace({{ digits }}, ',', '')
end
{%- endmacro %}
