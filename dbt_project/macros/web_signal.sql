{#- What a web event tells of a person, as the columns signal and signal_text that scoring rules look
    at: a page by its path, any other event by its name. -#}
{% macro web_signal(events) -%}
case when {{ events }}.is_page_view then 'page_view' else 'web_event' end as signal,
        case
            when {{ events }}.is_page_view
                then regexp_extract(lower(coalesce({{ events }}.page_location, '')), '^https?://[^/?#]+([^?#]*)', 1)
            else lower({{ events }}.event_name)
        end as signal_text
{%- endmacro %}
