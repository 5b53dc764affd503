"""A company's own rules: what its folder may say, and what becomes of ours."""

import csv
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from expectations.own import own_checks
from pipelines.company import merged_seed, read_company, with_settings, write_blank
from pipelines.doors import refresh
from pipelines.doors.postgres import Postgres
from pipelines.doors.refresh import company_postgres
from pipelines.ingest import load_contracts
from pipelines.project import Project, project
from pipelines.run import require_usable
from pipelines.settings import PROJECT_DIR, Settings, UsageError
from pipelines.transform.fingerprint import dbt_fingerprint, rules_fingerprint
from pipelines.transform.rules import require_sound_rules

SEEDS = PROJECT_DIR / "seeds"
RATES = SEEDS / "money" / "fx_rates.csv"
HEADER = b"from_currency,to_currency,rate_date,rate\n"
STAGES = SEEDS / "identity" / "deal_stages.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that says nothing yet."""
    write_blank(tmp_path / "company")
    return tmp_path / "company"


@pytest.fixture
def put_together(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> Iterator[Callable[[], Project]]:
    """The project with the folder's rules, as the next process would see it."""
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(folder))
    monkeypatch.setattr("pipelines.project.made_dir", lambda: tmp_path / "made")

    def again() -> Project:
        project.cache_clear()
        return project()

    yield again
    project.cache_clear()


def say(folder: Path, text: str) -> None:
    (folder / "company.yml").write_text(text)


def variables(made: Project) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((made.root / "dbt_project.yml").read_text())["vars"]
    return found


def seed(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_rules_elsewhere_are_the_same_rules(
    folder: Path,
    put_together: Callable[[], Project],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(folder, "reporting_currency: USD\n")
    here = put_together().root
    moved = folder.rename(tmp_path / "moved")
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(moved))
    there = put_together().root
    assert here != there
    assert rules_fingerprint(here) == rules_fingerprint(there)
    assert dbt_fingerprint(here) == dbt_fingerprint(there)


def test_a_blank_folder_changes_no_rule(folder: Path, put_together: Callable[[], Project]) -> None:
    made = put_together()
    assert variables(made) == yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text())["vars"]
    shipped = {path.relative_to(PROJECT_DIR): path.read_bytes() for path in SEEDS.rglob("*.csv")}
    assert {
        path.relative_to(made.root): path.read_bytes() for path in made.seeds.rglob("*.csv")
    } == shipped
    assert {c.name for c in load_contracts(made.contracts)} == {
        c.name for c in load_contracts(PROJECT_DIR / "pipelines" / "contracts")
    }


def test_every_line_of_the_blank_folder_can_be_said(folder: Path) -> None:
    text = (folder / "company.yml").read_text()
    say(folder, re.sub(r"(?m)^#(?=(  ){0,2}\w+( \w+)?:)", "", text))
    company = read_company(folder)
    assert company.facts["reporting_currency"] == "EUR"
    assert company.sources["meta_ads"] == {"time_zone": "Europe/Berlin", "currency": "EUR"}
    assert company.rules == {"attribution_lookback_days": 60}
    assert company.own_models == {"int_web_events_unioned": ("int_matomo_events",)}
    assert company.notify["people"] == {"Ines Okafor": "ines@example.com"}
    assert company.doors["postgres"]["readers"] == ("bi",)


def test_settings_replace_ours_and_leave_the_others(
    folder: Path, put_together: Callable[[], Project]
) -> None:
    say(
        folder,
        "reporting_currency: EUR\n"
        "sources:\n  pipedrive: {time_zone: Europe/Berlin}\n  meta_ads: {currency: EUR}\n"
        "vars: {attribution_lookback_days: 60}\n",
    )
    rules = variables(put_together())
    assert rules["reporting_currency"] == "EUR"
    assert rules["attribution_lookback_days"] == 60
    assert rules["time_decay_half_life_days"] == 7
    zones = rules["source_time_zones"]
    assert isinstance(zones, dict)
    assert (zones["pipedrive"], zones["hubspot"]) == ("Europe/Berlin", "America/New_York")
    assert rules["source_currencies"] == {"meta_ads": "EUR"}


