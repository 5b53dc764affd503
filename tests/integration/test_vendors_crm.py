"""The exports of three CRMs, from file to staging to mart, to the cent and to the second.

The expected values are worked out by hand from the fixtures; times of HubSpot exports and of
Pipedrive lists are New York's, which is five hours behind UTC until 8 March 2026 and four after.
"""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.warehouse import connect
from tests.conftest import VENDOR_EXPORTS
from tests.dbt import run_dbt

Connection = duckdb.DuckDBPyConnection
EXPORT = "salesforce/WE_00D5e000000FIXTEAA_1.ZIP"
MEETING_OWNER = "0051G000007FIX1QAS"
MARA, OMAR, PER, GONE = (f"0035e00000{name}AAA" for name in ("0MARA", "0OMAR", "0PER1", "0GONE"))
WON, OPEN, LOST, BINNED = (f"0065e00000{name}AAA" for name in ("0WON1", "0OPEN", "0LOST", "0BIN1"))
CRMS = ("hubspot", "pipedrive", "salesforce")
SECOND_BATCH = datetime(2026, 10, 1, 6)


def ledger(con: Connection) -> dict[str, tuple[object, ...]]:
    rows = con.execute(
        "select path, status, stream, rows_read, rows_loaded, rows_rejected, rows_skipped"
        " from ops.files"
    ).fetchall()
    return {path: tuple(rest) for path, *rest in rows if path.split("/")[0] in CRMS}


def at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def test_every_file_is_loaded_and_every_row_accounted_for(vendors: Connection) -> None:
    files = ledger(vendors)
    assert {status for status, *_ in files.values()} == {"loaded", "unpacked", "empty"}
    for path, (_, _, read, loaded, rejected, skipped) in files.items():
        assert read == loaded + rejected + skipped, path
        assert rejected == 0, path
    assert files[f"{EXPORT}/Lead.csv"] == ("loaded", "leads", 4, 4, 0, 0)
    assert files[f"{EXPORT}/Event.csv"] == ("empty", "events", 0, 0, 0, 0), "header only"
    assert files["pipedrive/people.xlsx/Persons"] == ("loaded", "persons", 2, 2, 0, 0)


def test_every_member_of_a_data_export_is_its_object(vendors: Connection) -> None:
    with zipfile.ZipFile(VENDOR_EXPORTS / EXPORT) as archive:
        members = archive.namelist()
    streams = {
        path.rsplit("/", 1)[1]: row[1]
        for path, row in ledger(vendors).items()
        if EXPORT in path and path != EXPORT
    }
    assert set(streams) == set(members)
    assert streams == {
        "Account.csv": "accounts",
        "Contact.csv": "contacts",
        "Lead.csv": "leads",
        "Campaign.csv": "campaigns",
        "CampaignMember.csv": "campaign_members",
        "Opportunity.csv": "opportunities",
        "OpportunityHistory.csv": "opportunity_history",
        "OpportunityContactRole.csv": "opportunity_contact_roles",
        "Task.csv": "tasks",
        "Event.csv": "events",
        "ProcessInstance.csv": "process_instances",
        "ProcessInstanceStep.csv": "process_instance_steps",
        "User.csv": "users",
    }


def test_the_standard_fields_of_salesforce_are_known_and_custom_ones_kept(
    vendors: Connection,
) -> None:
    extra = dict(
        vendors.execute(
            "select parse_filename(path), extra_columns from ops.files"
            f" where path like '{EXPORT}/%' and extra_columns is not null"
        ).fetchall()
    )
    assert extra == {"Account.csv": "Score__c", "Contact.csv": "Buying_Role__c"}
    assert vendors.execute(
        "select json_extract_string(_extra, '$.Score__c') from raw_salesforce.accounts"
        " where name = 'Corvid Labs'"
    ).fetchall() == [("A",)]


def test_null_lookups_are_null_and_dates_are_days(vendors: Connection) -> None:
    assert vendors.execute(
        "select count(*) from raw_salesforce.contacts where account_id = '000000000000000AAA'"
    ).fetchall() == [(1,)], "the trap is in the fixture"
    assert vendors.execute(
        "select crm_account_id, merged_into_id from staging.stg_salesforce__contacts"
        f" where crm_contact_id = '{PER}'"
    ).fetchall() == [(None, None)]
    assert vendors.execute(
        "select close_date, created_at, is_closed, is_won, is_deleted"
        f" from staging.stg_salesforce__opportunities where crm_deal_id = '{WON}'"
    ).fetchall() == [
        (datetime(2026, 4, 30).date(), datetime(2026, 3, 10, 15, 5), True, True, False)
    ]


