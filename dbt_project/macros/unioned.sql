{#-
  The select lists of a union, one a model, all with the same columns. What a model calls otherwise has
  an expression under `as`; what it does not tell stands under `lacks` and is NULL of the column's type.
  Every other column it has by that name: a forgotten one fails, and is not empty in silence.

  A company's own models that its settings name for this one (var own_models) come behind ours; they have
  every column by its name.

  models: [{'from': relation or CTE, 'as': {column: expression}, 'lacks': [column]}]
  columns: {column: type}, in order
-#}
{% macro unioned(models, columns) -%}
{%- set own = [] -%}
{%- for name in var('own_models').get(model.name, []) -%}
{%- do own.append({'from': ref(name)}) -%}
{%- endfor -%}
{%- for model in models + own %}
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
