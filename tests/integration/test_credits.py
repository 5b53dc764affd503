"""Evidence, confidence, disagreement and channel performance on hand-computed credits."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.warehouse import connect
from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"
MODELS = ("linear", "first_touch")

# Contact, its e-mail, and how it was matched to its account.
CONTACTS = (
    ("ann", "ann@one.example", "crm_link"),
    ("bob", "team@two.example", "email_domain"),
    ("rob", "team@two.example", "email_domain"),
    ("eve", "eve@three.example", "email_domain"),
    ("joe", None, "unmatched"),
)
# Touch, contact, channel, campaign, click id, link, priority.
TOUCHES = (
    ("t1", "ann", "Email", None, "gclid", "user_id_is_record_id", 1),
    ("t2", "bob", "Display", "unknown", None, "device_identified_before", 2),
    ("t3", "eve", "Paid Search", "spring", None, "user_id_is_record_id", 2),
    ("t4", "ann", "Referral", None, None, "device_identified_before", 4),
    ("t5", "ann", "Unassigned", None, None, "user_id_is_record_id", 2),
    ("t6", "joe", "Organic Search", None, None, "a reason of tomorrow", 2),
    ("t7", "ann", "SMS", None, None, "just below", 4),
)
# Conversion, its type, whose touches, touch, model, channel, credit, amount.
CREDITS = (
    ("lead1", "lead", "contact", "t1", "linear", "Email", 0.5, None),
    ("lead1", "lead", "contact", "t2", "linear", "Display", 0.5, None),
    ("lead1", "lead", "contact", "t1", "first_touch", "Email", 1.0, None),
    ("lead2", "lead", "contact", None, "linear", "Unattributed", 1.0, None),
    ("lead2", "lead", "contact", None, "first_touch", "Unattributed", 1.0, None),
    ("mql1", "mql", "contact", "t4", "linear", "Referral", 1.0, None),
    ("mql1", "mql", "contact", "t4", "first_touch", "Referral", 1.0, None),
    ("mql2", "mql", "contact", "t7", "linear", "SMS", 1.0, None),
    ("mql2", "mql", "contact", "t7", "first_touch", "SMS", 1.0, None),
    ("deal", "closed_won", "account", "t1", "linear", "Email", 0.5, "50.01"),
    ("deal", "closed_won", "account", "t2", "linear", "Display", 0.25, "25.00"),
    ("deal", "closed_won", "account", "t3", "linear", "Paid Search", 0.25, "25.00"),
    ("deal", "closed_won", "account", "t2", "first_touch", "Display", 1.0, "100.01"),
    # An amount in eight digits times a weight in ten decimals.
    ("whale", "opportunity", "account", "t3", "linear", "Paid Search", 1.0, "24120000.00"),
    ("whale", "opportunity", "account", "t3", "first_touch", "Paid Search", 1.0, "24120000.00"),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file whose credits, touches and spend are those above."""
    build = tmp_path_factory.mktemp("credits") / "build.duckdb"
    seeds = ("attribution_models", "evidence_weights", "evidence_grades", "page_subjects")
    run_dbt(build, "seed", "--select", *seeds, as_of_at=AS_OF)
    with connect(build) as con:
        con.execute(
            "delete from seeds.attribution_models where not attribution_model in ?", [MODELS]
        )
        con.execute(
            "insert into seeds.evidence_weights values ('identity_link', 'just below', 0.9499, '')"
        )
        write_inputs(con)
    run_dbt(
        build,
        *("run", "--select", "int_touch_evidence_weighed", "fct_attribution_credits"),
        *("fct_attribution_confidence", "fct_model_disagreement", "fct_channel_performance_daily"),
        as_of_at=AS_OF,
    )
    return build


