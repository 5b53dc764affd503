{#- The last instant that a time can mean, UTC: of a day, which is a midnight in its source's zone (an SQL
    expression), its end; of a minute, which has no seconds, its end; else the time itself. What came first
    is asked of this one, so that a coarse time lies before nothing of its own day or minute. -#}
{% macro latest_moment(moment, time_zone) -%}
{%- set local = to_local(moment, time_zone) -%}
case
    when {{ epoch_us(local) }} % 86400000000 = 0
        then {{ add_us(to_utc('cast(' ~ add_days('cast(' ~ local ~ ' as date)', 1) ~ ' as timestamp)', time_zone), -1) }}
    when {{ epoch_us(moment) }} % 60000000 = 0 then {{ add_us(moment, 59999999) }}
    else {{ moment }}
end
{%- endmacro %}
