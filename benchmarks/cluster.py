"""The line on a Spark cluster beside the line on DuckDB: `python -m benchmarks.cluster`.

A master and two workers are started as processes of this machine, each worker with one core, and
see the warehouse under the same path, as the workers of a cluster do in a shared folder. The same
exports run through the line on both engines, of one size and, with `--grow`, of four times that.
Every mart must come out the same. What is compared is the time on the wall that the models take:
on two cores of one machine Spark pays for its network and its processes and has no more hands than
DuckDB, so the ratio says what a row costs more there, and the growth whether that stays so. With
`--lose-worker` one of the workers is killed while Spark builds, which may cost time but no row.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb

from benchmarks.measure import Cost, measured
from pipelines.simulate import AS_OF
from pipelines.spark import compare

WORKERS = 2
# How many intermediate models Spark has built when a worker is killed.
BUILT_BY_THEN = 10
STARTED_WITHIN_S = 60.0


@dataclass(frozen=True)
class Cluster:
    """A running standalone cluster.

    Attributes:
        url: as Spark is told it.
        page: host and port of the master's page.
        workers: the processes, the first of which a test may end.
    """

    url: str
    page: str
    workers: tuple[subprocess.Popen[bytes], ...]

    def alive(self) -> int:
        """How many workers the master knows to be at work."""
        return int(self._state()["aliveworkers"])

    def _state(self) -> dict[str, Any]:
        with closing(HTTPConnection(self.page, timeout=5)) as connection:
            connection.request("GET", "/json/")
            answer = connection.getresponse()
            said = answer.read()
            # Its page stands before what the page says does.
            if answer.status != HTTPStatus.OK or not said.startswith(b"{"):
                raise ConnectionError(f"the master answers {answer.status} and {said[:80]!r}")
            state: dict[str, Any] = json.loads(said)
        return state


@contextmanager
def standalone_cluster(
    folder: Path, workers: int = WORKERS, memory: str = "2g"
) -> Iterator[Cluster]:
    """Start a master and workers of one core each, and stop them at the end.

    Args:
        folder: of their logs and scratch files.
        workers: how many.
        memory: of each worker, as Spark writes it.

    Raises:
        RuntimeError: they do not find each other within a minute; their logs say why.
    """
    spark_class = Path(_pyspark_home()) / "bin" / "spark-class"
    folder.mkdir(parents=True, exist_ok=True)
    (port, page_port) = _free_ports(2)
    deploy = "org.apache.spark.deploy"
    master = [f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port)]
    url, page = f"spark://127.0.0.1:{port}", f"127.0.0.1:{page_port}"
    worker = [f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--cores", "1"]
    worker += ["--memory", memory, "--work-dir", str(folder / "work"), "--webui-port", "0", url]
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, *command: str) -> None:
        with (folder / f"{name}.log").open("wb") as log:
            processes.append(
                subprocess.Popen(
                    [str(spark_class), *command],
                    env={**os.environ, "SPARK_LOCAL_DIRS": str(folder / "scratch")},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # What it starts, executors, ends with it.
                    start_new_session=True,
                )
            )

    try:
        start("master", *master, "--webui-port", str(page_port))
        for number in range(workers):
            start(f"worker-{number}", *worker)
        cluster = Cluster(url, page, tuple(processes[1:]))
        _wait_for(cluster, workers, folder)
        yield cluster
    finally:
        for process in reversed(processes):
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process of the cluster at once, with whatever it started."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
    process.wait()


def _wait_for(cluster: Cluster, workers: int, folder: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < until:
        try:
            if cluster.alive() == workers:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(f"the cluster did not start; see the logs in {folder}")


def _pyspark_home() -> str:
    import pyspark  # noqa: PLC0415 - an extra

    return str(Path(pyspark.__file__).parent)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def run(sample: Path, home: Path, target: str, environment: Mapping[str, str]) -> Cost:
    """One run into a fresh home."""
    places = ["--exports", sample / "exports", "--config", sample / "config", "--home", home]
    line = ("run", "--target", target, *places, "--as-of", AS_OF)
    return measured(*line, environment=environment)


def of_models(cost: Cost) -> float:
    """Seconds on the wall of both halves of the models."""
    return sum(seconds for step, seconds in cost.steps.items() if step.startswith("dbt_"))


def lose_worker(cluster: Cluster, home: Path) -> None:
    """Kill a worker as soon as Spark has built a few models of a run; wait as long as it takes."""
    models = home / "spark" / "warehouse" / "intermediate.db"
    while len(list(models.glob("*/_SUCCESS"))) < BUILT_BY_THEN:
        time.sleep(0.5)
    stop(cluster.workers[0])


def differences_of(duckdb_home: Path, spark_home: Path) -> tuple[int, list[str]]:
    """How many marts were compared, and how they differ.

    As both engines built them: a release also holds what the audit of its marts came to.
    """
    with closing(duckdb.connect(str(duckdb_home / "build.duckdb"), read_only=True)) as con:
        compared, found = compare(con, spark_home / "spark", of_two_runs=True)
    return compared, [f"{difference.table}: {difference.what}" for difference in found]


def main() -> None:
    """Measure, compare, and print; exit with 1 where the engines disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=500)
    parser.add_argument("--grow", action="store_true", help="measure at four times that, too")
    parser.add_argument("--lose-worker", action="store_true", help="kill a worker meanwhile")
    options = parser.parse_args()
    if not shutil.which("java"):
        raise SystemExit("Spark needs Java 17 or newer on the PATH")
    sizes = [options.contacts, *([4 * options.contacts] if options.grow else [])]
    spark_s, duckdb_s, wrong = [], [], []
    print(f"{'contacts':>9} {'models on DuckDB':>17} {'on Spark':>9} {'runs':>15} {'marts':>6}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with standalone_cluster(folder / "cluster") as cluster:
            on_cluster = {
                "THROUGHLINE_SPARK_MASTER": cluster.url,
                # Code written for each stage of hundreds of models takes longer than it saves here.
                "PYSPARK_SUBMIT_ARGS": "--conf spark.sql.codegen.wholeStage=false pyspark-shell",
            }
            for size in sizes:
                sample, ours, theirs = (
                    folder / f"{kind}-{size}" for kind in ("sample", "duckdb", "spark")
                )
                measured("simulate", "--out", sample, "--contacts", size)
                on_duckdb = run(sample, ours, "duckdb", {})
                if options.lose_worker and size == sizes[0]:
                    Thread(target=lose_worker, args=(cluster, theirs), daemon=True).start()
                on_spark = run(sample, theirs, "spark", on_cluster)
                duckdb_s.append(of_models(on_duckdb))
                spark_s.append(of_models(on_spark))
                compared, found = differences_of(ours, theirs)
                wrong += found
                runs = f"{on_duckdb.wall:.0f} and {on_spark.wall:.0f}"
                print(f"{size:9} {duckdb_s[-1]:17.1f} {spark_s[-1]:9.1f} {runs:>15} {compared:6}")
            print(f"{cluster.alive()} of {WORKERS} workers at work at the end", file=sys.stderr)
    print("\n".join(wrong) or "every mart is equal on both engines")
    for size, spark, duck in zip(sizes, spark_s, duckdb_s, strict=True):
        print(f"figure spark_vs_duckdb_{size} = {spark / duck:.2f}")
    if options.grow:
        print(f"figure spark_growth = {spark_s[1] / spark_s[0]:.2f}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
