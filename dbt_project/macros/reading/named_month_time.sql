{#- A local time as US English writes it ('Mon, Nov 02, 2026 10:00 am', 'Nov 2, 2026 10:00 AM'), or in
    ISO 8601 without an offset, as a naive timestamp; NULL where it is neither. -#}
{% macro named_month_time(column) -%}
{%- set moment = "regexp_replace(trim(" ~ column ~ "), '^[A-Za-z]+, ', '')" -%}
case
    when {{ matches(moment, "'^[A-Za-z]+ [0-9]'") }}
        then {{ adapter.dispatch('named_month_time', 'throughline')(moment) }}
    else {{ naive_time(column) }}
end
{%- endmacro %}

{% macro default__named_month_time(moment) -%}
try_strptime({{ moment }}, ['%b %d, %Y %I:%M %p', '%B %d, %Y %I:%M %p'])
{%- endmacro %}

{% macro spark__named_month_time(moment) -%}
coalesce(
    try_to_timestamp({{ moment }}, 'MMM d, yyyy h:mm a'),
    try_to_timestamp({{ moment }}, 'MMMM d, yyyy h:mm a')
)
{%- endmacro %}
