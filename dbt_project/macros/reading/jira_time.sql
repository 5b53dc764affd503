{#- A time of Jira's CSV, '22/Sep/25 9:26 AM', '22/Sep/25 14:26' or '05.Mär.26 14:26', or ISO 8601 as a spreadsheet or a
    connector has it, as naive UTC; NULL where it is neither. `time_zone` is an SQL expression. -#}
{% macro jira_time(column, time_zone) -%}
{%- set printed = printed_time(
    'trim(' ~ column ~ ')',
    '^([0-9]{1,2})[/.] ?([^0-9 /.]{3})[^0-9 /.]*[.]?[/. ]([0-9]{2,4}),? ([0-9]{1,2}):([0-9]{2}) ?([AaPp][Mm])?$',
    ['day', 'month', 'year', 'hour', 'minute', 'half']
) -%}
{{ zoned_time(column, 'coalesce(' ~ printed ~ ', ' ~ naive_time(column) ~ ')', time_zone) }}
{%- endmacro %}