def test_the_data_loaders_spelling_is_the_same_stream(vendors: Connection) -> None:
    """Upper-case headers, ISO times, true and false, empty for nothing."""
    assert ledger(vendors)["salesforce/data-loader-opportunity.csv"][1] == "opportunities"
    assert vendors.execute(
        "select crm_deal_id, amount, currency, close_date, created_at, is_closed, is_won,"
        " source_contact_id from staging.stg_salesforce__opportunities"
        " where deal_stage = 'Closed Lost'"
    ).fetchall() == [
        (
            LOST,
            Decimal("3000.00"),
            "EUR",
            datetime(2026, 9, 15).date(),
            datetime(2026, 8, 1, 10),
            True,
            False,
            None,
        )
    ]
    assert vendors.execute(
        "select created_at from staging.stg_salesforce__lead_changes"
        " where new_value = 'Marketing Qualified'"
    ).fetchall() == [(datetime(2026, 3, 3, 10),)], "+0000 is an offset"


def test_amounts_survive_in_each_currency(vendors: Connection) -> None:
    with zipfile.ZipFile(VENDOR_EXPORTS / EXPORT) as archive:
        text = archive.read("Opportunity.csv").decode()
    assert '"12000.5"' in text
    assert '"8000.0"' in text
    query = "select currency, sum(amount) from {} group by currency order by currency"
    in_staging = vendors.execute(query.format("staging.stg_salesforce__opportunities")).fetchall()
    assert in_staging == [("EUR", Decimal("11000.00")), ("USD", Decimal("12000.50"))]
    in_mart = vendors.execute(
        "select crm_source, currency, sum(amount) from funnel.fct_opportunities"
        " group by all order by all"
    ).fetchall()
    assert in_mart == [
        ("hubspot", "USD", Decimal("5190.35")),
        ("pipedrive", "EUR", Decimal("4200.90")),
        ("pipedrive", "GBP", Decimal("100.00")),
        ("salesforce", "EUR", Decimal("11000.00")),
        # The export's, and the one that only the report knows.
        ("salesforce", "USD", Decimal("13235.00")),
    ]


def test_a_report_is_read_in_its_locale_and_its_footer_is_no_opportunity(
    vendors: Connection,
) -> None:
    path = "salesforce/report1759200000000.csv"
    # Grand totals, total, confidentiality, copyright, two blank lines.
    assert ledger(vendors)[path] == ("loaded", "opportunity_report", 9, 3, 0, 6)
    assert vendors.execute(
        "select sum(amount), min(close_date), min(created_date), min(date_order), min(decimal_mark)"
        " from staging.stg_salesforce__opportunity_reports"
    ).fetchall() == [
        (
            Decimal("21235.00"),  # What the report's own total line says.
            datetime(2026, 4, 30).date(),
            datetime(2026, 3, 10).date(),
            "dmy",
            ",",
        )
    ]


def test_a_report_counts_only_for_what_the_export_lacks(vendors: Connection) -> None:
    """15-character ids and names are held against the export's 18-character ids."""
    assert vendors.execute(
        "select crm_deal_id, stage, amount from intermediate.int_crm_deals_unioned"
        " where crm_source = 'salesforce' order by crm_deal_id"
    ).fetchall() == [
        (BINNED, "Prospecting", None),
        (LOST, "Closed Lost", Decimal("3000.00")),
        (OPEN, "Negotiation/Review", Decimal("8000.00")),
        (WON, "Closed Won", Decimal("12000.50")),
        ("0065e00000RePt1", "Qualification", Decimal("1234.50")),
    ]


