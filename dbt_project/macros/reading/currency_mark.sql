{#- A pattern of what vendors print beside an amount to say its currency, in one group: a sign with or
    without letters before it (CA$, R$, €), a code of ISO 4217, or a short word (kr, zł, Fr.). The loader
    has the same one (pipelines/ingest/locale.py), as amounts prove a file's decimal mark. -#}
{% macro currency_mark() -%}
([A-Z]?[A-Z]?[A-Z]?[$€£¥₹₽₺₩₫₱₪₴₦฿]|[A-Z][A-Z][A-Z]|[Kk]r[.]?|zł|S?Fr[.]?|Kč|Ft|lei|Rp|RM|Rs[.]?|S/[.]?|TL|R)
{%- endmacro %}
