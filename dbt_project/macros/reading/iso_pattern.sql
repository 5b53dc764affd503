{#- What a day or a time of ISO 8601 looks like, a blank for the T, with what may stand for its zone. -#}
{% macro iso_pattern(zone='') -%}
^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T]([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?{{ zone }})?)? *$
{%- endmacro %}
