"""Superset over the release: our dashboard imported by its own command, asked through its API."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publish import published_path
from pipelines.settings import PROJECT_DIR
from tests.releases import READ_SQL, home_of_one_release, publish_under_readers

SUPERSET = Path(sys.prefix) / "superset" / "bin" / "superset"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SUPERSET.exists(), reason="Superset's own environment is missing: make superset"
    ),
]
ASSETS = PROJECT_DIR / "dashboards" / "superset"
USER = {"username": "admin", "password": "of the tests"}
CONFIG = """
import runpy
globals().update(runpy.run_path({config!r}))
SECRET_KEY = "of the tests alone"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
TALISMAN_ENABLED = False
WTF_CSRF_ENABLED = False
"""


class Superset:
    """A server with our dashboard, whose release is what a link names."""

    def __init__(self, folder: Path, release: Path) -> None:
        self.link = folder / "marketing.duckdb"
        self.show(release)
        config = folder / "superset_config.py"
        config.write_text(CONFIG.format(config=str(ASSETS / "superset_config.py"), folder=folder))
        self.environment = {
            **os.environ,
            **{"SUPERSET_CONFIG_PATH": str(config), "FLASK_APP": "superset"},
            **{"SUPERSET_HOME": str(folder), "THROUGHLINE_RELEASE": str(self.link)},
        }
        bundle = folder / "superset.zip"
        with zipfile.ZipFile(bundle, "w") as archive:
            for path in ASSETS.rglob("*.yaml"):
                archive.write(path, path.relative_to(ASSETS.parent))
        self.run("db", "upgrade")
        self.run(
            *(
                "fab",
                "create-admin",
                "--firstname",
                "A",
                "--lastname",
                "B",
                "--email",
                "a@b.example",
            ),
            *("--username", USER["username"], "--password", USER["password"]),
        )
        self.run("init")
        self.run("import-dashboards", "--path", str(bundle), "--username", USER["username"])
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [SUPERSET, "run", "--port", str(self.port), "--with-threads"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with suppress(OSError):
                self.token = self.ask("security/login", {**USER, "provider": "db"})["access_token"]
                return
            time.sleep(0.5)
        raise TimeoutError("Superset does not answer")

    def show(self, release: Path) -> None:
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(release)

    def run(self, *arguments: str) -> None:
        result = subprocess.run(
            [SUPERSET, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (result.stdout + result.stderr)[-3000:]

    def ask(self, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if hasattr(self, "token"):
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return json.load(answer)


@pytest.fixture(scope="module")
def superset(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    server = Superset(tmp_path_factory.mktemp("superset"), published_path(warehouse))
    yield server
    server.process.kill()
    server.process.wait()


def test_the_dashboard_shows_what_the_marts_hold(
    superset: Superset, release: duckdb.DuckDBPyConnection
) -> None:
    charts = superset.ask("dashboard/throughline/charts")["result"]
    shown = {
        chart["slice_name"]: superset.ask(f"chart/{chart['id']}/data/?force=true")["result"][0]
        for chart in charts
    }
    assert len(shown) == len(list((ASSETS / "charts").iterdir())) == 4
    earned = shown["What each channel earned, by the headline model"]["data"]
    assert [(row["channel"], row["revenue"], row["spend"]) for row in earned] == [
        # What no report of spend names is unknown, and not nothing.
        (channel, float(revenue), float(spend) if spend else None)
        for channel, revenue, spend in release.execute(
            "select channel, sum(revenue_amount), sum(spend_reporting)"
            " from attribution.fct_channel_performance_daily where is_headline_model"
            " group by all order by 2 desc nulls last, 1"
        ).fetchall()
    ]
    needed = [row["sentence"] for row in shown["What needs a person"]["data"]]
    assert needed == [
        sentence
        for (sentence,) in release.execute(
            "select sentence from operations.fct_attention_items order by attention_rank limit 20"
        ).fetchall()
    ]
    assert shown["Launches"]["rowcount"] > 0
    # Each filter leaves the charts as they are whose dataset does not know what it asks for.
    about = superset.ask("dashboard/throughline")["result"]
    names = {chart["id"]: chart["slice_name"] for chart in charts}
    deaf = {
        each["name"]: {names[key] for key in each["scope"]["excluded"]}
        for each in json.loads(about["json_metadata"])["native_filter_configuration"]
    }
    earning = {"What each channel earned, by the headline model", "Pipeline and revenue by month"}
    assert deaf == {
        "Days": {"What needs a person"},
        "Channel": {"What needs a person", "Launches"},
        "Campaign family": {"What needs a person", *earning},
    }
    assert shown["Pipeline and revenue by month"]["rowcount"] > 0


def test_a_hundred_publishes_under_readers_of_superset(superset: Superset, tmp_path: Path) -> None:
    settings = home_of_one_release(tmp_path)
    superset.show(published_path(settings.home))
    (database,) = superset.ask("database/")["ids"]
    dataset = superset.ask(
        "dataset/",
        {
            "database": database,
            "table_name": "whole_release",
            "sql": f"select * from ({READ_SQL}) as whole(number, credits)",
        },
    )["id"]
    query = {"columns": ["number", "credits"], "metrics": [], "row_limit": 10}
    asked = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [query],
        "force": True,
        "result_format": "json",
        "result_type": "full",
    }

    def read() -> tuple[int, int]:
        (row,) = superset.ask("chart/data", asked)["result"][0]["data"]
        return row["number"], row["credits"]

    # Its server needs a core for eight who ask more often, and the publishes wait for it.
    publish_under_readers(settings, read, lambda: None, pause=1)
