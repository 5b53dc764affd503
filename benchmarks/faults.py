"""What a run survives: `python -m benchmarks.faults [-k WORD]`.

Every fault meets `throughline run` itself, on a small company. Afterwards an undisturbed run must
give the figures of a home that nothing ever happened to, and whatever readers saw meanwhile must
have been a whole release. Filling disks needs the right to mount, taking permissions from root
needs setpriv: without them these are named and not tried.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

COMMAND = str(Path(sys.executable).with_name("throughline"))
AS_OF = "2026-10-01T06:00:00Z"
# What is left for later comes with a batch of its own, which a clock that stands still has not.
BEFORE = "2026-10-01T05:59:59Z"
SCHEMAS = ("core", "attribution", "funnel", "operations")
# Where a row came from, and ids made of that, change with the order in which files are found; what
# a row says does not.
PLACES = ("file_id", "row_number", "ingested_at", "ad_spend_period_id")
# What these say is of runs, what each found and loaded and when: a home of two runs tells of two.
OF_RUNS = (
    "fct_attention_items",
    "fct_corrective_actions",
    "fct_responsibility_scorecards",
    "fct_tool_audits",
    "fct_top_constraints",
)
PUBLISHES = 100
REPORT = (
    "Campaign report\n"
    '"May 18, 2026 - May 18, 2026"\n'
    "Day,Customer ID,Campaign status,Campaign,Campaign ID,Currency code,Cost,Clicks,Impr.\n"
    "2026-05-18,888-777-0003,Enabled,{name},79001,USD,{cost},10,100\n"
)


@dataclass
class Tally:
    """What was tried, and what came of it."""

    tried: int = 0
    survived: int = 0
    rows_lost: int = 0
    wrong_releases: int = 0
    untried: list[str] = field(default_factory=list)

    def note(self, fault: str, wrong: Sequence[str]) -> None:
        """One fault, and what went wrong because of it."""
        self.tried += 1
        self.survived += not wrong
        print(f"{'survived' if not wrong else 'FAILED':9} {fault}", *wrong, sep="\n          ")
        sys.stdout.flush()


@dataclass(frozen=True)
class Bench:
    """A company, and what an undisturbed home says of it.

    Attributes:
        folder: for homes and copies.
        exports: of the company.
        figures: of the undisturbed home, a digest a mart.
        rows: of the undisturbed home.
        seconds: that its run took.
    """

    folder: Path
    exports: Path
    figures: dict[str, str]
    rows: int
    seconds: float
    tally: Tally

    def wrong(self, home: Path, done: subprocess.CompletedProcess[str] | None) -> list[str]:
        """What a home says otherwise than the undisturbed one; of `done` the run that ended."""
        found = []
        if done and done.returncode:
            found.append(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
        lost = self.rows - rows(home)
        if lost:
            self.tally.rows_lost += abs(lost)
            found.append(f"{lost} rows fewer in raw")
        if others := self.others(home):
            self.tally.wrong_releases += 1
            found.append(f"other figures in {', '.join(others)}")
        return found

    def others(self, home: Path) -> list[str]:
        """The marts that say otherwise than those of the undisturbed home."""
        found = figures(home)
        return sorted(
            table
            for table in self.figures.keys() | found.keys()
            if found.get(table) != self.figures.get(table)
        )

    def torn(self, home: Path) -> list[str]:
        """What is wrong with the release that readers have now, if they have one."""
        others = self.others(home) if published(home).exists() else []
        if not others:
            return []
        self.tally.wrong_releases += 1
        return [f"readers saw figures that no whole run gives, in {', '.join(others)}"]


def published(home: Path) -> Path:
    """What readers open."""
    return home / "published" / "marketing.duckdb"


def figures(home: Path) -> dict[str, str]:
    """A digest of what each mart says; empty where nothing is published."""
    if not published(home).exists():
        return {}
    with duckdb.connect(str(published(home)), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where schema_name in $1 and table_name not in $2 order by all",
            [SCHEMAS, OF_RUNS],
        ).fetchall()
        digest = "count(*) || ':' || coalesce(sum(hash(said)), 0)"
        told = f"select columns(name -> name not in {PLACES}) from {{}}.{{}}"
        return {
            ".".join(table): con.execute(
                f"select {digest} from ({told.format(*table)}) as said"
            ).fetchall()[0][0]
            for table in tables
        }


def rows(home: Path) -> int:
    """Rows in raw, by the ledger."""
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        return int(
            con.execute("select coalesce(sum(rows_loaded), 0) from ops.files").fetchall()[0][0]
        )


def line(exports: Path, home: Path, *, as_of: str = AS_OF) -> list[str]:
    """The command of a run."""
    return [COMMAND, "run", "--exports", str(exports), "--home", str(home), "--as-of", as_of]


def ran(command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that ended by itself."""
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


