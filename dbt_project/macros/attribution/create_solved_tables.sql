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
    ~ ' conversions bigint, days_weight double, half_life_days double, lift_test_count bigint,'
    ~ ' share_before_tests double, share_before_tests_low double, share_before_tests_high double,'
    ~ ' is_fallback boolean, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.lift_tests (experiment_id varchar, attribution_model varchar,'
    ~ ' credited_before_tests double, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.response_weeks (channel varchar, week_start_date date, spend_reporting double,'
    ~ ' leads double, other_leads double, is_learned_from boolean, is_held_out boolean, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.response_curves (channel varchar, weeks bigint, spend_low double,'
    ~ ' spend_high double, elasticity double, elasticity_low double, elasticity_high double,'
    ~ ' others_elasticity double, others_elasticity_low double, others_elasticity_high double, correlation double,'
    ~ ' correlated_channel varchar, backtest_weeks bigint, backtest_leads double, backtest_leads_low double,'
    ~ ' backtest_leads_high double, backtest_leads_came double, refusal varchar, as_of_at timestamp)'
) -%}
{%- do run_query(
    'create table if not exists solved.response_points (channel varchar, point_no bigint, spend_reporting double,'
    ~ ' leads double, leads_low double, leads_high double, as_of_at timestamp)'
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
