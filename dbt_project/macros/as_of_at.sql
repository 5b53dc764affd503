{#- The only clock of the models: one row of data, set by each run, so that its statements are the
    same in all of them. The var stands for it in unit tests. -#}
{% macro as_of_at() -%}
{%- if var('as_of_at') -%}
cast('{{ var("as_of_at") }}' as timestamp)
{%- else -%}
(select as_of_at from {{ source('ops', 'clock') }})
{%- endif -%}
{%- endmacro %}
