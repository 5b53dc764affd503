{#- Whether a text contains a match of a pattern that both engines read alike: no \d, no lookaround.

    DuckDB compiles a constant pattern once and one of a column anew for every row, which costs a
    hundred times as much. With `rules`, the seed or seeds whose column the pattern is, what they
    hold at the time of a build stands in the statement as constants; the result is the same. -#}
{% macro matches(text, pattern, rules=[]) -%}
{{ return(adapter.dispatch('matches', 'throughline')(text, pattern, rules)) }}
{%- endmacro %}

{% macro default__matches(text, pattern, rules) -%}
{%- set constants = rule_patterns(rules, pattern.split('.') | last) if rules else [] -%}
{%- if constants -%}
case {{ pattern }}
    {%- for constant in constants %}
    when {{ dbt.string_literal(dbt.escape_single_quotes(constant)) }}
        then regexp_matches({{ text }}, {{ dbt.string_literal(dbt.escape_single_quotes(constant)) }})
    {%- endfor %}
    else regexp_matches({{ text }}, {{ pattern }})
end
{%- else -%}
regexp_matches({{ text }}, {{ pattern }})
{%- endif -%}
{%- endmacro %}

{% macro spark__matches(text, pattern, rules) -%}
{{ text }} rlike {{ pattern }}
{%- endmacro %}

{#- What a column of seeds holds; nothing where a unit test gives the rows, and where nothing is built. -#}
{% macro rule_patterns(rules, column) -%}
{%- set patterns = [] -%}
{%- if execute and flags.WHICH in ('build', 'run', 'show') -%}
    {%- for rule in ([rules] if rules is mapping else rules) if not rule.is_cte -%}
        {%- if load_relation(rule) is not none -%}
            {%- set rows = run_query('select distinct ' ~ column ~ ' from ' ~ rule ~ ' where ' ~ column ~ ' is not null') -%}
            {%- do patterns.extend(rows.columns[0].values()) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif -%}
{{ return(patterns | unique | sort) }}
{%- endmacro %}
