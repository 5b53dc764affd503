{#- The date of a UTC timestamp in the reporting time zone (V1). -#}
{% macro reporting_day(moment) -%}
cast({{ to_local(moment, "'" ~ var('reporting_time_zone') ~ "'") }} as date)
{%- endmacro %}
