{#- A company's name as it is compared: lower case, without punctuation, blanks and legal form; NULL for
    none. -#}
{% macro normalised_company(column) -%}
nullif(replace(regexp_replace(
    trim(translate(lower({{ column }}), '&()/-.,', '     ')),
    '( +(inc|incorporated|llc|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps))+$',
    ''
), ' ', ''), '')
{%- endmacro %}
