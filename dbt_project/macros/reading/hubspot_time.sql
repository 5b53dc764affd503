{#- A HubSpot time as UTC: milliseconds since 1970, ISO with its own zone, a connector's UTC
    (`synced_at` is filled), or the account's local time as exports write it. -#}
{% macro hubspot_time(column, synced_at='fivetran_synced', date_order='_date_order') -%}
case
    when {{ matches(column, "'^[0-9]{12,13}$'") }}
        then {{ timestamp_from_us('try_cast(' ~ column ~ ' as bigint) * 1000') }}
    when {{ synced_at }} is not null or {{ matches(column, "'[0-9](Z|[+-][0-9]{2}:?[0-9]{2})$'") }}
        then {{ utc_time(column) }}
    else {{ to_utc(localised_time(column, date_order), "'" ~ var('source_time_zones').hubspot ~ "'") }}
end
{%- endmacro %}
