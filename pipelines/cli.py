"""The command line: parses, calls, prints. No logic of the warehouse lives here.

Exit codes of every command: 0 done; 1 the program failed (a bug: the log says where);
2 bad usage or nothing usable; 3 refused: by the audit, nothing was published, by `utm` a link, by
`whatif` a scenario; 4 done, but files are pending that could not be read for no fault of theirs;
130 and 143 stopped.
Each command imports what it needs when it runs, so that `--help` stays instant.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pipelines.interrupt import stoppable
from pipelines.settings import (
    Settings,
    UsageError,
    parse_as_of,
    parse_exports,
    token_from_environment,
    use_config,
    without_credentials,
)

BAD_USAGE = 2

app = typer.Typer(
    name="throughline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Home = Annotated[
    Path, typer.Option("--home", envvar="THROUGHLINE_HOME", help="Where the warehouse lives.")
]
Exports = Annotated[
    str,
    typer.Option(
        "--exports",
        metavar="PLACE",
        envvar="THROUGHLINE_EXPORTS",
        help="The folder that holds the exports, or a store: s3://, gs://, az://.",
    ),
]


def _use_config(folder: Path | None) -> Path | None:
    if folder is not None:
        use_config(folder)
    return folder


# Its value is the process's: whoever needs a company's rules asks for the project.
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        envvar="THROUGHLINE_CONFIG",
        callback=_use_config,
        help="The folder of your company's own rules: see `throughline init`.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results to stdout.")]


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"throughline {version('throughline')}")
        raise typer.Exit


@app.callback()
def throughline(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """The marketing-operations warehouse: exports in, audited figures out."""


@app.command()
def run(
    exports: Exports = "exports",
    home: Home = Path("warehouse"),
    config: Config = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="TS",
            help="The run's clock, ISO 8601. Later than the newest batch: new files are loaded as"
            " of then. Earlier: the figures that were known then are computed again.",
        ),
    ] = None,
    target: Annotated[
        str, typer.Option(help="The engine that builds: duckdb or spark.")
    ] = "duckdb",
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Rebuild everything, even if nothing is new.")
    ] = False,
    is_preview: Annotated[
        bool,
        typer.Option(
            "--preview",
            help="Publish nothing: say what the rules as they are now would change in the release"
            " that readers see, over the same files and by the same clock.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load what is new, rebuild, audit, publish."""
    from pipelines.progress import show_progress
    from pipelines.reports import report_outcome
    from pipelines.run import require_usable, run_warehouse
    from pipelines.runs import exclusive
    from pipelines.screen import draw_outcome, show

    settings = Settings(exports=parse_exports(exports), home=home.resolve(), target=target)
    clock = None if as_of is None else parse_as_of(as_of)
    if is_preview:
        if clock or full_refresh or target != "duckdb":
            raise UsageError(
                "--preview goes by the release that readers see; leave out --as-of, --full-refresh"
                " and --target"
            )
        _preview(settings, as_json=as_json)
        return
    require_usable(settings, clock)
    with exclusive(settings, "`throughline run`"):
        with show_progress(settings.logs_dir) as log:
            outcome = run_warehouse(settings, as_of=clock, full_refresh=full_refresh)
        show(report_outcome(outcome, log), draw_outcome, as_json=as_json)
    raise typer.Exit(outcome.exit_code)


def _preview(settings: Settings, *, as_json: bool) -> None:
    from pipelines.progress import show_progress
    from pipelines.reports import report_preview
    from pipelines.runs import exclusive
    from pipelines.screen import draw_preview, show

    with exclusive(settings, "`throughline run --preview`"), show_progress(settings.logs_dir):
        report = report_preview(settings)
    show(report, draw_preview, as_json=as_json)
    raise typer.Exit(report["exit_code"])


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to be made.")],
) -> None:
    """Write a folder for your company's own rules, every line of it explained."""
    from pipelines.company import write_blank

    for path in write_blank(folder):
        typer.echo(f"wrote {path}")
    typer.echo(f"Say what holds for you in it, then: throughline run --config {folder}")


@app.command()
def templates(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where they are to lie.")],
) -> None:
    """Write the tables to fill in and the forms of a campaign's execution pack."""
    from pipelines.forms import write_templates

    for path in write_templates(folder):
        typer.echo(f"wrote {path}")
    typer.echo(f"{folder / 'README.md'} says what is for what; filled-in tables are exports")


