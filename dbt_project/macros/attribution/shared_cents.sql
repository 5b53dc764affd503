{#- The cents of a share, such that the shares of one whole add up to it (V10): each gets the full cents
    of its share, and those that rounding leaves over go to the largest remainders. `cents` is the
    whole, a bigint that is not negative, the same in all rows of `partition_by`; `share` sums to 1
    there; `tie_break` gives equal remainders a total order. -#}
{% macro shared_cents(cents, share, partition_by, tie_break) -%}
{#- The billionth keeps a share that is a whole number of cents from falling below it. -#}
{%- set floored = "floor(" ~ cents ~ " * " ~ share ~ " + 0.000000001)" -%}
cast({{ floored }} as bigint) + case
    when row_number() over (
        partition by {{ partition_by | join(', ') }}
        order by round({{ cents }} * {{ share }} - {{ floored }}, 6) desc, {{ tie_break | join(', ') }}
    ) <= {{ cents }} - sum(cast({{ floored }} as bigint)) over (partition by {{ partition_by | join(', ') }}) then 1
    else 0
end
{%- endmacro %}
