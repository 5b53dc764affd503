"""What a warm `throughline run` on the sample company costs: `python -m benchmarks.run`.

One run warms the caches that belong to the project (dbt's manifest and what it prepares, compiled
bytecode); then runs into fresh homes are measured, all processes together, and the best one counts.
Then one small file comes that attribution does not read. The budgets are those of the design, in
user CPU on two cores.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import Cost, measured

BUDGETS = {"run, warm": 30.0, "run, one small file": 8.0}
AS_OF, A_DAY_LATER = "2026-10-01T06:00:00Z", "2026-10-02T06:00:00Z"
MILESTONES = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,"
    "Start Date,Due Date,Tags,Notes,Projects,Parent task\n"
    "1999999999999999,2026-10-01,,2026-10-01,Book the stand,To do,,,,2026-11-01,,,Trade fairs,\n"
)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sample, homes = Path(folder) / "sample", Path(folder)
        exports = sample / "exports"
        costs = {"simulate": measured("simulate", "--out", sample, "--contacts", options.contacts)}
        run = ("run", "--exports", exports, "--config", sample / "config", "--home")
        costs["run, cold"] = measured(*run, homes / "cold", "--as-of", AS_OF)
        warm = [measured(*run, homes / f"warm{n}", "--as-of", AS_OF) for n in range(options.repeat)]
        costs["run, warm"] = min(warm, key=lambda cost: cost.user)
        costs["run, nothing new"] = measured(*run, homes / "warm0", "--as-of", AS_OF)
        (exports / "asana").mkdir(exist_ok=True)
        (exports / "asana" / "Trade fairs.csv").write_text(MILESTONES)
        one_file = []
        for n in range(options.repeat):
            shutil.copytree(homes / "warm0", homes / f"one{n}")
            one_file.append(measured(*run, homes / f"one{n}", "--as-of", A_DAY_LATER))
        costs["run, one small file"] = min(one_file, key=lambda cost: cost.user)
    costs["--help"] = measured("--help")
    print(f"{'command':20} {'wall s':>8} {'user s':>8} {'budget':>8}")
    for name, cost in costs.items():
        budget = BUDGETS.get(name)
        print(f"{name:20} {cost.wall:8.1f} {cost.user:8.1f} {budget or '':>8}")
    print_steps(costs["run, warm"], costs["run, one small file"])
    print(f"figure run_user_cpu_s = {costs['run, warm'].user:.1f}")
    print(f"figure run_one_file_user_cpu_s = {costs['run, one small file'].user:.1f}")
    print(f"figure help_wall_s = {costs['--help'].wall:.2f}")


def print_steps(warm: Cost, one_file: Cost) -> None:
    """The wall seconds of each step, and what the process costs before and behind them."""
    print(f"\n{'step, wall s':20} {'warm':>8} {'one file':>8}")
    for name in warm.steps:
        print(f"{name:20} {warm.steps[name]:8.1f} {one_file.steps.get(name, 0):8.1f}")
    rest = [cost.wall - sum(cost.steps.values()) for cost in (warm, one_file)]
    print(f"{'start and end':20} {rest[0]:8.1f} {rest[1]:8.1f}")


if __name__ == "__main__":
    main()
