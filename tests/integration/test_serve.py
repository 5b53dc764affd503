"""`throughline serve` as others see it: the site over HTTP, the release by Quack."""

import http.client
import importlib.util
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publish import publish
from pipelines.settings import Settings
from pipelines.site import build, build_site
from tests.conftest import throughline
from tests.releases import (
    AS_OF,
    READ_SQL,
    build_file,
    grow,
    home_of_one_release,
    publish_under_readers,
)

EXTENSIONS = ("httpfs", "quack")
needs_quack = pytest.mark.skipif(
    not all(importlib.util.find_spec(f"duckdb_extension_{name}") for name in EXTENSIONS),
    reason="the extra quack is not installed",
)
TOKEN = "a token of the tests"  # noqa: S105


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of one release, whose site is a page with the number of its build."""
    texts = iter(range(1000))

    def write(settings: Settings, release: Path, made: Path) -> tuple[str, int]:
        (made / "index.html").write_text(f"site {next(texts)}")
        (made / "campaign").mkdir()
        (made / "campaign" / "a.html").write_text("A")
        return "r1", 1

    monkeypatch.setattr(build, "_write", write)
    settings = home_of_one_release(tmp_path)
    build_site(settings)
    return settings


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Server:
    """The command, while it runs."""

    def __init__(self, settings: Settings, *options: str) -> None:
        self.port, self.quack_port = free_port(), free_port()
        command = [str(Path(sys.executable).with_name("throughline")), "serve"]
        ports = ["--port", str(self.port), "--quack-port", str(self.quack_port)]
        self.process = subprocess.Popen(
            [*command, "--home", str(settings.home), *ports, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        count = 1 if "--no-quack" in options else 2
        self.said = [self.process.stdout.readline() for _ in range(count)]
        assert all(self.said), self.process.communicate()

    @property
    def token(self) -> str:
        return self.said[1].split()[-1]

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as asked:
            asked.request(method, path, headers=headers)
            answer = asked.getresponse()
            self.body = answer.read()
            return answer

    def client(self) -> duckdb.DuckDBPyConnection:
        """As docs/doors.md says."""
        con = duckdb.connect()
        for name in EXTENSIONS:
            place = importlib.util.find_spec(f"duckdb_extension_{name}")
            assert place
            assert place.submodule_search_locations
            (folder,) = place.submodule_search_locations
            version = f"v{duckdb.__version__}"
            con.execute(f"load '{folder}/extensions/{version}/{name}.duckdb_extension'")
        said = f"token '{self.token}', disable_ssl true"
        con.execute(f"attach 'quack:127.0.0.1:{self.quack_port}' as marketing ({said})")
        return con


@contextmanager
def served(settings: Settings, *options: str) -> Iterator[Server]:
    server = Server(settings, *options)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return con.execute("from marketing.query(?)", [sql]).fetchall()


def test_the_site_over_http_until_ctrl_c(settings: Settings) -> None:
    with served(settings, "--no-quack") as server:
        assert server.said == [f"site   http://127.0.0.1:{server.port}/\n"]
        first = server.get("/")
        assert (first.status, server.body) == (200, b"site 0")
        assert first.headers["cache-control"] == "no-cache"
        assert server.get("/campaign/a.html").status == 200
        assert server.get("/docs/dbt.html").status == 404
        settings.docs_dir.mkdir()
        (settings.docs_dir / "dbt.html").write_text("documented")
        assert (server.get("/docs/dbt.html").status, server.body) == (200, b"documented")
        # Asked again, nothing is sent until another site is there.
        tag = {"If-None-Match": first.headers["etag"]}
        assert server.get("/", **tag).status == 304
        build_site(settings)
        assert (server.get("/", **tag).status, server.body) == (200, b"site 1")
        assert server.get("/index.html", "POST").status == 405
        secret = settings.home / "secret"
        secret.write_text("secret")
        for path in (
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            f"/{secret}",
            "/campaign/../../x",
        ):
            assert server.get(path).status == 404, path
        # A name that somebody turned to this machine.
        assert server.get("/", Host="evil.example").status == 400
        server.process.send_signal(signal.SIGINT)
        out, error = server.process.communicate(timeout=30)
        assert (server.process.returncode, out) == (130, "")
        assert error == "throughline: interrupted; readers keep the release that they have\n"


def test_a_token_is_asked_for_where_there_is_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROUGHLINE_TOKEN", TOKEN)
    with served(settings, "--no-quack", "--host", "0.0.0.0") as server:  # noqa: S104 - asked for
        refused = server.get("/")
        assert (refused.status, refused.headers["www-authenticate"][:5]) == (401, "Basic")
        for said in ("Bearer nothing", "Basic ???", "Basic bm90aGluZw==", TOKEN):
            assert server.get("/", Authorization=said).status == 401, said
        as_browsers_do = b64encode(f"anybody:{TOKEN}".encode()).decode()
        for said in (f"Bearer {TOKEN}", f"Basic {as_browsers_do}"):
            assert server.get("/", Authorization=said, Host="marketing.example").status == 200


def test_what_cannot_be_served_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*options: str, home: Path = settings.home) -> str:
        result = throughline("serve", "--home", home, *options, check=False)
        assert (result.returncode, result.stdout) == (2, "")
        return result.stderr

    assert "holds no published release" in said(home=tmp_path)
    assert "set THROUGHLINE_TOKEN" in said("--host", "0.0.0.0")  # noqa: S104
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port} cannot be listened at (Address already" in said("--port", port)
    monkeypatch.setenv("THROUGHLINE_TOKEN", "short")
    assert "THROUGHLINE_TOKEN has fewer than 16 characters" in said()


@needs_quack
def test_quack_answers_queries_and_nothing_else(settings: Settings) -> None:
    with served(settings) as server, server.client() as con:
        assert f"quack  quack:127.0.0.1:{server.quack_port}, token " in server.said[1]
        assert asked(con, READ_SQL) == [(0, 1000)]
        assert con.execute("select max(n) from marketing.core.dim_channels").fetchall() == [(3,)]
        assert asked(con, "describe core.dim_channels")[1][:2] == ("n", "INTEGER")
        for refused in (
            "create table core.own (i bigint)",
            "with x as (delete from core.dim_channels returning *) from x",
            "attach 'own.duckdb'",
            "copy core.dim_channels to 'own.csv'",
            "set threads = 1",
            "select 1; select 2",
            "from read_text('/etc/hostname')",
            "from query('from quack_server_list()')",
            f"from quack_stop('quack:127.0.0.1:{server.quack_port}')",
            "select (select count(*) from glob('*'))",
        ):
            with pytest.raises(duckdb.Error, match="Authorization failed"):
                asked(con, refused)
        for wrong in ("from '/etc/hostname'", "insert into release_1.core.dim_channels values (1)"):
            with pytest.raises(duckdb.Error):
                asked(con, wrong)
        for local in (
            "insert into marketing.core.dim_channels values ('x', 1)",
            "create table marketing.core.own as select 1 as i",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(local)
        assert asked(con, READ_SQL) == [(0, 1000)]
        with pytest.raises(duckdb.Error, match="Authentication failed"):
            con.execute(
                f"from quack_query('quack:127.0.0.1:{server.quack_port}', 'select 1', token = 'no')"
            )
        # Nothing of the release lies where only the server reads.
        served_files = {path.name for path in settings.served_dir.iterdir()}
        assert served_files == {"lock"}
        again = throughline("serve", "--home", settings.home, "--port", free_port(), check=False)
        assert again.returncode == 2
        assert "another `throughline serve` of" in again.stderr


@needs_quack
@pytest.mark.slow
def test_a_hundred_publishes_under_readers_of_quack(settings: Settings) -> None:
    own = threading.local()

    def reads(server: Server) -> Callable[[], tuple[int, int]]:
        def read() -> tuple[int, int]:
            # One connection that stays, as a dashboard's does.
            if not hasattr(own, "con"):
                own.con = server.client()
            (found,) = asked(own.con, READ_SQL)
            return found

        return read

    with served(settings) as server:
        publish_under_readers(settings, reads(server), lambda: None)


@needs_quack
def test_a_release_that_has_other_marts(settings: Settings) -> None:
    with served(settings) as server, server.client() as con, build_file(settings) as built:
        built.execute("create table core.dim_dates as select date '2026-10-01' as day")
        built.execute("comment on table core.dim_dates is 'One row per day.'")
        built.execute("drop table meta.files")
        grow(built, 1)
        publish(built, settings, AS_OF, "run-1")
        newest = "select n from core.dim_channels where channel = 'Email'"
        while asked(con, newest) != [(1,)]:
            pass
        assert asked(con, "select count(*) from core.dim_dates") == [(1,)]
        with pytest.raises(duckdb.Error, match="does not exist"):
            asked(con, "from meta.files")