STAGES = {
    # Lead and contact of one person: the earliest of both, the status history between them.
    ("salesforce", MARA): {
        "lead": "2026-03-01 09:30:00",
        "mql": "2026-03-03 10:00:00",
        "sal": "2026-03-05 11:00:00",
        # Converted on the 10th, a day in New York, already in summer time.
        "sql": "2026-03-10 04:00:00",
        "opportunity": "2026-03-10 15:05:00",
        # The close date is the 30th: the history knows the moment.
        "customer": "2026-04-29 20:15:00",
    },
    ("salesforce", PER): {"opportunity": "2026-06-10 11:00:00"},
    # Two records that were merged; the property history has an earlier time than the export.
    ("hubspot", "7101"): {"lead": "2026-03-20 12:00:00", "mql": "2026-04-08 12:00:00.5"},
    # Internal names, and times with a zone of their own.
    ("hubspot", "7201"): {"lead": "2026-04-01 12:00:00", "sql": "2026-04-20 15:00:00"},
    # Saved again by a spreadsheet as 2/5/26 1:51, in winter.
    ("hubspot", "7401"): {"lead": "2026-02-05 06:51:00"},
    # By connector, UTC.
    ("hubspot", "7501"): {"lead": "2026-02-01 17:32:47"},
    # Whoever is entered is a lead.
    ("pipedrive", "401"): {
        "lead": "2026-02-03 15:00:00",
        "opportunity": "2026-03-02 14:00:00",
        "customer": "2026-05-28 20:30:00",
    },
    ("pipedrive", "71"): {
        "lead": "2026-05-01 08:00:00",
        "opportunity": "2026-05-05 08:00:00",
        "customer": "2026-07-15 09:00:00",
    },
}


@pytest.mark.parametrize("person", STAGES, ids="-".join)
def test_people_enter_stages_when_their_crm_says(
    vendors: Connection, person: tuple[str, str]
) -> None:
    stages = vendors.execute(
        "select stage, entered_at from funnel.fct_lifecycle_stages"
        " join core.dim_contacts using (contact_key)"
        " where crm_source = ? and crm_contact_id = ? and not is_imputed",
        person,
    ).fetchall()
    assert dict(stages) == {stage: at(time) for stage, time in STAGES[person].items()}


def test_a_converted_lead_is_its_contact_and_merged_records_are_one(vendors: Connection) -> None:
    people = vendors.execute(
        "select crm_contact_id, record_count, lifecycle_stage_key"
        " from intermediate.int_contacts_merged where crm_source = 'salesforce'"
        " order by crm_contact_id"
    ).fetchall()
    assert people == [
        (GONE, 1, None),
        (MARA, 2, "customer"),
        (OMAR, 2, "customer"),
        (PER, 1, "opportunity"),
        ("00Q5e000000BIN1AAA", 1, "lead"),
        ("00Q5e000000NINAAAA", 1, "salesacceptedlead"),
        # Unqualified is no stage: the lead stands where it began.
        ("00Q5e000000NOPEAAA", 1, "lead"),
    ]


def test_deleted_records_stay_and_say_so(vendors: Connection) -> None:
    assert vendors.execute(
        "select crm_contact_id from core.dim_contacts where is_deleted_at_source order by all"
    ).fetchall() == [(GONE,), ("00Q5e000000BIN1AAA",), ("7501",)]
    assert vendors.execute(
        "select account_name from core.dim_accounts where is_deleted_at_source"
    ).fetchall() == [("Corvid Labs Inc",)]
    assert vendors.execute(
        "select crm_source, created_at from funnel.fct_opportunities where is_deleted_at_source"
    ).fetchall() == [("salesforce", datetime(2026, 7, 1, 11))]
    for table in ("core.dim_contacts", "core.dim_accounts", "funnel.fct_opportunities"):
        missing = vendors.execute(
            f"select count(*) from {table} where missing_since_at is not null"
        )
        assert missing.fetchall() == [(0,)], f"{table}: one batch misses nobody"


def test_contacts_belong_to_accounts_of_their_own_crm(vendors: Connection) -> None:
    matches = vendors.execute(
        "select crm_contact_id, account_name, account_match_method from core.dim_contacts"
        " left join core.dim_accounts using (account_key)"
        f" where crm_contact_id in ('{MARA}', '{PER}', '12345678901', '401', '71')"
        " order by crm_contact_id"
    ).fetchall()
    assert matches == [
        (MARA, "Corvid Labs", "crm_link"),
        # No account on the record; the account's website is https://… of the same domain.
        (PER, "Söderhamn AB", "email_domain"),
        ("12345678901", "Long Id", "crm_link"),
        ("401", "Kestrel Optics", "crm_link"),
        ("71", "Quarry", "crm_link"),
    ]


