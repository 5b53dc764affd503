{#- The tables of pipelines/attribution and pipelines/scoring, empty where they have not run: a bare `dbt build` then has no
    rows of its models. On Spark they are handed over like every other source. -#}
{% macro create_solved_tables() -%}
{%- if execute and target.type == 'duckdb' -%}
{%- do run_query('create schema if not exists solved') -%}
{%- do run_query(
    'create table if not exists solved.journey_credits (conversion_id varchar, touch_id varchar,'
    ~ ' attribution_model varchar, channel varchar, credit double, is_fallback boolean, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.intervals (attribution_model varchar, conversion_type varchar,'
    ~ ' channel varchar, share double, share_low double, share_high double, is_told boolean, value_share double,'
    ~ ' conversions bigint, days_weight double, half_life_days double, is_fallback boolean, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.lead_score_evaluations (rules_auc double, learned_auc double,'
    ~ ' training_leads bigint, holdout_leads bigint, holdout_from_at timestamp, is_learned_shown boolean,'
    ~ ' as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.lead_chances (contact_key varchar, conversion_probability double,'
    ~ ' as_of_at timestamp)'
) -%}
{%- endif -%}
{%- endmacro %}
