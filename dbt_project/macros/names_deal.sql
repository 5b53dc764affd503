{#- Whether a document of finance names a deal: by an id of int_crm_deal_ids_written, in the CRM that it says or in
    any. -#}
{% macro names_deal(document, deal_ids) -%}
{{ document }}.crm_deal_id = {{ deal_ids }}.written_id
and coalesce({{ document }}.crm_source, 'any') = {{ deal_ids }}.named_crm
{%- endmacro %}
