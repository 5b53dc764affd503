{#- The ISO 4217 code that a mark beside an amount stands for, or that is written as one; NULL where the mark is that of
    several currencies ($, kr, ¥). -#}
{% macro marked_currency(mark) -%}
{%- set marks = {
    'US$': 'USD', 'CA$': 'CAD', 'C$': 'CAD', 'AU$': 'AUD', 'A$': 'AUD', 'NZ$': 'NZD', 'HK$': 'HKD', 'SG$': 'SGD',
    'S$': 'SGD', 'NT$': 'TWD', 'MX$': 'MXN', 'R$': 'BRL', 'CN¥': 'CNY', 'JP¥': 'JPY', 'RMB': 'CNY', '€': 'EUR',
    '£': 'GBP', '₹': 'INR', '₽': 'RUB', '₺': 'TRY', 'TL': 'TRY', '₩': 'KRW', '₫': 'VND', '₱': 'PHP', '₪': 'ILS',
    '₴': 'UAH', '₦': 'NGN', '฿': 'THB', 'zł': 'PLN', 'Kč': 'CZK', 'Ft': 'HUF', 'Fr.': 'CHF', 'Fr': 'CHF',
    'SFr.': 'CHF', 'SFr': 'CHF', 'lei': 'RON', 'Rp': 'IDR', 'RM': 'MYR', 'S/': 'PEN', 'S/.': 'PEN', 'R': 'ZAR',
} -%}
case {{ mark }}
    {%- for sign, code in marks.items() %}
    when '{{ sign }}' then '{{ code }}'
    {%- endfor %}
    else {{ "nullif(regexp_extract(" ~ mark ~ ", '^[A-Z]{3}$', 0), '')" }}
end
{%- endmacro %}
