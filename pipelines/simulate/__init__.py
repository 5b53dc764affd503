"""A fictitious company's exports, with the truth beside them.

`simulate` writes `<out>/exports` as the vendors would, `<out>/config` as the company would keep its
own rules, and `<out>/truth` as only the simulation can. The same contacts and seed give the same
bytes and the same modification times.
"""

import shlex
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines.settings import UsageError
from pipelines.simulate import (
    asana,
    crm,
    files,
    ga4,
    google_ads,
    hubspot,
    hygiene,
    journeys,
    operations,
    sequences,
    stack,
    strategy,
    strays,
    templates,
    truth,
)

FEWEST_CONTACTS = 50
# The newest exports were taken shortly before.
AS_OF = "2026-10-01T06:00:00Z"
# The company's own rules, as it would keep them.
CONFIG = Path(__file__).parent / "config"


@dataclass(frozen=True)
class Simulated:
    """Where a simulated company was written, and how large it is."""

    exports: Path
    config: Path
    truth: Path
    files: int
    contacts: int
    companies: int
    deals: int
    events: int
    touches: int
    webinar_lift: float

    @property
    def next_command(self) -> str:
        """What loads the exports."""
        places = (
            f"--exports {shlex.quote(str(self.exports))} --config {shlex.quote(str(self.config))}"
        )
        return f"throughline run {places} --as-of {AS_OF}"


def _stream(seed: int, number: int) -> np.random.Generator:
    """Each part draws from its own stream: a change in one leaves the others as they were."""
    return np.random.default_rng([seed, number])


def simulate(out: Path, *, contacts: int = 2000, seed: int = 7) -> Simulated:
    """Writes the exports of a company with so many contacts, and the truth about it.

    Raises:
        UsageError: too few contacts for a company, or a negative seed.
    """
    if contacts < FEWEST_CONTACTS or seed < 0:
        raise UsageError(
            f"--contacts {contacts} --seed {seed}: write at least {FEWEST_CONTACTS} contacts"
            " and a seed of 0 or more"
        )
    counts = crm.split(contacts)
    sessions = journeys.visit(_stream(seed, 1), counts.leads)
    companies = crm.make_companies(_stream(seed, 2), max(8, contacts // 8))
    people = crm.make_contacts(_stream(seed, 3), counts, sessions, companies)
    deals = crm.make_deals(_stream(seed, 4), people)
    first = crm.webinar_first(sessions, people, deals)
    deals, factor = crm.with_webinar_lift(deals, first)
    pipeline = crm.webinar_pipeline(deals, first)
    people = crm.became_customers(people, deals)
    visitors = ga4.name_visitors(_stream(seed, 5), sessions)

    exports, known = files.Folder(out / "exports"), files.Folder(out / "truth")
    sources = hubspot.find_sources(sessions, people)
    hubspot.write_contacts(exports, people, companies, sources, counts)
    hubspot.write_deals(exports, deals, people, companies)
    company_bytes = hubspot.write_companies(exports, companies)
    ads = google_ads.advertise(_stream(seed, 6), sessions, contacts)
    google_ads.write_google_ads(exports, _stream(seed, 7), ads)
    ga4.write_ga4(exports, _stream(seed, 8), sessions, visitors, ga4.user_ids(people, counts.leads))
    asana.write_asana(exports, _stream(seed, 9))
    templates.write_templates(exports)
    templates.write_refunds(exports, _stream(seed, 10), deals)
    operations.write_operations(exports)
    hygiene.write_hygiene(exports)
    strategy.write_strategy(exports)
    sequences.write_sequences(exports, people, counts.leads)
    stack.write_stack(exports)
    strays.write_strays(exports, company_bytes)
    config = files.Folder(out / "config")
    for path in sorted(file for file in CONFIG.rglob("*") if file.is_file()):
        config.write(path.relative_to(CONFIG).as_posix(), path.read_bytes(), truth.WRITTEN)
    truth.write_truth(known, sessions, people, visitors)
    truth.write_faults(known, exports.faults)
    parts = (operations, strategy, hygiene, sequences, stack)
    truth.write_planted(known, *(part.planted() for part in parts))
    known.write_json("webinar_lift.json", truth.webinar_facts(pipeline, factor), truth.WRITTEN)
    return Simulated(
        exports=exports.root,
        config=config.root,
        truth=known.root,
        files=len(exports.written),
        contacts=counts.total,
        companies=len(companies.name),
        deals=len(deals.contact),
        events=ga4.count_events(sessions),
        touches=len(sessions.at),
        webinar_lift=pipeline.lift,
    )
