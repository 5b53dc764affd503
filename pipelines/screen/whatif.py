"""What-if of a budget: the screen of `whatif`."""

from collections.abc import Mapping, Sequence

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_counts, say

# What is refused, and what would have to be otherwise.
WHY: Mapping[str, str] = {
    "few_weeks": "too few whole weeks with spend: 33 are needed, a quarter of them to try it on",
    "no_variation": "its spend hardly varied, so nothing shows what more or less would bring",
    "few_leads": "too few leads are credited to it",
    "correlated": "another channel's spend rose and fell with it: no week tells them apart",
    "others_move": "leads that no paid channel is credited with move with its spend",
    "not_concave": "leads fall with its spend, or rise faster than it",
    "backtest_off": "learned without the last quarter, its curve foretold that quarter wrongly",
    "beyond_range": "beyond what was spent in a week, where nobody saw what comes of it",
    "no_curve": "nothing was ever spent on it",
}


def draw_whatif(console: Console, report: Report) -> None:
    """The curves where nothing was asked; else the scenario, channel by channel, and what it is."""
    quarter = report["quarter"]
    if quarter["last_day"] is None:
        say(console, "response", "no channel has spend by days: there is nothing to ask about")
        return
    if report["effects"]:
        _draw_effects(console, report)
    else:
        _draw_curves(console, report["curves"])
    say(
        console,
        "what it is",
        f"the quarter {quarter['first_day']} to {quarter['last_day']} by the release"
        f" {report['release']['release_id']}, no forecast; leads are those that"
        f" {report['model']} credits, its interval included",
    )


def _draw_curves(console: Console, curves: Sequence[Record]) -> None:
    table = new_counts("channel", "weeks", "spend a week", "observed", "leads a week", "elasticity")
    for curve in curves:
        table.add_row(
            curve["channel"],
            str(curve["weeks"]),
            f"{curve['spend']:,.0f}",
            _range(curve),
            _interval(curve["leads"], 1),
            _interval(curve["elasticity"], 2),
        )
    console.print(table)
    _draw_refusals(console, curves)


def _draw_effects(console: Console, report: Report) -> None:
    table = new_counts("channel", "spend a week", "would be", "observed", "leads", "change", "gain")
    for effect in report["effects"]:
        change = [effect[f"leads_change{end}"] for end in ("", "_low", "_high")]
        is_told = effect["refusal"] is None
        table.add_row(
            effect["channel"],
            f"{effect['spend_before']:,.0f}",
            f"{effect['spend_after']:,.0f}",
            _range(effect),
            f"{effect['leads_before']:,.1f}" if is_told else "-",
            _interval(change if is_told else None, 1, sign="+"),
            f"{effect['gain_chance']:.0%}" if is_told else "-",
        )
    console.print(table)
    _draw_refusals(console, report["effects"][:-1])
    is_refused = report["effects"][-1]["refusal"] is not None
    saved = f"saved as {report['scenario_id']}, on the page What-if from the next release on"
    say(console, "refused" if is_refused else "answered", saved, "red" if is_refused else "green")


def _draw_refusals(console: Console, rows: Sequence[Record]) -> None:
    for row in rows:
        if row["refusal"]:
            say(console, "no answer", f"{row['channel']}: {WHY[row['refusal']]}", "yellow")


def _range(row: Record) -> str:
    return "-" if row["spend_low"] is None else f"{row['spend_low']:,.0f}–{row['spend_high']:,.0f}"  # noqa: RUF001


def _interval(found: Sequence[float] | None, digits: int, sign: str = "") -> str:
    if found is None:
        return "-"
    middle, low, high = (f"{figure:{sign},.{digits}f}" for figure in found)
    return f"{middle} ({low} to {high})"