@app.command(name="project")
def show_project(
    config: Config = None,
    is_release: Annotated[
        bool,
        typer.Option(
            "--release",
            help="The project over the published release, read-only: for `mf`, `dbt show`.",
        ),
    ] = False,
    home: Home = Path("warehouse"),
) -> None:
    """Print the folder of the dbt project that runs build, for dbt's own commands."""
    from pipelines.project import project
    from pipelines.run import require_rules

    if is_release:
        from pipelines.doors.semantic import release_project

        typer.echo(release_project(home.resolve()))
        return
    require_rules()
    typer.echo(project().root)


@app.command()
def status(home: Home = Path("warehouse"), as_json: AsJson = False) -> None:
    """Which release readers see, since when, and what the last runs said."""
    from pipelines.reports import report_status
    from pipelines.screen import draw_status, show

    report = report_status(home.resolve())
    show(report, draw_status, as_json=as_json)
    if report["release"] is None:
        raise typer.Exit(BAD_USAGE)


@app.command()
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            help="A conversion_id, a contact_key, a channel such as 'Paid Search', or a check."
        ),
    ],
    home: Home = Path("warehouse"),
    config: Config = None,
    model: Annotated[
        str | None,
        typer.Option(help="Of a channel: the attribution model; the headline model, if left out."),
    ] = None,
    conversion_type: Annotated[
        str, typer.Option("--type", help="Of a channel: which conversions.")
    ] = "closed_won",
    as_json: AsJson = False,
) -> None:
    """Where a number comes from: SQL, touches, rows of files; what a check found, and where."""
    from pipelines.reports import Figure, report_explained
    from pipelines.screen import draw_explained, show

    report = report_explained(subject, home.resolve(), Figure(model, conversion_type))
    show(report, draw_explained, as_json=as_json)


@app.command()
def whatif(
    moves: Annotated[
        list[str] | None,
        typer.Option(
            "--move",
            metavar="AMOUNT:FROM:TO",
            help="Money of the last quarter that goes elsewhere: 5000:paid_social:paid_search."
            " Without a channel on one side it comes from, or goes to, nowhere. Several are one"
            " scenario. Left out: the curves, and why there is none.",
        ),
    ] = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """What other spends would have brought, within what was spent; exit 3 if nobody can say."""
    from pipelines.reports import report_whatif
    from pipelines.screen import draw_whatif, show

    report = report_whatif(home.resolve(), moves or [])
    show(report, draw_whatif, as_json=as_json)
    raise typer.Exit(report["exit_code"])


@app.command()
def export(
    mart: Annotated[str, typer.Argument(help="Its name, with the schema or without.")],
    file_format: Annotated[
        str, typer.Option("--format", help="csv or xlsx for a spreadsheet, parquet for a program.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="A file, which is replaced, or a folder; MART.FORMAT right here, if left out.",
        ),
    ] = None,
    home: Home = Path("warehouse"),
    as_json: AsJson = False,
) -> None:
    """Write a mart of the published release to a file."""
    from pipelines.reports import report_export
    from pipelines.screen import draw_export, show

    show(report_export(home.resolve(), mart, file_format, out), draw_export, as_json=as_json)


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="The release to go back to; the one before, if left out.")
    ] = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Put an earlier release back in front of the readers."""
    from pipelines.reports import report_rollback
    from pipelines.screen import draw_rollback, show

    show(report_rollback(home.resolve(), release), draw_rollback, as_json=as_json)


@app.command()
def site(
    home: Home = Path("warehouse"),
    config: Config = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where it goes; HOME/site, if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the pages over the release that readers see, to be opened from disk."""
    from pipelines.reports import report_site
    from pipelines.screen import draw_site, show

    show(report_site(home.resolve(), out and out.absolute()), draw_site, as_json=as_json)


@app.command(name="docs")
def document(home: Home = Path("warehouse"), config: Config = None) -> None:
    """Document the project beside the site: dbt's pages, and which column is made of which."""
    from pipelines.site.documents import build_documents

    home = home.resolve()
    documents = build_documents(Settings(exports=home, home=home))
    for page in documents.pages:
        typer.echo(f"wrote {page}")
    if documents.unfollowed:
        typer.echo(
            f"{len(documents.unfollowed)} columns have no origin on the page of lineage, the first:"
            f" {documents.unfollowed[0]}",
            err=True,
        )


