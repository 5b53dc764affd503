{#- What stands for a person where millions of touches are joined and sorted: a number takes a third of
    the time of a text. Its bucket x 2^53 + a hash, NULL of NULL: ten million persons have one chance in
    two hundred thousand that two of them share a number. -#}
{% macro person_no(key) -%}
{{ hash_bucket(key) }} * cast(9007199254740992 as bigint) + {{ hash_53(key) }}
{%- endmacro %}
