{#- A time of Jira's CSV, '22/Sep/25 9:26 AM' or '22/Sep/25 14:26', or ISO 8601 as a spreadsheet has it,
    as a naive local timestamp; NULL where it is neither. -#}
{% macro jira_local_time(column) -%}
coalesce({{ printed_time(
    'trim(' ~ column ~ ')',
    '^([0-9]{1,2})/([A-Za-z]{3})[a-z]*/([0-9]{2,4}) ([0-9]{1,2}):([0-9]{2}) ?([AaPp][Mm])?$',
    ['day', 'month', 'year', 'hour', 'minute', 'half']
) }}, {{ naive_time(column) }})
{%- endmacro %}