def test_all_contacts_of_a_deal_the_primary_first(vendors: Connection) -> None:
    contacts = vendors.execute(
        "select crm_deal_id, crm_contact_id, contact_role"
        " from intermediate.int_crm_deal_contacts_unioned order by crm_deal_id, contact_position"
    ).fetchall()
    assert contacts == [
        # The role of a contact that was taken off the deal is gone.
        (OPEN, PER, None),
        # No role is marked primary: the contact it was created from comes before the older role.
        (WON, MARA, "Decision Maker"),
        (WON, OMAR, "Influencer"),
        ("5501", "7101", None),
        ("5501", "7201", None),
        ("5502", "12345678901", None),
        ("5601", "7501", None),
        # By name, as lists link them.
        ("801", "401", None),
        ("802", "402", None),
        ("901", "71", None),
    ]


def test_stages_of_opportunities_come_from_the_histories(vendors: Connection) -> None:
    entered = vendors.execute(
        "select crm_deal_id, stage, entered_at, is_closed, is_won"
        " from intermediate.int_opportunity_stages_entered"
        f" where crm_deal_id in ('{WON}', '{LOST}', '5601') order by crm_deal_id, entered_at"
    ).fetchall()
    assert entered == [
        # A connector's versions.
        (LOST, "Qualification", at("2026-08-01 10:00:00"), False, False),
        (LOST, "Closed Lost", at("2026-09-14 22:00:00"), True, False),
        (WON, "Prospecting", at("2026-03-10 15:05:00"), False, False),
        # A change of the amount alone is no new entry.
        (WON, "Proposal/Price Quote", at("2026-04-01 10:00:00"), False, False),
        (WON, "Closed Won", at("2026-04-29 20:15:00"), True, True),
        # HubSpot's stages are numbers that deal_pipeline_stages explains.
        ("5601", "Discovery", at("2026-03-01 12:48:22"), False, False),
        ("5601", "Signed", at("2026-08-31 21:00:00"), True, True),
    ]


def test_responses_and_activities_belong_to_people(vendors: Connection) -> None:
    responses = vendors.execute(
        "select crm_campaign_name, crm_contact_id, member_status, has_responded,"
        " first_responded_date from intermediate.int_campaign_responses_unioned"
        " join core.dim_contacts using (contact_key) order by member_status"
    ).fetchall()
    assert responses == [
        ("Spring Webinar", MARA, "Attended", True, datetime(2026, 3, 1).date()),
        ("Spring Webinar", "00Q5e000000NINAAAA", "Sent", False, None),
    ]
    activities = vendors.execute(
        "select right(crm_activity_id, 7), crm_contact_id, activity_type, owner_name, happened_at,"
        " is_completed, opportunity_id is not null"
        " from intermediate.int_sales_activities_unioned"
        " left join core.dim_contacts using (contact_key) order by crm_activity_id"
    ).fetchall()
    assert activities == [
        ("T001AAA", MARA, "call", "Dana Reyes", at("2026-03-02 14:00:00"), True, True),
        ("T002AAA", None, None, "Ivo Lindt", None, False, False),
        # Done, but nobody kept when: its creation is no substitute.
        ("T003AAA", "00Q5e000000NINAAAA", "email", "Ivo Lindt", None, True, False),
        # With somebody whom no record of the export is: kept, and nobody's.
        ("IXE1AAA", None, "meeting", None, at("2026-05-04 15:00:00"), True, False),
    ]
    assert vendors.execute(
        "select owner_id from intermediate.int_sales_activities_unioned where owner_name is null"
    ).fetchall() == [(MEETING_OWNER,)], "a number is no name"


def test_approvals_come_with_their_steps(vendors: Connection) -> None:
    steps = vendors.execute(
        "select target_id, status, step_status, steps.created_at, elapsed_days"
        " from staging.stg_salesforce__approval_steps as steps"
        " join staging.stg_salesforce__approvals using (approval_id) order by steps.created_at"
    ).fetchall()
    assert steps == [
        ("7015e000000WEBIAAA", "approved", "started", at("2026-02-12 09:00:00"), None),
        ("7015e000000WEBIAAA", "approved", "approved", at("2026-02-16 13:20:00"), Decimal("4.18")),
    ]
    comments = vendors.execute(
        "select comments from raw_salesforce.process_instance_steps where step_status = 'Approved'"
    ).fetchall()
    assert comments == [('Fine,\nbut mind the "budget"',)]


