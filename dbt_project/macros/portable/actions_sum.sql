{#- The sum of `value` over those objects of a JSON array (of action_type and value) whose type is
    one of `types`; NULL where there is no array. -#}
{% macro actions_sum(column, types) -%}
{{ return(adapter.dispatch('actions_sum', 'throughline')(column, types)) }}
{%- endmacro %}

{% macro default__actions_sum(column, types) -%}
{%- set actions = "try_cast(try_cast(" ~ column ~ " as json) as json[])" -%}
case
    when {{ actions }} is not null then coalesce(list_sum(list_transform(
        list_filter(
            {{ actions }},
            lambda action: json_extract_string(action, '$.action_type') in ('{{ types | join("', '") }}')
        ),
        lambda action: try_cast(json_extract_string(action, '$.value') as double)
    )), 0)
end
{%- endmacro %}

{% macro spark__actions_sum(column, types) -%}
aggregate(
    filter(
        from_json({{ column }}, 'array<struct<action_type:string,value:string>>'),
        action -> action.action_type in ('{{ types | join("', '") }}')
    ),
    cast(0 as double),
    (total, action) -> total + coalesce(cast(action.value as double), cast(0 as double))
)
{%- endmacro %}