@pytest.mark.parametrize(
    ("said", "slip"),
    [
        ("reporting_curency: EUR", "did you mean reporting_currency?"),
        ("reporting_currency: euro", "reporting_currency is 'euro', expected a code such as EUR"),
        ("fiscal_year_start_month: 13", "expected a month, 1 to 12"),
        ("sources: {hubspot: Berlin}", "sources.hubspot is 'Berlin', expected time_zone and"),
        ("sources: {hubspot: {timezone: UTC}}", "did you mean time_zone?"),
        ("sources: {hubspot: {currency: eur}}", "expected a code such as EUR"),
        ("sources: {hubspott: {time_zone: UTC}}", "did you mean hubspot?"),
        ("sources: [hubspot]", "sources is ['hubspot'], expected keys with values"),
        ("vars: {atribution_lookback_days: 3}", "did you mean attribution_lookback_days?"),
        ("vars: {attribution_lookback_days: many}", "expected something like 90"),
        ("vars: {subjects: {}}", "vars.subjects: no such name"),
        ("replace_seeds: [deal_stage]", "did you mean deal_stages?"),
        ("own_models: {int_web_events_unioned: x}", "expected a list of models"),
        ("own_models: {int_web_events_unioned: [int_no]}", "there is no model int_no"),
        ("name: [", "cannot be read"),
    ],
)
def test_a_slip_is_one_line_with_the_file(
    folder: Path, put_together: Callable[[], Project], said: str, slip: str
) -> None:
    say(folder, said)
    with pytest.raises(UsageError) as error:
        put_together()
    assert slip in str(error.value)
    assert str(folder / "company.yml") in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("said", "slip"),
    [
        ("sources: {hubspot: {time_zone: Europe/Berln}}", "hubspot's time_zone is 'Europe/Berln'"),
        ("reporting_time_zone: CET+1", "reporting_time_zone is 'CET+1'"),
        ("business_region: FR", "business_region is 'FR', which no row of calendar_regions has"),
    ],
)
def test_a_rule_that_cannot_hold_is_the_companys_slip(
    folder: Path, put_together: Callable[[], Project], said: str, slip: str
) -> None:
    from pipelines.transform.project import project_vars  # noqa: PLC0415

    say(folder, said)
    put_together()
    project_vars.cache_clear()
    with pytest.raises(UsageError) as error:
        require_sound_rules()
    assert str(error.value).startswith(f"{folder / 'company.yml'}: {slip}")
    project_vars.cache_clear()


@pytest.mark.parametrize(
    ("name", "text", "slip"),
    [
        (
            "fx_rates",
            "from_currency,to_currency,rate_date,rate\nEUR,USD,2026-01-01,1.1\n"
            "GBP,USD,01.01.2026,1.3\n",
            "line 3 has rate_date '01.01.2026', expected written as 2026-01-31",
        ),
        (
            "fx_rates",
            'from_currency,to_currency,rate_date,rate\nEUR,USD,2026-01-01,"1,1"\n',
            "line 2 has rate '1,1', expected a number such as 1234.5",
        ),
        (
            "fx_rates",
            "from_currency,to_currency,rate_date,rate\nEUR,USD,2026-01-01,-1.1\n",
            "line 2 has rate '-1.1', expected at least 0",
        ),
        (
            "fx_rates",
            "from_currency,to_currency,rate_date,rate\nEUR,USD,2026-02-30,1.1\n",
            "line 2 has rate_date '2026-02-30', expected a day that there is",
        ),
        (
            "fx_rates",
            "from_currency,to_currency,rate_date,rate\nEUR,USD,2026-01-01,\n",
            "line 2 has no rate, expected a value",
        ),
        (
            "channel_rules",
            "rule_set,rule_order,channel,source_category,source_pattern,medium_pattern,"
            "campaign_pattern\nthroughline,25,Podcasts,,podcast,,\n",
            "line 2 has channel 'Podcasts', expected channel of a row of channels: ",
        ),
        (
            "channel_rules",
            "rule_set,rule_order,channel,source_category,source_pattern,medium_pattern,"
            "campaign_pattern\nours,25,Direct,,podcast,,\n",
            "line 2 has rule_set 'ours', expected one of ga4, throughline",
        ),
    ],
)
def test_a_row_that_cannot_hold_is_told_before_anything_is_touched(
    folder: Path, put_together: Callable[[], Project], name: str, text: str, slip: str
) -> None:
    own = folder / "seeds" / f"{name}.csv"
    own.write_text(text)
    put_together()
    with pytest.raises(UsageError) as error:
        require_sound_rules()
    assert str(error.value).startswith(f"{own}: {slip}")