@app.command()
def serve(
    home: Home = Path("warehouse"),
    host: Annotated[
        str,
        typer.Option(help="Who can ask: this machine alone, unless another address is named."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of the site.")] = 8400,
    quack_port: Annotated[
        int, typer.Option("--quack-port", min=1, max=65535, help="Of the release, for DuckDBs.")
    ] = 9494,
    has_quack: Annotated[
        bool, typer.Option("--quack/--no-quack", help="Whether DuckDBs can query the release.")
    ] = True,
) -> None:
    """Serve the site over HTTP, the published release by Quack; THROUGHLINE_TOKEN is asked for."""
    from pipelines.doors import serve as door

    address = door.Address(host, port, quack_port if has_quack else None)
    door.serve(home.resolve(), address, token_from_environment(), typer.echo)


@app.command()
def pack(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[MEETING]", help="Which; those due on the day, if left out."),
    ] = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    day: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The day of the meeting, 2026-10-05; today, if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the page for a meeting: what is done, blocked, changed, next; and send it."""
    from pipelines.reports import report_packs
    from pipelines.screen import draw_packs, show

    show(report_packs(home.resolve(), name, day), draw_packs, as_json=as_json)


@app.command()
def package(
    tool: Annotated[str, typer.Argument(help="Which imports the files: asana or jira.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that they go into.")],
    home: Home = Path("warehouse"),
) -> None:
    """Write the work that approved briefs lead to, for a tracker to import."""
    from pipelines.reports import report_work_packages

    report = report_work_packages(home.resolve(), tool, out)
    for path in report["written"]:
        typer.echo(f"wrote {path}")
    for brief_version in report["needs_input"]:
        typer.echo(f"needs a launch date or an answer first: brief {brief_version}")
    if not report["written"] and not report["needs_input"]:
        typer.echo("no approved brief adds or moves work")


@app.command()
def brief(
    campaign: Annotated[
        str | None, typer.Argument(help="Its utm_campaign; every brief, if left out.")
    ] = None,
    home: Home = Path("warehouse"),
    as_json: AsJson = False,
) -> None:
    """What the briefs of the published release lack, where, and what to do."""
    from pipelines.reports import report_briefs
    from pipelines.screen import draw_briefs, show

    show(report_briefs(home.resolve(), campaign), draw_briefs, as_json=as_json)


@app.command()
def context(
    campaign: Annotated[str, typer.Argument(help="Its utm_campaign, or its campaign_key.")],
    home: Home = Path("warehouse"),
) -> None:
    """All that the published release knows of a campaign, as JSON for a program to read."""
    from pipelines.reports import report_context
    from pipelines.screen import print_json

    print_json(report_context(home.resolve(), campaign))


@app.command()
def route(
    phrase: Annotated[str, typer.Argument(help="What is to be done: 'write a blog post'.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Which skill a phrase asks for, and which one it is often mistaken for."""
    from pipelines.reports import report_route
    from pipelines.screen import draw_route, show

    show(report_route(phrase), draw_route, as_json=as_json)


@app.command()
def mcp(home: Home = Path("warehouse"), config: Config = None) -> None:
    """Answer agents about the published release, by the Model Context Protocol on stdio."""
    from pipelines.doors.agents import serve

    serve(home.resolve())


@app.command()
def outbox(
    home: Home = Path("warehouse"),
    config: Config = None,
    resend: Annotated[
        str | None,
        typer.Option(metavar="MESSAGE", help="Send a message again that did not arrive."),
    ] = None,
    is_sending: Annotated[
        bool, typer.Option("--send", help="Send now what waits; else the next run does.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What people were told, what waits to be sent, and what may have been lost."""
    from pipelines.reports import report_outbox, send_outbox
    from pipelines.screen import draw_outbox, show

    if resend or is_sending:
        send_outbox(home.resolve(), resend)
    show(report_outbox(home.resolve()), draw_outbox, as_json=as_json)


@app.command()
def forget(
    file: Annotated[str, typer.Argument(help="A file, as the ledger calls it.")],
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take a delivery back: its rows, its quarantine, its line in the ledger."""
    from pipelines.amend import forget_file
    from pipelines.screen import draw_forgotten, show

    show(forget_file(home.resolve(), file), draw_forgotten, as_json=as_json)


@app.command()
def erase(
    persons: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHO",
            help="An address, a CRM's id, or both as hubspot:123. Left out: everybody whom the"
            " template erasure_requests asks for.",
        ),
    ] = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    is_listing: Annotated[
        bool, typer.Option("--list", help="Erase nobody: print the register with its proofs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Erase persons from everything below the home; what they did keeps counting, as nobody's."""
    from pipelines.reports import report_erase, report_erasures
    from pipelines.run import require_same_company
    from pipelines.runs import exclusive
    from pipelines.screen import draw_erasures, show

    # What it builds anew lies below the home alone.
    settings = Settings(exports=home.resolve() / "exports", home=home.resolve())
    if is_listing:
        show(report_erasures(settings.home), draw_erasures, as_json=as_json)
        return
    require_same_company(settings)
    with exclusive(settings, "`throughline erase`"):
        report = report_erase(settings, persons or [])
    show(report, draw_erasures, as_json=as_json)
    if not report["is_complete"]:
        raise typer.Exit(3)


@app.command()
def reload(
    named: Annotated[
        str,
        typer.Argument(
            metavar="PATH|STREAM",
            help="A file, folder or archive as the ledger calls it, or a stream: hubspot.deals.",
        ),
    ],
    exports: Exports = "exports",
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Have the next run read again what has been read, by the contracts and hints of then."""
    from pipelines.amend import reload_files
    from pipelines.screen import draw_reloaded, show

    settings = Settings(exports=parse_exports(exports), home=home.resolve())
    show(reload_files(settings, named), draw_reloaded, as_json=as_json)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", help="Where exports/ and truth/ are written.")],
    contacts: Annotated[int, typer.Option(min=100, help="People in the CRM.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Write the exports of a fictitious company, and the truth behind them."""
    from dataclasses import asdict

    from pipelines.screen import draw_simulated, show
    from pipelines.simulate import simulate as write_company

    company = write_company(out.resolve(), contacts=contacts, seed=seed)
    report = {"status": "simulated", **asdict(company), "next": company.next_command}
    show(report, draw_simulated, as_json=as_json)


contract_app = typer.Typer(
    help="The contracts of the exports: what each vendor's files look like.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(contract_app, name="contract")


@contract_app.command()
def new(
    file: Annotated[
        Path, typer.Argument(help="An export, as the vendor wrote it or as the ledger calls it.")
    ],
    source: Annotated[
        str | None, typer.Option(help="Name of the vendor; the file's name, if left out.")
    ] = None,
    stream: Annotated[
        str | None, typer.Option(help="Name of this kind of export; the file's, if left out.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where it is written; among the contracts, if left out."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    config: Config = None,
) -> None:
    """Draft a contract from a file, for a person to finish."""
    from pipelines.ingest.draft import draft_contracts
    from pipelines.project import project

    for draft in draft_contracts(file, source, stream):
        path = (out or project().new_contracts) / draft.source / f"{draft.stream}.yml"
        if path.exists() and not force:
            raise UsageError(
                f"{path} is there already; --force overwrites it, --stream names another"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(draft.text, encoding="utf-8")
        marks = draft.text.count("# check:")
        typer.echo(
            f"wrote {path}: {len(draft.columns)} columns, {marks} marks `# check:` to settle"
        )
    company = project().company
    where = f" --config {company.folder}" if company else ""
    typer.echo(f"Settle the marks, then: throughline contract check{where}")


@contract_app.command()
def check(config: Config = None) -> None:
    """Say what is wrong with any contract, and what must be beside it."""
    from pipelines.ingest.validate import problems
    from pipelines.project import project

    found = problems(project().contracts, project().staging)
    for problem in found:
        typer.echo(problem)
    if found:
        typer.echo(f"{len(found)} problem(s)", err=True)
        raise typer.Exit(BAD_USAGE)
    typer.echo("every contract is usable")


@contract_app.command()
def docs(
    is_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 2 if something is out of step.")
    ] = False,
) -> None:
    """Write what is derived from the contracts: the dbt source YAML, docs/sources.md."""
    from pipelines.ingest.contract import load_contracts
    from pipelines.ingest.document import stale_page, stale_sources
    from pipelines.settings import PROJECT_DIR
    from pipelines.transform.manifest import unread_sources

    contracts = load_contracts()
    sources = stale_sources(contracts, PROJECT_DIR / "dbt_project" / "models" / "staging")
    if not is_check:
        # dbt reads them before it can say what no mart reads.
        _write(sources)
    page = stale_page(contracts, unread_sources(), PROJECT_DIR / "docs" / "sources.md")
    if not is_check:
        _write(page)
    elif stale := [*sources, *page]:
        raise UsageError(
            f"out of step with the contracts: {', '.join(map(str, stale))};"
            " run throughline contract docs"
        )


def _write(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {path}")


gx_app = typer.Typer(no_args_is_help=True, help="For people who know Great Expectations.")
app.add_typer(gx_app, name="gx")


@gx_app.command(name="export")
def export_suites(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the context is written; a new folder.")
    ],
    home: Home = Path("warehouse"),
    config: Config = None,
) -> None:
    """Write the suites as a context of theirs, whose checkpoint judges the release."""
    from pipelines.reports import report_gx_export

    report = report_gx_export(home.resolve(), folder.resolve())
    typer.echo(
        f"wrote {report['folder']}: {report['suites']} suites, {report['expectations']}"
        f" expectations over release {report['release_id']}; {len(report['left_out'])} checks read"
        " what no release has (left_out.txt). README.md says how to run them"
    )


audit_app = typer.Typer(no_args_is_help=True, help="Look up in the sources what we say.")
app.add_typer(audit_app, name="audit")


@audit_app.command()
def sample(
    out: Annotated[Path, typer.Option("--out", help="The CSV to fill in.")],
    home: Home = Path("warehouse"),
) -> None:
    """Write whom to look up this month; filled in, it goes among the exports."""
    from pipelines.reports import report_audit_sample

    report = report_audit_sample(home.resolve(), out)
    if report["out"] is None:
        typer.echo("nothing is left to be looked up this month")
        return
    typer.echo(
        f"wrote {report['out']}: {report['values']} values of {report['records']} records; fill in"
        " truth_value, audited_on and auditor, and put it among the exports"
    )


utm_app = typer.Typer(
    help="The tags of links, before a campaign goes live: by the rules that judge visits.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(utm_app, name="utm")

GoesLiveOn = Annotated[
    str | None,
    typer.Option(
        "--day", metavar="DAY", help="When links go live, 2026-10-05; today, if left out."
    ),
]


@utm_app.command(name="check")
def check_links(
    links: Annotated[
        list[str],
        typer.Argument(
            metavar="URL…|FILE",
            help="Links; or a file with one a line, a .csv with a column of them, - for stdin.",
        ),
    ],
    day: GoesLiveOn = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with links; exit 3 if anything is."""
    from pipelines.reports import report_utm_check
    from pipelines.screen import draw_utm_check, show

    report = report_utm_check(home.resolve(), links, day)
    show(report, draw_utm_check, as_json=as_json)
    raise typer.Exit(report["exit_code"])


@utm_app.command(name="build")
def build_link(
    url: Annotated[str, typer.Option("--url", help="The page; its query and fragment stay.")],
    source: Annotated[str, typer.Option("--source", help="utm_source: who sends the visitor.")],
    medium: Annotated[str, typer.Option("--medium", help="utm_medium: cpc, email, social …")],
    campaign: Annotated[str, typer.Option("--campaign", help="utm_campaign, as registered.")],
    content: Annotated[
        str | None, typer.Option("--content", help="utm_content: which variant.")
    ] = None,
    term: Annotated[
        str | None, typer.Option("--term", help="utm_term: the keyword, with paid search alone.")
    ] = None,
    day: GoesLiveOn = None,
    home: Home = Path("warehouse"),
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print a link with these tags, written as the rules want them; exit 3 if one refuses it."""
    from pipelines.reports import report_utm_build
    from pipelines.screen import draw_utm_build, print_json, show_beside

    told = {"source": source, "medium": medium, "campaign": campaign}
    told |= {"content": content or "", "term": term or ""}
    tags = {f"utm_{name}": value for name, value in told.items() if value}
    report = report_utm_build(home.resolve(), url, tags, day)
    if as_json:
        print_json(report)
    else:
        show_beside(report, draw_utm_build)
        if not report["is_refused"]:
            typer.echo(report["link"])
    raise typer.Exit(report["exit_code"])


def main() -> None:
    """Entry point of the `throughline` script: expected errors end in one line, exit 2."""
    try:
        stoppable(app)
    except UsageError as error:
        _end(str(error))
    except OSError as error:
        # A right that lacks, a disk that is full, a folder that is gone: nothing of ours.
        where = f"{error.filename}: " if error.filename else ""
        _end(f"{where}{error.strerror or error}")
    except Exception as error:
        # The same, as DuckDB says it.
        from pipelines.ingest.environment import is_passing, way_out

        if not is_passing(error):
            raise
        _end(way_out(error))


def _end(message: str) -> NoReturn:
    with contextlib.suppress(OSError):
        typer.echo(f"throughline: {without_credentials(message)}", err=True)
    sys.exit(BAD_USAGE)


if __name__ == "__main__":
    main()
