{#- Whether a rate of int_fx_rates_dated is the one that a currency had on a day. -#}
{% macro is_rate_of_day(rates, currency, day) -%}
{{ currency }} = {{ rates }}.currency
and {{ day }} >= {{ rates }}.rate_date
and {{ day }} < {{ rates }}.next_rate_date
{%- endmacro %}
