{#- A local time as US English writes it ('Mon, Nov 02, 2026 10:00 am', 'Nov 2, 2026 10:00 AM'), or in
    ISO 8601, as naive UTC; NULL where it is neither. -#}
{% macro named_month_time(column, time_zone) -%}
{%- set moment = "regexp_replace(trim(" ~ column ~ "), '^[A-Za-z]+, ', '')" -%}
{%- set local -%}
case
    when {{ matches(moment, "'^[A-Za-z]+ [0-9]'") }}
        then {{ adapter.dispatch('english_time', 'throughline')(moment) }}
    else {{ naive_time(column) }}
end
{%- endset -%}
{{ zoned_time(column, local, "'" ~ time_zone ~ "'") }}
{%- endmacro %}

{% macro default__english_time(moment) -%}
try_strptime({{ moment }}, ['%b %d, %Y %I:%M %p', '%B %d, %Y %I:%M %p'])
{%- endmacro %}

{% macro spark__english_time(moment) -%}
coalesce(
    try_to_timestamp({{ moment }}, 'MMM d, yyyy h:mm a'),
    try_to_timestamp({{ moment }}, 'MMMM d, yyyy h:mm a')
)
{%- endmacro %}
