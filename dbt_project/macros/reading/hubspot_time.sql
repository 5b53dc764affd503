{#- A HubSpot time as UTC: milliseconds since 1970, a connector's UTC (`synced_at` is filled), or the
    account's local time as exports write it, unless it carries an offset. -#}
{% macro hubspot_time(column, synced_at='fivetran_synced', date_order='_date_order') -%}
case
    when {{ matches(column, "'^[0-9]{12,13}$'") }}
        then {{ timestamp_from_us('try_cast(' ~ column ~ ' as bigint) * 1000') }}
    when {{ synced_at }} is not null then {{ utc_time(column) }}
    else {{ localised_time(column, date_order, var('source_time_zones').hubspot) }}
end
{%- endmacro %}
