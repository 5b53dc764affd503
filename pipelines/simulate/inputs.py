"""The tables that attribution begins with, for worlds and cases that have no exports."""

import duckdb

PERSON_NO = """cast((
    (ascii({key}) % 39 - 9) * 256
    + (ascii(substr({key}, 2, 1)) % 39 - 9) * 16
    + (ascii(substr({key}, 3, 1)) % 39 - 9)
) % 1000 as bigint) * 9007199254740992 + cast(hash({key}) >> 11 as bigint)"""
"""The macro person_no as DuckDB reads it."""


def create_inputs(con: duckdb.DuckDBPyConnection) -> None:
    """Empty tables of what attribution reads of the warehouse, with the columns that matter."""
    con.execute(
        f"""
        create schema if not exists intermediate;
        create table intermediate.int_touches_resolved (
            touch_id varchar, contact_key varchar, device_id varchar, account_key varchar,
            channel varchar, campaign varchar, campaign_key varchar, touch_type varchar,
            touch_priority bigint default 2, lookback_days bigint default 90, touched_at timestamp,
            person_no bigint generated always as (
                {PERSON_NO.format(key="coalesce(contact_key, md5(device_id))")}
            )
        );
        create table intermediate.int_conversions_unioned (
            conversion_id varchar, conversion_no bigint, conversion_type varchar,
            contact_key varchar, account_key varchar, opportunity_id varchar,
            amount_reporting decimal(18, 2), credit_scope varchar default 'contact',
            converted_at timestamp,
            -- A simulated time is exact.
            converted_until_at timestamp generated always as (converted_at)
        );
        create table intermediate.int_contact_accounts_matched (
            contact_key varchar, account_key varchar
        );
        create table intermediate.int_journey_intents (
            person_no bigint, intent_type varchar, shown_us bigint
        );
        create table intermediate.int_lift_test_conversions (
            experiment_id varchar, conversion_no bigint, channel varchar, conversion_type varchar,
            confidence_level double, incremental_conversions double,
            incremental_conversions_low double, incremental_conversions_high double
        );
        """
    )
