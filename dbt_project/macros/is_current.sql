{#- Whether a row of a raw table is still what its source says, by the contract's `replaces`:
    'row' keeps the newest row of a key, 'file' every row of the newest file that has the key,
    'batch' every row of the newest batch that has it. For use in a qualify clause. -#}
{% macro is_current(by, unit) -%}
{%- set partition = by | join(', ') -%}
{%- if unit == 'row' -%}
row_number() over (partition by {{ partition }} order by _file_id desc, _row_number desc) = 1
{%- elif unit == 'file' -%}
_file_id = max(_file_id) over (partition by {{ partition }})
{%- elif unit == 'batch' -%}
_loaded_at = max(_loaded_at) over (partition by {{ partition }})
{%- else -%}
{{ exceptions.raise_compiler_error("unit is row, file or batch, not " ~ unit) }}
{%- endif -%}
{%- endmacro %}
