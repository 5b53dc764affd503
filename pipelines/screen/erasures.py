"""The screen of `throughline erase`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import number, say

STYLES = {True: "green", False: "red"}


def draw_erasures(console: Console, report: Report) -> None:
    """Each erasure with its proof, and what is left to do outside the home."""
    for reason in report["refused"]:
        say(console, "Refused", reason, "red")
    if not report["erasures"] and not report["refused"]:
        say(console, "Nobody", "is to be erased: no request of the template is open", "green")
    for one in report["erasures"]:
        asked = ", ".join(f"request {id_}" for id_ in one["request_ids"]) or one["requested_by"]
        is_done = one["status"] == "done"
        said = f"{number(one['rows'])} rows of {len(one['tables'])} tables are {one['person']} now"
        say(console, "Erased" if is_done else one["status"].capitalize(), said, STYLES[is_done])
        say(console, "asked by", f"{asked}, {one['begun_at']}; in the register {one['subject']}")
        if not (one["rows"] or one["files"] or one["residue"]):
            said = "nothing here told of the person as named; is it spelt as the exports have it?"
            say(console, "not found", said, "yellow")
        searched = f"{number(one['scanned_files'])} files, {number(one['scanned_bytes'])} bytes"
        found = "; ".join(one["residue"]) or "nothing of the person"
        say(console, "searched", f"{searched}: {found}")
    if report["mend"]:
        say(console, "mend", report["mend"], "red")
    for path in report["exports"]:
        say(console, "export", path)
    if report["next"]:
        say(console, "outside", report["next"], "yellow")