def test_a_run_that_forgets_the_folder_is_refused(
    tmp_path: Path,
    folder: Path,
    put_together: Callable[[], Project],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exports, home = tmp_path / "exports", tmp_path / "home"
    exports.mkdir()
    home.mkdir()
    settings = Settings(exports=exports, home=home)
    settings.config_note.write_text(str(folder))
    put_together()
    require_usable(settings, None)
    monkeypatch.delenv("THROUGHLINE_CONFIG")
    project.cache_clear()
    with pytest.raises(UsageError, match=f"was built by the rules of {folder}; name them again"):
        require_usable(settings, None)
    settings.config_note.unlink()
    require_usable(settings, None)
    project.cache_clear()


def test_a_folder_that_nothing_reads_is_told(folder: Path) -> None:
    (folder / "model").mkdir()
    with pytest.raises(UsageError, match=r"did you mean models\?"):
        read_company(folder)


def test_a_folder_without_settings_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="throughline init"):
        read_company(tmp_path)


# --- seeds ---


def test_rows_replace_those_with_their_key_and_stand_beside_the_others(folder: Path) -> None:
    ours = seed(STAGES)
    first = ours[0] | {"stage": "Call booked"}
    new = {
        **ours[0],
        "crm_source": "pipedrive",
        "deal_stage_key": "angebot gesendet",
        "stage": "Angebot gesendet",
    }
    own = folder / "seeds" / "deal_stages.csv"
    with own.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ours[0]))
        writer.writeheader()
        writer.writerows([new, first])
    made = folder / "merged.csv"
    made.write_text(merged_seed(STAGES, own, read_company(folder)))
    assert seed(made) == [first, *ours[1:], new]
    say(folder, "replace_seeds: [deal_stages]")
    made.write_text(merged_seed(STAGES, own, read_company(folder)))
    assert seed(made) == [new, first]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        (b"currency,rate\nEUR,1.1\n", "line 1 has the columns currency and rate; expected "),
        (b"from_currency;to_currency;rate_date;rate\n", "line 1 has the columns from_currency;to"),
        (HEADER + b"EUR,USD,2026-01-01,1,08\n", "line 2 has other than 4 cells"),
        (HEADER + b"\xfc,USD,2026-01-01,1.08\n", "line 2 is no UTF-8"),
        (None, "line 3 has the "),
    ],
)
def test_rows_that_cannot_be_used(folder: Path, text: bytes | None, slip: str) -> None:
    own = folder / "seeds" / "fx_rates.csv"
    own.write_bytes(text or HEADER + 2 * b"EUR,USD,2026-01-01,1.08\n")
    with pytest.raises(UsageError) as error:
        merged_seed(RATES, own, read_company(folder))
    assert str(error.value).startswith(f"{own}: {slip}")


def test_a_seed_that_nobody_knows_is_a_slip_unless_it_is_described(
    folder: Path, put_together: Callable[[], Project]
) -> None:
    own = folder / "seeds" / "chanel_rules.csv"
    own.write_text("a\n1\n")
    with pytest.raises(UsageError, match=r"did you mean channel_rules\?"):
        put_together()
    own.with_suffix(".yml").write_text("version: 2\nseeds: [{name: chanel_rules, columns: []}]\n")
    assert seed(put_together().seeds / "chanel_rules.csv") == [{"a": "1"}]


# --- the project put together ---


def test_own_files_stand_in_the_place_of_ours_and_beside_them(
    folder: Path, put_together: Callable[[], Project]
) -> None:
    ours = "marts/core/dim_channels.sql"
    for name in (ours, "intermediate/web/int_matomo_events.sql"):
        path = folder / "models" / name
        path.parent.mkdir(parents=True)
        path.write_text("select 1 as one")
    made = put_together()
    assert (made.models / ours).read_text() == "select 1 as one"
    assert (made.models / "intermediate/web/int_matomo_events.sql").exists()
    assert (made.models / "marts/core/dim_dates.sql").resolve().is_relative_to(PROJECT_DIR)


def test_whatever_changes_in_the_folder_is_another_set_of_rules(
    folder: Path, put_together: Callable[[], Project]
) -> None:
    versions = [rules_fingerprint(put_together().root)]
    for name, text in (
        ("company.yml", "reporting_currency: EUR"),
        ("seeds/fx_rates.csv", RATES.read_text().splitlines()[0] + "\n"),
        ("tests/one.sql", "select 1 where false"),
        ("expectations/own.py", "def suites(con, as_of_at): return ()"),
    ):
        (folder / name).write_text(text)
        versions.append(rules_fingerprint(put_together().root))
    # A seed of no row changes nothing, whoever wrote it.
    assert len(set(versions)) == len(versions) - 1
    assert versions[1] == versions[2]


