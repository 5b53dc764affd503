{#- A text's words in lower case, with blanks for the marks between them. -#}
{% macro plain_words(column) -%}
{%- set marks = '-–—_:;,./|()[]{}!?#&+*' -%}
trim(translate(lower({{ column }}), '{{ marks }}', '{{ ' ' * (marks | length) }}'))
{%- endmacro %}
