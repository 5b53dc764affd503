{#- Text without the e-mail addresses in it, written plainly or percent-encoded: what an outsider puts
    into a link, a form or a name must not carry a person into a release. pipelines/personal.py has
    the same pattern. -#}
{% macro masked(column) -%}
case
    when contains({{ column }}, '@') or contains({{ column }}, '%40') or contains({{ column }}, '%2540')
        then {{ adapter.dispatch('addresses_replaced', 'throughline')(
            column, "'[^ @<>(),;:/?&=#|\"]+(@|%40|%2540)[^ @<>(),;:/?&=#|\"]+[.][^ @<>(),;:/?&=#|\".0-9]{2,}'", "'[email]'"
        ) }}
    else {{ column }}
end
{%- endmacro %}

{% macro default__addresses_replaced(column, pattern, mask) -%}
regexp_replace({{ column }}, {{ pattern }}, {{ mask }}, 'g')
{%- endmacro %}

{% macro spark__addresses_replaced(column, pattern, mask) -%}
regexp_replace({{ column }}, {{ pattern }}, {{ mask }})
{%- endmacro %}
