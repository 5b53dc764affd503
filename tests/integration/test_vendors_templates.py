"""The templates that teams fill in, from the file to the models: every value by hand."""

from datetime import date, datetime
from decimal import Decimal

import duckdb

COUNTS = {
    "accuracy_audit": 2,
    "blocker_log": 12,
    "brief_dependencies": 2,
    "campaign_briefs": 2,
    "campaign_registry": 2,
    "consent_withdrawals": 2,
    "decisions": 2,
    "erasure_requests": 2,
    "event_attendances": 4,
    "experiments": 3,
    "gate_overrides": 2,
    "handoffs": 3,
    "hygiene_runs": 3,
    "invoices": 3,
    "key_results": 2,
    "marketing_audit": 2,
    "offline_costs": 12,
    "pulse_survey": 3,
    "qa_results": 3,
    "raci_assignments": 2,
    "refunds": 5,
    "strategy_register": 2,
    "tool_evaluations": 2,
    "tool_inventory": 2,
    "work_items": 6,
}


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


def test_every_template_is_loaded_as_what_it_is(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select stream, status, rows_read, rows_loaded + rows_rejected + rows_skipped, rows_loaded"
        " from ops.files where path like 'templates/%' order by stream",
    )
    # Each but one has a blank line below its header or its rows: it is read and skipped.
    lines = {stream: n + (stream != "refunds") for stream, n in COUNTS.items()}
    assert found == [(s, "loaded", lines[s], lines[s], n) for s, n in COUNTS.items()]


def test_day_and_decimal_are_decided_per_file(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select stream, date_order, decimal_mark from ops.files"
        " where source = 'templates' and coalesce(date_order, decimal_mark) is not null order by 1",
    ) == [
        ("accuracy_audit", "dmy", None),
        ("blocker_log", "dmy", None),
        ("erasure_requests", "dmy", None),
        ("experiments", "dmy", ","),
        ("invoices", "dmy", ","),
        ("key_results", "mdy", "."),
        ("offline_costs", "dmy", ","),
        ("refunds", "dmy", ","),
        ("strategy_register", "dmy", ","),
        ("tool_inventory", "dmy", ","),
    ]


def test_unknown_columns_are_kept(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select stream, extra_columns from ops.files where source = 'templates'"
        " and extra_columns is not null order by 1",
    ) == [("blocker_log", "Room"), ("campaign_registry", "Extra"), ("offline_costs", "PO")]


def test_a_reopened_blocker_keeps_its_id(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select blocker_id, blocker_category, severity, utm_campaign, owner_name, due_date,"
        " opened_at, resolved_at from staging.stg_templates__blocker_log"
        " where blocker_id in ('B-1', 'B-2') order by row_number",
    ) == [
        (
            *("B-1", "approval bottleneck", "high", "harvest-forum", None, date(2026, 9, 4)),
            *(datetime(2026, 8, 31, 9, 30), None),
        ),
        (
            *("B-1", "approval bottleneck", "high", None, "Ana Ops", date(2026, 9, 15)),
            *(datetime(2026, 9, 10, 6), datetime(2026, 9, 12)),
        ),
        # 31 September is no day: kept in raw, NULL here.
        ("B-2", None, "low", None, None, None, None, None),
    ]


