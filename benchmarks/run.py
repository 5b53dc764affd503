"""What a warm `throughline run` on the sample company costs: `python -m benchmarks.run`.

One run warms the caches that belong to the project (dbt's manifest, compiled bytecode); then runs
into fresh homes are measured, all processes together, and the best one counts. The reference is the
budget of the design: 45 s of user CPU on two cores.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUDGET_S = 45.0
AS_OF = "2026-10-01T06:00:00Z"


def measured(*arguments: object) -> tuple[float, float]:
    """Run one command of the line; its wall and user seconds, children included."""
    command = [str(Path(sys.executable).with_name("throughline")), *map(str, arguments)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - started, after.ru_utime - before.ru_utime


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        rows = [
            ("simulate", *measured("simulate", "--out", sample, "--contacts", options.contacts))
        ]
        run = ("run", "--exports", sample / "exports", "--as-of", AS_OF, "--home")
        rows.append(("run, cold", *measured(*run, Path(folder) / "cold")))
        warm = [measured(*run, Path(folder) / f"warm{n}") for n in range(options.repeat)]
        best = min(warm, key=lambda seconds: seconds[1])
        rows.append(("run, warm", *best))
        rows.append(("run, nothing new", *measured(*run, Path(folder) / "warm0")))
    help_wall, help_user = measured("--help")
    rows.append(("--help", help_wall, help_user))
    print(f"{'command':20} {'wall s':>8} {'user s':>8} {'of budget':>10}")
    for name, wall, user in rows:
        print(f"{name:20} {wall:8.1f} {user:8.1f} {user / BUDGET_S:10.2f}")
    print(f"figure run_user_cpu_s = {best[1]:.1f}")
    print(f"figure help_wall_s = {help_wall:.2f}")


if __name__ == "__main__":
    main()