def test_hubspots_labels_old_and_new_and_internal_names_are_one(vendors: Connection) -> None:
    rows = vendors.execute(
        "select crm_contact_id, original_source, latest_source, company_name, job_title"
        " from staging.stg_hubspot__contacts"
        " where crm_contact_id in ('7101', '7102', '7201') order by crm_contact_id"
    ).fetchall()
    assert rows == [
        ("7101", "AI Referrals", "Organic Search", "Fixture Works", "Head of Ops"),
        # 'null' is nothing; a title of one letter is what somebody typed.
        ("7102", "Paid Search", None, None, "A"),
        ("7201", "AI_REFERRALS", "PAID_SOCIAL", "Internal", None),
    ]
    owners = vendors.execute(
        "select crm_contact_id, owner_name from intermediate.int_contacts_merged"
        " where crm_contact_id in ('7101', '7201') order by crm_contact_id"
    ).fetchall()
    assert owners == [("7101", "Rosa Klein"), ("7201", "Lea Berg")], "a number has a name"


def test_the_second_of_two_equal_headers_is_kept_aside(vendors: Connection) -> None:
    (row,) = vendors.execute(
        "select company_name, create_date, associated_company_ids, _extra"
        " from raw_hubspot.contacts where record_id = '7301'"
    ).fetchall()
    assert row[:3] == ("Both typed", "2026-06-01 10:00", "9003")
    assert {"Both Ltd", "2025-12-24 10:00", "555-0199"} <= set(json.loads(row[3]).values())


def test_merges_of_hubspot_come_from_the_export_and_the_connector(vendors: Connection) -> None:
    aliases = vendors.execute(
        "select crm_contact_id, survivor_id from intermediate.int_contact_aliases_resolved"
        " where crm_contact_id <> survivor_id and crm_source = 'hubspot' order by all"
    ).fetchall()
    assert aliases == [("7102", "7101"), ("7200", "7201")]


def test_a_connectors_deal_has_its_company_contact_and_stage(vendors: Connection) -> None:
    assert vendors.execute(
        "select account_name, crm_contact_id, opportunity_stage, is_won, owner_id, owner_name,"
        " amount, closed_at from funnel.fct_opportunities as opportunities"
        " join core.dim_accounts using (account_key)"
        " join core.dim_contacts on primary_contact_key = dim_contacts.contact_key"
        " where pipeline = 'default'"
    ).fetchall() == [
        # 5 is the primary company, though the other one has the lower id.
        (
            "Connector Co",
            "7501",
            "Signed",
            True,
            "44000001",
            "Lea Berg",
            Decimal("990.10"),
            at("2026-08-31 21:00:00"),
        )
    ]


def test_pipedrives_null_item_is_skipped_and_its_objects_are_read(vendors: Connection) -> None:
    assert ledger(vendors)["pipedrive/api-deals-1.json"] == ("loaded", "deals_api", 3, 2, 0, 1)
    deals = vendors.execute(
        "select pipeline, opportunity_stage, is_closed, is_won, amount, currency, account_name,"
        " closed_at from funnel.fct_opportunities"
        " join core.dim_accounts using (account_key, crm_source)"
        " where crm_source = 'pipedrive' and amount is not null order by amount"
    ).fetchall()
    assert deals == [
        (
            "Sales",
            "Proposal Made",
            True,
            False,
            Decimal("100.00"),
            "GBP",
            "Plain Sailing",
            at("2026-06-01 16:00:00"),
        ),
        # The organization as a number; the stage's name comes from the stages.
        ("Direct", "Contact Made", False, False, Decimal("200.50"), "EUR", "Quarry", None),
        (
            "Direct",
            "Proposal Made",
            True,
            True,
            Decimal("1500.00"),
            "EUR",
            "Quarry",
            at("2026-07-15 09:00:00"),
        ),
        (
            "Sales",
            "Negotiations Started",
            True,
            True,
            Decimal("2500.40"),
            "EUR",
            "Kestrel Optics",
            at("2026-05-28 20:30:00"),
        ),
    ]


