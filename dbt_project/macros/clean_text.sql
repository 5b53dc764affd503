{#- Text as people mean it: trimmed, and NULL where it is empty or a vendor's mark for nothing. -#}
{% macro clean_text(column) -%}
{%- set marks = ['', '--', '-', 'null', 'undefined', '(not set)', '[not provided]'] -%}
case when {{ is_among('lower(trim(' ~ column ~ '))', marks) }} then null else trim({{ column }}) end
{%- endmacro %}
