{#- The ISO 4217 code of the currency that a cell names, in whatever case, or by a mark that one currency alone has
    (€, £, CA$). What names none, or one of several ($), stays as it was written: no other currency is taken in its
    place. NULL where nothing is said. -#}
{% macro parse_currency(column) -%}
{%- set said = "trim(" ~ column ~ ")" -%}
{%- set nothing = "^([?]|-|--|tbd|tba|todo|n/?a|null|undefined|.not set.|.not provided.)?$" -%}
case
    when {{ matches("lower(" ~ said ~ ")", "'" ~ nothing ~ "'") }} then null
    else coalesce({{ marked_currency(said) }}, upper({{ said }}))
end
{%- endmacro %}