def test_a_list_without_numbers_still_has_one_deal_each(vendors: Connection) -> None:
    keys = vendors.execute(
        "select crm_deal_id from staging.stg_pipedrive__deals order by crm_deal_id nulls first"
    ).fetchall()
    assert keys == [(None,), ("801",), ("802",)]
    assert vendors.execute(
        "select count(*), count(distinct opportunity_id) from funnel.fct_opportunities"
        " where crm_source = 'pipedrive'"
    ).fetchall() == [(5, 5)]


def test_the_first_of_several_addresses_counts(vendors: Connection) -> None:
    assert vendors.execute(
        "select crm_contact_id, email from intermediate.int_contacts_merged"
        " where crm_source = 'pipedrive' order by crm_contact_id"
    ).fetchall() == [
        ("401", "ada@kestrel.example"),
        ("402", "lou@plain.example"),
        ("71", "gil@quarry.example"),
    ]


@pytest.fixture(scope="module")
def two_exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A Data Export, and a week later one that lacks an account, a contact and an opportunity."""
    folder = tmp_path_factory.mktemp("snapshots")
    exports = folder / "exports"
    exports.mkdir()
    build = folder / "build.duckdb"
    con = connect(build)
    shutil.copy(VENDOR_EXPORTS / EXPORT, exports / "first.zip")
    hubspot = exports / "contacts-1.csv"
    hubspot.write_text(
        "Record ID,Email,Create Date,Lifecycle Stage\n"
        "1,one@changes.example,2026-01-01 10:00,Lead\n2,two@changes.example,2026-01-01 10:00,Lead\n"
    )
    load_exports(con, exports, contracts=load_contracts(), loaded_at=datetime(2026, 9, 24, 6))
    without(VENDOR_EXPORTS / EXPORT, exports / "second.zip", ("Söderhamn", PER, OPEN))
    # HubSpot's exports hold what changed, as a view that is filtered does.
    (exports / "contacts-2.csv").write_text(
        "Record ID,Email,Create Date,Lifecycle Stage\n"
        "2,two@changes.example,2026-01-01 10:00,Customer\n"
    )
    load_exports(con, exports, contracts=load_contracts(), loaded_at=SECOND_BATCH)
    con.close()
    run_dbt(
        build,
        "build",
        *(
            "--select",
            "+int_contacts_merged",
            "+int_crm_deals_unioned",
            "+int_crm_accounts_unioned",
        ),
        *("--resource-type", "model", "--resource-type", "seed"),
        as_of_at="2026-10-01 06:00:00",
    )
    with closing(duckdb.connect(str(build), read_only=True)) as read:
        yield read


def without(source: Path, target: Path, marks: tuple[str, ...]) -> None:
    """A copy of an export without the records whose first cells hold one of the marks."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in ("Account.csv", "Contact.csv", "Opportunity.csv"):
            head, *records = old.read(name).decode().split('\n"')
            kept = [record for record in records if not any(mark in record for mark in marks)]
            assert len(kept) == len(records) - 1, name
            new.writestr(name, '\n"'.join([head, *kept]).rstrip("\n") + "\n")


def test_what_a_newer_full_export_lacks_is_marked_and_not_forgotten(
    two_exports: Connection,
) -> None:
    missing = two_exports.execute(
        "select crm_account_id as id, missing_since_at from intermediate.int_crm_accounts_unioned"
        " where missing_since_at is not null"
        " union all select crm_contact_id, missing_since_at from intermediate.int_contacts_merged"
        " where missing_since_at is not null"
        " union all select crm_deal_id, missing_since_at from intermediate.int_crm_deals_unioned"
        " where missing_since_at is not null order by id"
    ).fetchall()
    assert missing == [
        ("0015e000000SODEAAA", SECOND_BATCH),
        (PER, SECOND_BATCH),
        (OPEN, SECOND_BATCH),
    ]
    # They are still there, and what they were worth too.
    counted = two_exports.execute(
        "select count(*), sum(amount) filter (where currency = 'EUR')"
        " from intermediate.int_crm_deals_unioned"
    ).fetchall()
    assert counted == [(3, Decimal("8000.00"))]


def test_what_an_append_stream_does_not_repeat_is_there_still(two_exports: Connection) -> None:
    assert two_exports.execute(
        "select crm_contact_id, lifecycle_stage_key, missing_since_at"
        " from intermediate.int_contacts_merged where crm_source = 'hubspot' order by all"
    ).fetchall() == [("1", "lead", None), ("2", "customer", None)]
