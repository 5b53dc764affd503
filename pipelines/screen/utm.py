"""What is wrong with the tags of links: the screens of `utm check` and `utm build`."""

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import say
from pipelines.settings import utc_text


def draw_utm_check(console: Console, report: Report) -> None:
    """A line a link, its faults and notes below it, and how many were refused."""
    for link in report["links"]:
        place = f" ({link['place']})" if link["place"] else ""
        if link["is_refused"]:
            say(console, "refused", f"{link['link']}{place}", "red")
        else:
            say(console, "passed", f"{link['link']}{place}: {_channel(link)}", "green")
        _draw_faults(console, link)
    say(console, "links", f"{report['link_count']}, {report['refused_count']} refused")
    _draw_registry(console, report)


def draw_utm_build(console: Console, report: Report) -> None:
    """What was changed, what is wrong, and where visits by the link will stand."""
    for change in report["changes"]:
        say(console, "changed", change, "yellow")
    _draw_faults(console, report)
    if report["is_refused"]:
        say(console, "refused", report["link"], "red")
    else:
        say(console, "visits", _channel(report))
    _draw_registry(console, report)


def _draw_faults(console: Console, link: Record) -> None:
    for fault in link["faults"]:
        what = f"{fault['utm_parameter']} {fault['fault']}" if fault["utm_parameter"] else ""
        found = "nothing" if fault["found"] is None else f'"{fault["found"]}"'
        near = " or ".join(fault["did_you_mean"])
        hint = f" Did you mean {near}?" if near else ""
        say(
            console,
            f"  {fault['definition']}",
            f"{what or fault['fault']}: found {found}, expected {fault['expected']}."
            f" {fault['action']}.{hint}",
            "red",
        )
    for note in link["notes"]:
        say(console, f"  {note['definition']}", note["note"], "yellow")


def _channel(link: Record) -> str:
    return f"count as {link['channel']} (GA4: {link['ga4_channel_group']})"


def _draw_registry(console: Console, report: Report) -> None:
    registry = report["registry"]
    if registry is None:
        say(
            console,
            "campaigns",
            f"could not be checked: nothing is published in {report['home']}; `throughline run"
            f" --home {report['home']}` publishes the registry",
            "yellow",
        )
        return
    say(
        console,
        "campaigns",
        f"{registry['campaign_count']} registered, as of {utc_text(registry['as_of_at'])}",
    )
