{#- A time of Jira's CSV, '22/Sep/25 9:26 AM' or '22/Sep/25 14:26', as a naive local timestamp. -#}
{% macro jira_local_time(column) -%}
{{ printed_time(
    column,
    '^([0-9]{1,2})/([A-Za-z]{3})[a-z]*/([0-9]{2,4}) ([0-9]{1,2}):([0-9]{2}) ?([AaPp][Mm])?$',
    ['day', 'month', 'year', 'hour', 'minute', 'half']
) }}
{%- endmacro %}
