{#- The date of a UTC timestamp in the zone of a source or an account; in the reporting zone where nobody says its
    own (V1). -#}
{% macro source_day(moment, time_zone) -%}
cast({{ to_local(moment, 'coalesce(' ~ time_zone ~ ", '" ~ var('reporting_time_zone') ~ "')") }} as date)
{%- endmacro %}