def test_work_that_ends_before_it_begins_is_set_aside_and_counted(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Six items, of which one ends before it begins: never turned round, and no task of it."""
    assert rows(
        vendors,
        "select task_id, task_subtype, owner_name, is_completed, is_tagged_blocked,"
        " cast(created_at as date), cast(completed_at as date) from intermediate.int_tasks_unioned"
        " where tracker = 'work_items' order by task_id",
    ) == [
        ("work_items:K-1", "default_task", "Kim", True, False, date(2026, 6, 1), date(2026, 6, 4)),
        ("work_items:K-3", "default_task", None, True, False, date(2026, 6, 3), date(2026, 6, 10)),
        ("work_items:K-4", "default_task", None, False, True, date(2026, 6, 5), None),
        ("work_items:K-5", "milestone", "Kim", True, False, date(2026, 6, 5), date(2026, 6, 5)),
        ("work_items:K-6", "default_task", None, False, False, None, None),
    ]
    assert rows(
        vendors,
        "select column_name, path, row_number from intermediate.int_records_set_aside join"
        " ops.files using (file_id) where record_type = 'work_item'",
    ) == [("finished_date", "templates/work_items.csv", 3)]
    # Stated as 4 days, K-3 took 7; stated as 3, K-1 took 3.
    assert rows(
        vendors,
        "select expectation, failed from ops.quality_results where table_name = 'work_items'"
        " and expectation in ('not_before_created', 'duration_is_that_of_its_days') order by 1",
    ) == [("duration_is_that_of_its_days", 1), ("not_before_created", 1)]


def test_a_brief_waits_for_what_somebody_sees_to(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select dependency, owner_name, is_open, is_unassigned, needed_by_date"
        " from operations.fct_brief_dependencies order by 1",
    ) == [
        ("Hall booked", "Unassigned", True, True, date(2026, 8, 25)),
        ("Speaker agreed", "Kim", False, False, date(2026, 8, 20)),
    ]


def test_an_override_needs_a_name(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select utm_campaign, gate_check, approver_name, expires_date"
        " from staging.stg_templates__gate_overrides order by 2 desc",
    ) == [
        ("harvest-forum", "tracking_validated", "Kim", date(2026, 10, 31)),
        ("harvest-forum", "required_inputs", None, date(2026, 10, 31)),
    ]


def test_placeholders_are_no_answers(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select version, positioning, channel_role, predicted_effect, valid_from_date"
        " from staging.stg_templates__strategy_register order by version",
    ) == [
        (1, None, "demand creation", Decimal("20.50"), date(2026, 7, 1)),
        (2, None, None, None, date(2026, 8, 15)),
    ]
    assert rows(
        vendors, "select result from staging.stg_templates__qa_results order by row_number"
    ) == [("pass",), (None,), ("fail",)]
    assert rows(
        vendors, "select is_present from staging.stg_templates__handoffs order by row_number"
    ) == [(True,), (False,), (None,)]


def test_runs_of_hygiene_are_dated_and_named(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select hygiene_task, utm_campaign, changed_record_count, done_at"
        " from staging.stg_templates__hygiene_runs order by row_number",
    ) == [
        ("deduplicate_crm", None, 14, datetime(2026, 5, 29, 19)),
        ("verify_emails", "webinar-q2", None, datetime(2026, 6, 1, 9, 30)),
        ("audit_utm", None, None, None),
    ]


def test_numbers_survive_to_the_cent(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors, "select baseline, target from staging.stg_templates__key_results order by 1 desc"
    ) == [(Decimal("100000.00"), Decimal("120000.00")), (Decimal("12.00"), None)]
    assert rows(
        vendors,
        "select annual_cost, licensed_users, active_users, is_connected_to_warehouse"
        " from staging.stg_templates__tool_inventory order by 1 desc",
    ) == [(Decimal("18000.00"), 20, 17, True), (Decimal("99.90"), None, None, None)]


def test_offline_costs_have_a_period_and_a_currency(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select cost_id, amount, currency, campaign_name, period_start_date, period_end_date,"
        " fx_rate_date is null from intermediate.int_offline_costs"
        " where amount <> 10.01 order by cost_id",
    ) == [
        (
            *("INV-1", Decimal("1234.56"), "EUR", "Harvest forum"),
            *(date(2026, 9, 13), date(2026, 9, 14), False),
        ),
        ("INV-2", Decimal("-50.00"), "USD", None, date(2026, 9, 1), date(2026, 9, 1), False),
        # Its end is before its start, and nobody has a rate for XXX.
        ("INV-4", Decimal("80.10"), "XXX", None, date(2026, 9, 20), date(2026, 9, 20), True),
    ]


def test_offline_costs_are_whole(vendors: duckdb.DuckDBPyConnection) -> None:
    """Of twelve one has no amount that can be read: raw keeps it, and it is no cost."""
    for table, count in (
        ("staging.stg_templates__offline_costs", 12),
        ("intermediate.int_offline_costs", 11),
    ):
        assert rows(vendors, f"select count(*), sum(amount) from {table}") == [
            (count, Decimal("1344.74"))
        ]


def test_only_a_concluded_lift_test_is_usable(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select experiment_id, effect, effect_low, effect_high, confidence_level, is_usable"
        " from intermediate.int_lift_tests order by 1",
    ) == [
        ("E-1", Decimal("0.12"), Decimal("0.05"), Decimal("0.19"), Decimal("0.95"), True),
        ("E-2", Decimal("0.30"), Decimal("-0.10"), Decimal("0.70"), Decimal("0.90"), False),
        ("E-3", None, None, None, Decimal("0.95"), False),
    ]


def test_offline_costs_enter_their_bases_to_the_cent(vendors: duckdb.DuckDBPyConnection) -> None:
    """One cost is an event's; the others say no kind, and are in the fullest basis alone."""
    bases = dict(
        rows(
            vendors,
            "select cost_basis, sum(cost) from attribution.fct_acquisition_costs group by 1",
        )
    )
    ((event, other),) = rows(
        vendors,
        "select sum(amount_reporting) filter (cost_type = 'event'),"
        " sum(amount_reporting) filter (cost_type is null) from intermediate.int_offline_costs",
    )
    assert (event > 1000, other) == (True, Decimal("30.08"))
    assert bases["blended"] - bases["paid"] == event
    assert bases["fully_loaded"] - bases["blended"] == other


def test_lift_tests_stand_beside_every_model(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select experiment_id, conversion_type, count(distinct attribution_model),"
        " any_value(round(incremental_conversions, 4)),"
        " any_value(round(incremental_conversions_low, 4)),"
        " any_value(round(incremental_conversions_high, 4)), count(is_disputed)"
        " from attribution.fct_lift_tests group by all order by all",
    ) == [
        # 31.5 conversions for an effect of 0.12 between 0.05 and 0.19.
        ("E-1", "lead", 10, 31.5, 13.125, 49.875, 10),
        ("E-2", "lead", 10, None, None, None, 0),
        ("E-3", "lead", 10, None, None, None, 0),
    ]
    wrong = rows(
        vendors,
        "select * from attribution.fct_lift_tests where is_usable and is_disputed"
        " <> (credited_conversions not between incremental_conversions_low"
        " and incremental_conversions_high)",
    )
    assert wrong == []
    credited = rows(
        vendors,
        "select attribution_model, round(credited_conversions, 6) from attribution.fct_lift_tests"
        " where experiment_id = 'E-1' order by 1",
    )
    expected = rows(
        vendors,
        "select attribution_model, round(sum(credit) filter (channel = 'Paid Search'"
        " and cast(timezone('America/New_York', timezone('UTC', converted_at)) as date)"
        " between date '2026-06-01' and date '2026-06-30'), 6)"
        " from attribution.fct_attribution_credits where conversion_type = 'lead'"
        " group by 1 order by 1",
    )
    assert credited == [(model, credit or 0) for model, credit in expected]


def test_one_attendance_per_person_and_event(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select attendance_status, registered_at, attended_at"
        " from intermediate.int_event_attendances order by registered_at",
    ) == [
        ("registered", datetime(2026, 9, 1, 10), None),
        ("no_show", datetime(2026, 9, 2, 10), None),
        ("registered", datetime(2026, 9, 3, 10), None),
    ]


def test_refunds_and_corrected_amounts_take_from_what_was_won(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Deal 5601 was won for 1,200.10: that it was corrected at the win is no change of it."""
    assert rows(
        vendors,
        "select d.crm_source, d.crm_deal_id, posting_type, p.amount, p.currency, p.booked_date,"
        " reason from intermediate.int_revenue_postings as p"
        " inner join attribution.fct_conversions using (conversion_id)"
        " inner join intermediate.int_crm_deals_unioned as d using (opportunity_id)"
        " left join intermediate.int_revenue_changes_priced using (revenue_change_id)"
        " where d.crm_deal_id in ('5601', '0065e000000WON1AAA')"
        " order by d.crm_deal_id desc, p.booked_date",
    ) == [
        *(
            ("hubspot", "5601", kind, Decimal(amount), currency, booked, reason)
            for kind, amount, currency, booked, reason in (
                ("original", "1200.10", "USD", date(2026, 8, 31), None),
                ("amount_change", "-210.00", "USD", date(2026, 9, 10), None),
                ("refund", "-200.00", "EUR", date(2026, 9, 14), "Cancellation"),
            )
        ),
        *(
            ("salesforce", "0065e000000WON1AAA", kind, Decimal(amount), "USD", booked, reason)
            for kind, amount, booked, reason in (
                ("original", "12000.50", date(2026, 4, 29), None),
                ("refund", "-1000.50", date(2026, 9, 15), "goodwill"),
            )
        ),
    ]


def test_an_invoice_is_for_the_won_deal_that_it_names(vendors: duckdb.DuckDBPyConnection) -> None:
    """The third is of after the clock."""
    assert rows(
        vendors,
        "select invoice_id, deals.crm_deal_id, invoices.amount, invoices.currency, billed_date,"
        " compared_date from intermediate.int_invoices_matched as invoices"
        " left join attribution.fct_conversions using (conversion_id)"
        " left join intermediate.int_crm_deals_unioned as deals using (opportunity_id) order by 1",
    ) == [
        ("I-1", "5601", Decimal("1200.50"), "EUR", date(2026, 9, 14), date(2026, 8, 31)),
        ("I-2", None, Decimal("-10.00"), "USD", date(2026, 9, 15), date(2026, 9, 15)),
    ]
    assert (
        "invoices",
        "crm_deal_id",
        "unknown",
    ) in rows(vendors, "select template, column_name, unknown_name from quality.fct_unknown_names")


def test_a_refund_of_no_deal_is_named_and_takes_from_nothing(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        vendors,
        "select amount_delta, opportunity_id, conversion_id"
        " from intermediate.int_revenue_changes_priced where conversion_id is null",
    ) == [(Decimal("-10.00"), None, None)]
    assert rows(
        vendors,
        "select expectation, severity, success, evaluated, failed, exception"
        " from ops.quality_results where expectation like 'every_refund%' order by 1",
    ) == [
        ("every_refund_fits_its_deal", "warning", True, 2, 0, None),
        ("every_refund_has_its_deal", "warning", False, 3, 1, None),
    ]
