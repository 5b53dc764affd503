"""What a run assumed of the company's data, and nobody has confirmed.

An assumption lowers no confidence by itself; a check says where data contradict one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from pipelines.company import Company
from pipelines.project import project
from pipelines.reports.records import Record
from pipelines.transform.project import project_vars

SOURCES_SQL = "select distinct source from ops.files where rows_loaded > 0 order by source"
DEALS_SQL = "select 1 from duckdb_tables() where table_name = 'int_crm_deals_unioned'"
WITHOUT_CURRENCY_SQL = """
    select crm_source as source, count(*) as deals from intermediate.int_crm_deals_unioned
    where currency is null and amount is not null group by crm_source order by crm_source
"""


# Whose zone the vendor has fixed, whatever the account says: nothing to confirm.
FIXED_ZONES = ("linkedin_ads",)


def assumed(sources: Iterable[str], without_currency: Iterable[Record]) -> list[Record]:
    """What this project's settings leave to us, for a company that delivered from these sources.

    Args:
        sources: which delivered rows.
        without_currency: per CRM, how many deals have an amount and no currency.

    Returns:
        Of each assumption `what` is assumed, and `setting`: what company.yml would say, as far as
        it goes by itself.
    """
    company, rules = project().company, project_vars()
    found = [
        *_of_all(company, rules),
        *_of_sources(company, rules["source_time_zones"], sources),
        *_of_deals(company, rules["reporting_currency"], without_currency),
    ]
    return [{"what": what, "setting": setting} for what, setting in found]


def as_settings(assumptions: Iterable[Record]) -> str:
    """The lines of company.yml that confirm all of these."""
    settings: Record = {}
    for assumption in assumptions:
        for name, said in assumption["setting"].items():
            if name == "sources":
                for source, facts in said.items():
                    settings.setdefault(name, {}).setdefault(source, {}).update(facts)
            else:
                settings[name] = said
    return yaml.safe_dump(settings, sort_keys=False, default_flow_style=None)


def _of_all(company: Company | None, rules: Record) -> Iterator[tuple[str, Record]]:
    for name, said in (
        ("reporting_currency", "figures are in {}"),
        ("reporting_time_zone", "a day ends at midnight in {}"),
        ("business_region", "working hours and holidays are those of {}"),
        ("gross_margin_rate", "of revenue {:.0%} is margin, for ROI"),
    ):
        if not company or name not in company.facts:
            yield said.format(rules[name]), {name: rules[name]}


def _of_sources(
    company: Company | None, zones: dict[str, str], sources: Iterable[str]
) -> Iterator[tuple[str, Record]]:
    for source in sources:
        is_open = source in zones and source not in FIXED_ZONES
        if is_open and not _says(company, source, "time_zone"):
            zone = zones[source]
            yield (
                f"{source}: times and days without a zone are those of {zone}",
                {"sources": {source: {"time_zone": zone}}},
            )


def _of_deals(
    company: Company | None, currency: str, without_currency: Iterable[Record]
) -> Iterator[tuple[str, Record]]:
    for row in without_currency:
        source = row["source"]
        if not _says(company, source, "currency"):
            yield (
                f"{source}: deals without a currency ({row['deals']:,}) count as {currency}",
                {"sources": {source: {"currency": currency}}},
            )


def _says(company: Company | None, source: str, name: str) -> bool:
    return company is not None and name in company.sources.get(source, {})
