{#- A table with one row per node of a graph and the component that it is in, named after the
    component's smallest node. The model is the edges: two columns of text; a node without a neighbour
    is an edge to itself. In each round a node takes the smallest name among its neighbours', and then
    the name that this one has by now, so that rounds grow with the logarithm of the longest path.
    The config says how the two columns are called. On DuckDB the rounds are those of one recursive
    query, so that a run can say it again; Spark bounds the rounds of such a query. -#}
{% materialization connected_components, adapter='duckdb' -%}
    {{ return(replaced_relation('table', recursive_components(sql, config.require('node'), config.require('component')))) }}
{%- endmaterialization %}

{#- `using key` keeps one label a node: a round sees those that the last one lowered under the query's
    own name, and all of them under recurring. -#}
{% macro recursive_components(sql, node, component) -%}
    with recursive given as ({{ columns_named(sql, ['a', 'b']) }}),

    edges as materialized (
        select a, b from given
        union all
        select b, a from given
    ),

    labels (node, component) using key (node) as (
        select a, min(least(a, b)) from edges group by a
        union
        select held.node, min(found.component)
        from recurring.labels as held
        inner join (
            select edges.a as node, labels.component
            from labels
            inner join edges on labels.node = edges.b
            union all
            select ours.node, theirs.component
            from recurring.labels as ours
            inner join recurring.labels as theirs on ours.component = theirs.node
        ) as found on held.node = found.node
        where found.component < held.component
        group by held.node
    )

    select node as {{ node }}, component as {{ component }} from labels
{%- endmacro %}

{% materialization connected_components, default -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set node, component = config.require('node'), config.require('component') -%}
    {%- set edges = working_relation(this, 'edges') -%}
    {%- set rounds = [working_relation(this, 'even'), working_relation(this, 'odd')] -%}
    {{ run_hooks(pre_hooks) }}
    {%- do replace_table(edges, 'select a, b from (' ~ columns_named(sql, ['a', 'b']) ~ ') as given union all '
        ~ 'select b, a from (' ~ columns_named(sql, ['a', 'b']) ~ ') as taken') -%}
    {%- do replace_table(rounds[0], 'select a as node, min(least(a, b)) as component from ' ~ edges ~ ' group by a') -%}
    {%- set state = namespace(changed=1, round=0) -%}
    {%- for _ in range(64) if state.changed > 0 -%}
        {%- set old, new = rounds[state.round % 2], rounds[(state.round + 1) % 2] -%}
        {%- do replace_table(new, smaller_components(edges, old)) -%}
        {%- set changed = run_query(
            'select count(*) as changed from ' ~ new ~ ' as n inner join ' ~ old ~ ' as o'
            ~ ' on n.node = o.node where n.component <> o.component'
        ) -%}
        {%- set state.changed = changed.rows[0][0] | int -%}
        {%- set state.round = state.round + 1 -%}
    {%- endfor -%}
    {%- if state.changed > 0 -%}
        {%- do exceptions.raise_compiler_error(this ~ ': components did not settle in 64 rounds') -%}
    {%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {% call statement('main') -%}
        create table {{ target_relation }} as
        select node as {{ node }}, component as {{ component }} from {{ rounds[state.round % 2] }}
    {%- endcall %}
    {%- for relation in [edges] + rounds -%}{%- do run_query('drop table ' ~ relation) -%}{%- endfor -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{% macro working_relation(target, part) -%}
    {{ return(api.Relation.create(
        database=target.database, schema=target.schema, identifier=target.identifier ~ '__' ~ part, type='table'
    )) }}
{%- endmacro %}

{% macro replace_table(relation, sql) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- do run_query('create table ' ~ relation ~ ' as ' ~ sql) -%}
{%- endmacro %}

{#- The columns of a query under other names, by their place. -#}
{% macro columns_named(sql, names) -%}
    with named ({{ names | join(', ') }}) as ({{ sql }}) select * from named
{%- endmacro %}

{% macro smaller_components(edges, labels) -%}
    with spread as (
        select edges.a as node, min(least(ours.component, theirs.component)) as component
        from {{ edges }} as edges
        inner join {{ labels }} as ours on edges.a = ours.node
        inner join {{ labels }} as theirs on edges.b = theirs.node
        group by edges.a
    )
    select spread.node, least(spread.component, onward.component) as component
    from spread
    inner join spread as onward on spread.component = onward.node
{%- endmacro %}
