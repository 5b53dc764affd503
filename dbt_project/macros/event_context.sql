{#- What an event says of where it came from, as words: alike of many events, and so read once for all of them. -#}
{% macro event_context() -%}
page_location page_referrer manual_source manual_medium manual_campaign param_source param_medium param_campaign
click_id_type click_id user_agent traffic_type
{%- endmacro %}


{#- Whether an event says what a context of int_event_contexts_sourced is. -#}
{% macro is_context_of(events, contexts) -%}
{%- for column in event_context().split() %}
{%- set told = 'told_' ~ column if column in ['click_id_type', 'click_id'] else column -%}
{{ ' and ' if not loop.first }}{{ events }}.{{ column }} is not distinct from {{ contexts }}.{{ told }}
{%- endfor %}
{%- endmacro %}
