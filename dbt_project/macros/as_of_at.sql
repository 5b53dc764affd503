{#- The only clock of the models: the var, or the newest batch where nobody set it. -#}
{% macro as_of_at() -%}
{%- if var('as_of_at') -%}
cast('{{ var("as_of_at") }}' as timestamp)
{%- else -%}
{{ newest_batch_at() }}
{%- endif -%}
{%- endmacro %}
