{#-
  The select lists of a union, one a model, all with the same columns. What a model calls otherwise has
  an expression under `as`; what it does not tell stands under `lacks` and is NULL of the column's type.
  Every other column it has by that name: a forgotten one fails, and is not empty in silence.

  models: [{'from': relation or CTE, 'as': {column: expression}, 'lacks': [column]}]
  columns: {column: type}, in order
-#}
{% macro unioned(models, columns) -%}
{%- for model in models %}
{%- set named, lacks = model.get('as', {}), model.get('lacks', []) %}
{%- for column in named.keys() | list + lacks if column not in columns %}
{{ exceptions.raise_compiler_error("unioned: " ~ model['from'] ~ " names " ~ column ~ ", no column of the union") }}
{%- endfor %}
select
    {%- for column, type in columns.items() %}
    {{ 'cast(null as ' ~ type ~ ') as ' if column in lacks else named[column] ~ ' as ' if column in named }}
    {{- column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ model['from'] }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- endmacro %}