# --- kills


def kills(bench: Bench, count: int) -> None:
    """Kill runs at random moments, some of them on what killed ones have left."""
    moments = random.Random(11)  # noqa: S311 - no secret
    home = bench.folder / "killed"
    for number in range(1, count + 1):
        seconds = moments.uniform(0.1, bench.seconds)
        run = subprocess.Popen(
            line(bench.exports, home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        wrong = bench.torn(home)
        if number % 4 == 0 or number == count:
            wrong += bench.wrong(home, ran(line(bench.exports, home)))
            shutil.rmtree(home)
        bench.tally.note(f"killed after {seconds:.1f} s", wrong)


# --- disks


@contextmanager
def disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of so many bytes."""
    folder.mkdir(exist_ok=True)
    mount("-o", f"size={size}", "tmpfs", folder)
    try:
        yield
    finally:
        subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


def mount(*arguments: object) -> None:
    """Mount a file system in memory, or change it."""
    subprocess.run(["/bin/mount", "-t", "tmpfs", *map(str, arguments)], check=True)


def full_disks(bench: Bench, count: int) -> None:
    """Run where the disk, or the folder for temporary files, is too small; then make room."""
    if os.geteuid() != 0:
        bench.tally.untried.append("full disks: mounting needs root")
        return
    whole = sum(f.stat().st_size for f in (bench.folder / "reference").rglob("*") if f.is_file())
    for part in range(1, count + 1):
        with disk(bench.folder / "disk", part * whole // (count + 1)):
            home = bench.folder / "disk" / "home"
            first = ran(line(bench.exports, home))
            said = first.stderr.strip().splitlines()[-1:]
            wrong = bench.torn(home)
            if first.returncode not in (0, 2) or "Traceback" in first.stderr:
                wrong.append(f"exit {first.returncode}, and says: {said}")
            mount("-o", f"remount,size={4 * whole}", "tmpfs", bench.folder / "disk")
            wrong += bench.wrong(home, ran(line(bench.exports, home)))
            bench.tally.note(f"disk of {part}/{count + 1} of what it takes: {said}", wrong)
    with disk(bench.folder / "disk", 64 * 1024):
        home = bench.folder / "no_temp"
        temporary = str(bench.folder / "disk")
        first = ran(line(bench.exports, home, as_of=BEFORE), TMPDIR=temporary)
        wrong = [first.stderr.strip()[-300:]] if "Traceback" in first.stderr else []
    wrong += bench.wrong(home, ran(line(bench.exports, home)))
    bench.tally.note(f"no room for temporary files: exit {first.returncode}", wrong)


# --- permissions


def permissions(bench: Bench) -> None:
    """Take the right to a file, to a folder of the exports and to the home; then give it back."""
    unprivileged: list[str] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            bench.tally.untried.append("permissions: root needs setpriv to lose them")
            return
        caps = "-dac_override,-dac_read_search"
        unprivileged = ["setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}"]
    exports = bench.folder / "locked_exports"
    shutil.copytree(bench.exports, exports)
    file = next(path for path in sorted(exports.rglob("*.csv")) if "hubspot" in path.parts)
    for locked in (file, exports / "ga4"):
        home = bench.folder / f"locked_{locked.name}"
        mode = locked.stat().st_mode
        locked.chmod(0)
        first = ran([*unprivileged, *line(exports, home, as_of=BEFORE)])
        locked.chmod(mode)
        wrong = [] if first.returncode else ["the exit code did not tell that something is pending"]
        if "Traceback" in first.stderr:
            wrong.append(first.stderr.strip()[-300:])
        wrong += bench.wrong(home, ran([*unprivileged, *line(exports, home)]))
        bench.tally.note(f"no right to {locked.name}: exit {first.returncode}", wrong)
    home = bench.folder / "locked_home"
    home.mkdir(mode=0o555)
    first = ran([*unprivileged, *line(exports, home)])
    home.chmod(0o755)
    wrong = [] if first.returncode == 2 else [f"exit {first.returncode}: {first.stderr[-300:]}"]
    wrong += bench.wrong(home, ran([*unprivileged, *line(exports, home)]))
    bench.tally.note("no right to the home", wrong)


# --- readers

READER = """
import os, sys, duckdb
path, folder = sys.argv[1:]
held = duckdb.connect(path, read_only=True)
ask = "select string_agg(path, ' ' order by path), (select count(*) from core.dim_contacts)"
ask += " from meta.files"
first = held.execute(ask).fetchall()
reads, wrong = 0, set()
while not os.path.exists(folder + "/stop"):
    try:
        if held.execute(ask).fetchall() != first:
            wrong.add("a held handle saw another release")
        with duckdb.connect(path, read_only=True) as fresh:
            fresh.execute(ask).fetchall()
        reads += 1
    except Exception as error:
        wrong.add(str(error)[:200])
print(reads, *sorted(wrong), sep="\\n")
"""


def readers(bench: Bench) -> None:
    """Readers with held and with fresh handles, while one release follows the other."""
    home = bench.folder / "read"
    shutil.copytree(bench.folder / "reference", home)
    exports = bench.folder / "read_exports"
    shutil.copytree(bench.exports, exports)
    (exports / "google_ads" / "later.csv").write_text(REPORT.format(name="later", cost="10.00"))
    ran(line(exports, home, as_of="2026-10-02T06:00:00Z"))
    # The newest first: it is what readers have, so the first step is back.
    releases = [r["release_id"] for r in status(home)["releases"]]
    watching = subprocess.Popen(
        [sys.executable, "-c", READER, str(published(home)), str(home)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    failed = [
        number
        for number in range(PUBLISHES)
        if ran([COMMAND, "rollback", releases[(number + 1) % 2], "--home", str(home)]).returncode
    ]
    (home / "stop").touch()
    said = (watching.communicate()[0] or "").splitlines()
    wrong = [*said[1:], *(["publishes failed: " + str(failed)] if failed else [])]
    bench.tally.note(f"{PUBLISHES} publishes under {said[0] if said else 0} reads", wrong)


def status(home: Path) -> dict[str, list[dict[str, str]]]:
    """What `throughline status` says."""
    said = ran([COMMAND, "status", "--home", str(home), "--json"])
    found: dict[str, list[dict[str, str]]] = json.loads(said.stdout)
    return found


# --- files that move


def moved_files(bench: Bench) -> None:
    """Rename and touch files, before the first run and between two; bring old bytes back."""
    exports, home = bench.folder / "moved", bench.folder / "moved_home"
    shutil.copytree(bench.exports, exports)
    shuffled = random.Random(5)  # noqa: S311 - no secret
    for path in [p for p in exports.rglob("*") if p.is_file()]:
        seconds = shuffled.randrange(1_700_000_000, 1_790_000_000)
        os.utime(path, (seconds, seconds))
        path.rename(path.with_name(f"copy of {path.name}"))
    bench.tally.note("renamed and touched before", bench.wrong(home, ran(line(exports, home))))
    home = bench.folder / "renamed_home"
    ran(line(exports, home, as_of=BEFORE))
    for path in [p for p in exports.rglob("copy of *") if p.is_file()]:
        path.rename(path.with_name(path.name.removeprefix("copy of ")))
    bench.tally.note("renamed between two runs", bench.wrong(home, ran(line(exports, home))))
    back(bench, "the same path", ["report.csv"] * 3)
    back(bench, "a path of its own", ["a.csv", "b.csv", "c.csv"])


def back(bench: Bench, where: str, names: Sequence[str]) -> None:
    """A, B and A again: the last delivery holds."""
    exports, home = bench.folder / f"aba {where}", bench.folder / f"aba {where} home"
    exports.mkdir()
    wrong = []
    for day, (name, cost) in enumerate(zip(names, ("10.00", "20.00", "10.00"), strict=True), 1):
        (exports / name).write_text(REPORT.format(name="aba", cost=cost))
        done = ran(line(exports, home, as_of=f"2026-10-0{day}T06:00:00Z"))
        if done.returncode:
            wrong.append(done.stderr.strip()[-300:])
            break
        with duckdb.connect(str(published(home)), read_only=True) as con:
            ((spend,),) = con.execute(
                "select sum(spend) from attribution.fct_ad_spend_daily"
            ).fetchall()
        if f"{spend:.2f}" != cost:
            bench.tally.wrong_releases += 1
            wrong.append(f"delivery {day}: {spend}, right {cost}")
    bench.tally.note(f"A, B and A again, at {where}", wrong)


# --- files that are none


def hostile_files(bench: Bench) -> None:
    """One file of every kind beside a company's good ones: each is told, and costs no other."""
    exports, home = bench.folder / "hostile", bench.folder / "hostile_home"
    shutil.copytree(bench.exports, exports)
    folder = exports / "odd"
    folder.mkdir()
    made = [make(folder) for make in HOSTILE]
    done = ran(line(exports, home))
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        entries = con.execute("select path, coalesce(message, status) from ops.files").fetchall()
        unbalanced = con.execute(
            "select path from ops.files"
            " where rows_read <> rows_loaded + rows_rejected + rows_skipped"
        ).fetchall()
    for name in made:
        said = [message for path, message in entries if path.startswith(f"odd/{name}")]
        wrong = [] if said and all(said) else ["not in the ledger"]
        wrong += [message for message in said if "\n" in message or len(message) > 1000]
        bench.tally.note(f"{name!r}: {said[0][:120] if said else ''}", wrong)
    wrong = [f"read is not the sum of its parts: {path}" for (path,) in unbalanced]
    if done.returncode not in (0, 1, 4) or "Traceback" in done.stderr:
        wrong.append(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
    if figures(home) != bench.figures:
        bench.tally.wrong_releases += 1
        wrong.append("other figures")
    bench.tally.note("the good files beside them", wrong)


def _file(name: str, content: bytes) -> Callable[[Path], str]:
    def make(folder: Path) -> str:
        (folder / name).write_bytes(content)
        return name

    return make


def _circle(folder: Path) -> str:
    (folder / "circle").symlink_to(folder)
    return "circle"


def _dangling(folder: Path) -> str:
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    return "gone.csv"


def _outside(folder: Path) -> str:
    with zipfile.ZipFile(folder / "outside.zip", "w") as archive:
        archive.writestr("../outside.csv", "a,b\n1,2\n")
    return "outside.zip"


def _two_lines(folder: Path) -> str:
    (folder / "two\nlines.csv").write_bytes(TABLE)
    return "two"


def _not_utf8(folder: Path) -> str:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).write_bytes(b"a,b\n1,2\n")
    return "caf"


TABLE = b"colour,size\n" + b"red,1\n" * 100
HOSTILE: tuple[Callable[[Path], str], ...] = (
    _file("empty.csv", b""),
    _file("page.html", b"<!doctype html><html><body>Sign in</body></html>"),
    _file("feed.xml", b"<?xml version='1.0'?><rows><row a='1'/></rows>"),
    _file("cut.csv.gz", gzip.compress(TABLE * 50)[:-20]),
    _file("cut.parquet", b"PAR1" + b"\0" * 200),
    _file("cut.xlsx", b"PK\x03\x04" + b"\0" * 100),
    _file("cut.zip", b"PK\x03\x04" + b"\0" * 10),
    _file("quote.csv", b'colour,size\n"red,1\n' + b"red,1\n" * 5000),
    _file("zeros.csv", b"\0" * 4096),
    _file("long.csv", b"colour,size\n" + b"x" * 5_000_000 + b",1\n"),
    _file("wide.csv", b",".join(b"c%d" % n for n in range(20_000)) + b"\n"),
    _file("nested.json", b'{"a":' * 300 + b"1" + b"}" * 300),
    _file("cut.json", b'[{"a": 1}, {"a": '),
    _file("report[1].csv", TABLE),
    _file("all*.csv", TABLE),
    _file("what?.csv", TABLE),
    _file("{a,b}.csv", TABLE),
    _file("o'clock.csv", TABLE),
    *(_circle, _dangling, _outside, _not_utf8, _two_lines),
)


def main() -> None:
    """Try every fault, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--disks", type=int, default=8)
    parser.add_argument("-k", default="", help="only the groups with this word in their names")
    options = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ran([COMMAND, "simulate", "--out", name, "--contacts", str(options.contacts)])
        exports, home = folder / "exports", folder / "reference"
        # The first prepares the project.
        ran(line(exports, folder / "first"))
        started = time.monotonic()
        done = ran(line(exports, home))
        seconds = time.monotonic() - started
        if done.returncode:
            sys.exit(done.stderr)
        bench = Bench(folder, exports, figures(home), rows(home), seconds, tally)
        groups: dict[str, Callable[[], None]] = {
            "kills": lambda: kills(bench, options.kills),
            "disks": lambda: full_disks(bench, options.disks),
            "permissions": lambda: permissions(bench),
            "readers": lambda: readers(bench),
            "moved": lambda: moved_files(bench),
            "hostile": lambda: hostile_files(bench),
        }
        for group, run in groups.items():
            if options.k in group:
                run()
    print(*(f"not tried  {what}" for what in tally.untried), sep="\n")
    print(f"figure faults_tried = {tally.tried}")
    print(f"figure faults_survived = {tally.survived}")
    print(f"figure rows_lost = {tally.rows_lost}")
    print(f"figure wrong_releases = {tally.wrong_releases}")


if __name__ == "__main__":
    main()
