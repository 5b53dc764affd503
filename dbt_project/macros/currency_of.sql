{#- The ISO 4217 code of the currency that the mark of an amount tells ('CA$1,005.50', '12,00 zł',
    'EUR 5'); NULL where there is none, or where it is that of several currencies ($, kr, ¥). -#}
{% macro currency_of(amount) -%}
{%- set marks = {
    'US$': 'USD', 'CA$': 'CAD', 'C$': 'CAD', 'AU$': 'AUD', 'A$': 'AUD', 'NZ$': 'NZD', 'HK$': 'HKD', 'SG$': 'SGD',
    'S$': 'SGD', 'NT$': 'TWD', 'MX$': 'MXN', 'R$': 'BRL', 'CN¥': 'CNY', 'JP¥': 'JPY', 'RMB': 'CNY', '€': 'EUR',
    '£': 'GBP', '₹': 'INR', '₽': 'RUB', '₺': 'TRY', 'TL': 'TRY', '₩': 'KRW', '₫': 'VND', '₱': 'PHP', '₪': 'ILS',
    '₴': 'UAH', '₦': 'NGN', '฿': 'THB', 'zł': 'PLN', 'Kč': 'CZK', 'Ft': 'HUF', 'Fr.': 'CHF', 'Fr': 'CHF',
    'SFr.': 'CHF', 'SFr': 'CHF', 'lei': 'RON', 'Rp': 'IDR', 'RM': 'MYR', 'S/': 'PEN', 'S/.': 'PEN', 'R': 'ZAR',
} -%}
{%- set cell = "translate(" ~ amount ~ ", chr(39), '’')" -%}
{%- set mark = "regexp_extract(" ~ cell ~ ", '" ~ currency_mark() ~ "', 1)" -%}
case
    when {{ matches(cell, "'" ~ amount_pattern() ~ "'") }}
        then case {{ mark }}
            {%- for sign, code in marks.items() %}
            when '{{ sign }}' then '{{ code }}'
            {%- endfor %}
            else {{ "nullif(regexp_extract(" ~ mark ~ ", '^[A-Z]{3}$', 0), '')" }}
        end
end
{%- endmacro %}