def test_it_is_put_together_once(folder: Path, put_together: Callable[[], Project]) -> None:
    made = put_together().root / "dbt_project.yml"
    first = made.stat().st_mtime_ns
    assert put_together().root / "dbt_project.yml" == made
    assert made.stat().st_mtime_ns == first
    say(folder, "name: Another")
    put_together()
    assert made.stat().st_mtime_ns != first


def test_a_run_that_reads_the_project_meanwhile_misses_no_file(
    folder: Path, put_together: Callable[[], Project]
) -> None:
    model = folder / "models" / "intermediate" / "int_mine.sql"
    model.parent.mkdir(parents=True)
    model.write_text("select 1 as a")
    root = put_together().root
    ours, missed, is_over = root / "seeds" / "money" / "fx_rates.yml", [], threading.Event()

    def read() -> None:
        while not is_over.wait(0.001):
            missed.append(not ours.exists())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(3):
        say(folder, f"name: Example {number}\n")
        assert put_together().root == root
    is_over.set()
    reader.join()
    assert missed
    assert not any(missed)
    model.unlink()
    assert not (
        put_together().root / "dbt_project" / "models" / "intermediate" / model.name
    ).exists()


def test_nothing_is_written_over(folder: Path) -> None:
    with pytest.raises(UsageError, match="is there already"):
        write_blank(folder)


def test_vars_keep_their_order_and_say_where_they_come_from(folder: Path) -> None:
    text = with_settings(PROJECT_DIR / "dbt_project.yml", read_company(folder))
    assert text.splitlines()[0] == "# Made of ours and of the company's company.yml: change those."


# --- checks ---


def test_the_check_of_the_readme_is_one(folder: Path, put_together: Callable[[], Project]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    (folder / "expectations" / "touches.py").write_text(example)
    put_together()
    ((mart, (check,)),) = own_checks().items()
    assert (mart, check.name) == ("attribution.fct_touches", "campaign_is_ours")


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("CHECKS = [1]", "expected CHECKS"),
        ("", "expected CHECKS"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        (
            "from expectations.checks import NotNull\n"
            'CHECKS = {"core.dim_dates": [NotNull(name="x", column="date_day", severity="warn",'
            ' dimension="validity", owner="o", action="a")]}',
            "x has severity 'warn', expected one of critical, warning; did you mean warning",
        ),
    ],
)
def test_a_file_of_checks_that_is_none(
    folder: Path, put_together: Callable[[], Project], text: str, slip: str
) -> None:
    path = folder / "expectations" / "touches.py"
    path.write_text(text)
    put_together()
    with pytest.raises(UsageError, match=slip) as error:
        own_checks()
    assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("said", "slip"),
    [
        ("doors: {postgres: {schema: bi}}", "doors.postgres.url is missing"),
        (
            "doors: {postgres: {url: x, schema: Bi}}",
            "doors.postgres.schema is 'Bi', expected small",
        ),
        ("doors: {postgres: {url: x, reader: [bi]}}", "doors.postgres.reader: no such name"),
        ("doors: {postgresql: {url: x}}", "did you mean postgres|doors.postgresql: no such name"),
    ],
)
def test_a_slip_in_a_door_is_named(tmp_path: Path, said: str, slip: str) -> None:
    write_blank(tmp_path / "company")
    (tmp_path / "company" / "company.yml").write_text(said)
    with pytest.raises(UsageError, match=slip):
        read_company(tmp_path / "company")


def test_a_door_is_read_with_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    write_blank(tmp_path / "company")
    (tmp_path / "company" / "company.yml").write_text(
        "doors: {postgres: {url: env:OUR_SERVER, readers: [bi]}}"
    )
    monkeypatch.setenv("OUR_SERVER", "postgresql://h/d")
    company = read_company(tmp_path / "company")
    monkeypatch.setattr(refresh, "project", lambda: SimpleNamespace(company=company))
    assert company_postgres() == Postgres("postgresql://h/d", "marketing", ("bi",))
    monkeypatch.delenv("OUR_SERVER")
    with pytest.raises(UsageError, match="OUR_SERVER, which is not set"):
        company_postgres()