def write_inputs(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema intermediate; create schema attribution")
    con.execute("create table intermediate.int_contacts_merged (contact_key text, email text)")
    con.execute(
        "create table intermediate.int_contact_accounts_matched"
        " (contact_key text, account_match_method text)"
    )
    for contact, email, match in CONTACTS:
        con.execute("insert into intermediate.int_contacts_merged values (?, ?)", [contact, email])
        con.execute(
            "insert into intermediate.int_contact_accounts_matched values (?, ?)", [contact, match]
        )
    con.execute(
        "create table intermediate.int_campaigns_registered as select 'spring' as campaign_key"
    )
    con.execute(
        "create table intermediate.int_source_freshness as select * from (values"
        " ('hubspot', 'contacts', true), ('hubspot', 'deals', true), ('ga4', 'web_events', true),"
        # One that the page does not need.
        " ('asana', 'tasks', false)) as t(source, subject, is_fresh)"
    )
    con.execute(
        "create table intermediate.int_touches_resolved (touch_id text, contact_key text,"
        " channel text, campaign_key text, click_id_type text, link_reason text,"
        " touch_priority bigint)"
    )
    con.executemany("insert into intermediate.int_touches_resolved values (?,?,?,?,?,?,?)", TOUCHES)
    con.execute(
        "create table attribution.fct_touches as select *, timestamp '2026-06-03 12:00' as"
        " touched_at from intermediate.int_touches_resolved"
    )
    con.execute(
        "create table intermediate.int_credits_settled (credit_id text, conversion_id text,"
        " conversion_type text, credit_scope text, touch_id text, attribution_model text,"
        " channel text, campaign_key text, touch_position bigint, touch_count bigint,"
        " credit double, is_fallback boolean, credited_amount decimal(18, 2), touched_at timestamp,"
        " converted_at timestamp)"
    )
    con.executemany(
        "insert into intermediate.int_credits_settled values (?, ?, ?, ?, ?, ?, ?, null, 1, 1, ?,"
        " false, ?, timestamp '2026-06-03 12:00', timestamp '2026-06-04 12:00')",
        [
            (f"{conversion}/{model}/{touch}", conversion, kind, scope, touch, model, *rest)
            for conversion, kind, scope, touch, model, *rest in CREDITS
        ],
    )
    con.execute(
        "create table intermediate.int_ad_spend_daily as select date '2026-06-01' as date_day,"
        " 'Paid Social' as channel, cast(120.50 as decimal(18, 2)) as spend,"
        " cast(120.50 as decimal(18, 2)) as spend_reporting"
        " union all select date '2026-06-04', 'Display', 30, 30"
    )
    # No report without days, and no deal without a price.
    con.execute(
        "create table attribution.fct_ad_spend_periods (channel text, period_start_date date,"
        " period_end_date date, undated_spend decimal(18, 2))"
    )
    con.execute(
        "create table attribution.fct_conversions (conversion_id text, amount decimal(18, 2),"
        " amount_reporting decimal(18, 2))"
    )


@pytest.fixture(scope="module")
def built(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        yield con


@pytest.mark.parametrize(
    ("credit", "weight"),
    [
        ("lead1/linear/t1", 1),
        # The device was an earlier visitor's, the campaign is unknown, the mailbox is shared.
        ("lead1/linear/t2", 0.8 * 0.85 * 0.8),
        # And whose contact it is matters for an account.
        ("deal/linear/t2", 0.8 * 0.85 * 0.8 * 0.95),
        ("deal/linear/t3", 0.95),
        ("mql1/linear/t4", 0.8),
        ("lead2/linear/None", 1),
    ],
)
def test_evidence_of_a_credit(built: duckdb.DuckDBPyConnection, credit: str, weight: float) -> None:
    found = built.execute(
        "select evidence_weight, confident_credit, credit from attribution.fct_attribution_credits"
        " where credit_id = ?",
        [credit],
    ).fetchall()
    assert found == [(pytest.approx(weight), pytest.approx(weight * found[0][2]), found[0][2])]


def test_what_has_no_row_in_the_seed_is_other(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select touch_id, utm, identity_weight, account_weight, utm_weight, dedupe_weight"
        " from intermediate.int_touch_evidence_weighed where touch_id in ('t5', 't6') order by 1"
    ).fetchall()
    assert rows == [
        ("t5", "unassigned_channel", 1.0, 1.0, 0.5, 1.0),
        ("t6", "tagged_without_campaign", 0.7, 0.6, 0.9, 0.95),
    ]


def test_a_stale_source_makes_every_credit_less_sure(path: Path, tmp_path: Path) -> None:
    build = tmp_path / "build.duckdb"
    shutil.copyfile(path, build)
    with connect(build) as con:
        con.execute(
            "update intermediate.int_source_freshness set is_fresh = false where source = 'ga4'"
        )
    run_dbt(build, "run", "--select", "int_touch_evidence_weighed", as_of_at=AS_OF)
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        assert con.execute(
            "select distinct freshness_weight from intermediate.int_touch_evidence_weighed"
        ).fetchall() == [(pytest.approx(2 / 3),)]


def confidence(
    con: duckdb.DuckDBPyConnection, kind: str, model: str
) -> dict[str, tuple[object, ...]]:
    rows = con.execute(
        "select channel, credit, confident_credit, cast(credited_amount as varchar),"
        " cast(confident_amount as varchar), evidence_grade"
        " from attribution.fct_attribution_confidence"
        " where conversion_type = ? and attribution_model = ?",
        [kind, model],
    ).fetchall()
    return {channel: tuple(rest) for channel, *rest in rows}


def test_what_is_not_sure_is_unsure_and_no_other_channels(
    built: duckdb.DuckDBPyConnection,
) -> None:
    assert confidence(built, "lead", "linear") == {
        "Email": (0.5, 0.5, None, None, "budget_grade"),
        "Display": (0.5, pytest.approx(0.272), None, None, "dont_use"),
        "Unattributed": (1.0, 1.0, None, None, "budget_grade"),
        "Unsure": (0.0, pytest.approx(0.228), None, None, None),
    }
    # 25.00 * .5168 = 12.92; 25.00 * .95 = 23.75; the rest of 100.01 is unsure.
    assert confidence(built, "closed_won", "linear") == {
        "Email": (0.5, 0.5, "50.01", "50.01", "budget_grade"),
        "Display": (0.25, pytest.approx(0.1292), "25.00", "12.92", "dont_use"),
        "Paid Search": (0.25, pytest.approx(0.2375), "25.00", "23.75", "budget_grade"),
        "Unsure": (0.0, pytest.approx(0.1333), "0.00", "13.33", None),
    }


def test_the_ladder_holds_its_steps_exactly(built: duckdb.DuckDBPyConnection) -> None:
    # .95 is budget grade (Paid Search above), .9499 and .80 are directional, .544 is neither.
    found = confidence(built, "mql", "linear")
    assert (found["SMS"][-1], found["Referral"][-1]) == ("directional", "directional")


def test_the_interval_is_that_of_links_right_or_wrong_together(
    built: duckdb.DuckDBPyConnection,
) -> None:
    low, high = built.execute(
        "select confident_credit_low, confident_credit_high"
        " from attribution.fct_attribution_confidence"
        " where conversion_type = 'closed_won' and attribution_model = 'linear'"
        " and channel = 'Paid Search'"
    ).fetchall()[0]
    # .25 credit at .95: ± 1.96 * .25 * √(.95 * .05), cut at the credit itself.
    assert low == pytest.approx(0.2375 - 1.96 * 0.25 * (0.95 * 0.05) ** 0.5)
    assert high == 0.25


def test_disagreement_of_models(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select channel, lowest_credit, highest_credit, disagreement_index, lowest_model,"
        " highest_model, best_rank, worst_rank, rank_flip_count"
        " from attribution.fct_model_disagreement where conversion_type = 'closed_won' order by 1"
    ).fetchall()
    # Linear: Email .5, Display .25, Paid Search .25; first touch: Display 1, the others nothing.
    assert rows == [
        ("Display", 0.25, 1.0, pytest.approx(1.2), "linear", "first_touch", 1, 2, 1),
        ("Email", 0.0, 0.5, pytest.approx(2), "first_touch", "linear", 1, 2, 1),
        ("Paid Search", 0.0, 0.25, pytest.approx(2), "first_touch", "linear", 2, 2, 0),
    ]


def test_spend_without_conversions_and_conversions_without_spend_are_both_there(
    built: duckdb.DuckDBPyConnection,
) -> None:
    rows = built.execute(
        "select channel, cast(sum(spend_reporting) as varchar), sum(leads), sum(customers),"
        " cast(sum(revenue_amount) as varchar), max(cost_per_lead), max(return_on_ad_spend)"
        " from attribution.fct_channel_performance_daily where attribution_model = 'linear'"
        " and channel in ('Paid Social', 'Email', 'Display') group by 1 order by 1"
    ).fetchall()
    assert rows == [
        ("Display", "30.00", 0.5, 0.25, "25.00", pytest.approx(60), pytest.approx(25 / 30)),
        ("Email", "0.00", 0.5, 0.5, "50.01", 0.0, None),
        ("Paid Social", "120.50", 0.0, 0.0, "0.00", None, 0.0),
    ]
    assert built.execute(
        "select attribution_model, sum(spend_reporting)"
        " from attribution.fct_channel_performance_daily group by all order by all"
    ).fetchall() == [("first_touch", 150.5), ("linear", 150.5)]


def test_confidence_adds_up_to_the_credits_of_the_sample(
    release: duckdb.DuckDBPyConnection,
) -> None:
    wrong = release.execute(
        "with whole as (select attribution_model, conversion_type, sum(credit) as credit,"
        "   sum(credited_amount) as amount from attribution.fct_attribution_credits group by all)"
        " select whole.* from whole left join (select attribution_model, conversion_type,"
        "   sum(credit) as credit, sum(confident_credit) as confident, sum(credited_amount) as"
        "   amount, sum(confident_amount) as confident_amount"
        "   from attribution.fct_attribution_confidence group by all) as parts"
        " using (attribution_model, conversion_type)"
        " where abs(coalesce(parts.credit, 0) - whole.credit) > 1e-6"
        " or abs(coalesce(parts.confident, 0) - whole.credit) > 1e-6"
        " or parts.amount is distinct from whole.amount"
        " or parts.confident_amount is distinct from whole.amount"
    ).fetchall()
    assert wrong == []
    assert release.execute(
        "select count(*) from attribution.fct_attribution_confidence where channel = 'Unsure'"
    ).fetchone() == (10 * 6,)


def test_large_amounts_keep_their_cents(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select channel, credited_amount, confident_amount"
        " from attribution.fct_attribution_confidence"
        " where attribution_model = 'linear' and conversion_type = 'opportunity' order by channel"
    ).fetchall()
    assert [(channel, f"{amount:.2f}", f"{sure:.2f}") for channel, amount, sure in rows] == [
        ("Paid Search", "24120000.00", "22914000.00"),
        ("Unsure", "0.00", "1206000.00"),
    ]
