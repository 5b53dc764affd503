{#- Whether a rate of int_fx_rates_dated is the one that a currency had on a day. Where no day is known
    that is the reporting currency's alone, which holds from the first day of 1970 on. -#}
{% macro is_rate_of_day(rates, currency, day) -%}
{{ currency }} = {{ rates }}.currency
and coalesce({{ day }}, cast('1970-01-01' as date)) >= {{ rates }}.rate_date
and coalesce({{ day }}, cast('1970-01-01' as date)) < {{ rates }}.next_rate_date
{%- endmacro %}
