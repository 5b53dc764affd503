"""What leaves for people: once each, to servers that answer, fail, or kill whoever calls."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from pipelines.company import read_company, write_blank
from pipelines.outbox import (
    Channel,
    FileChannel,
    Message,
    Notice,
    SmtpChannel,
    WebhookChannel,
    channels_of,
    deliver,
    notices_of_release,
    notices_of_run,
    queue,
    send_again,
)
from pipelines.outbox.tell import compose
from pipelines.runs import connection
from pipelines.settings import Settings, UsageError, secret
from tests.warehouse import empty_warehouse

NOW = datetime(2026, 10, 1, 6)
LATE = Notice("approval:1:notify", "Creative approval waits 26 h", "Decide it.", ("Ines",), "today")
GHOST = Notice("launch:2", "Webinar is said to be live", "Look at it.", ("Jo", "Ines"))
UNOWNED = Notice("launch:3", "Nobody owns the launch", "Give it an owner.")


@dataclass
class Server:
    """A webhook on this machine: what it was sent, and how it answers."""

    url: str = ""
    received: list[Any] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = made.answers.pop(0) if made.answers else 200
            made.received.append(json.loads(body) if status == 200 else status)
            made.before_answer()
            if status:
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"no" if status >= 400 else b"ok")
            else:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        made.url = f"http://127.0.0.1:{http.server_port}/services/T0/B0/a-secret"
        yield made
        http.shutdown()


@dataclass
class Mailbox:
    """What a mail server on this machine took, and what it says instead of taking it."""

    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)
    refusal: str | None = None

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: object, envelope: Envelope
    ) -> str:
        if self.refusal:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append((envelope.rcpt_tos[0], content.decode()))
        return "250 OK"


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server(Mailbox()) as made:
        yield made


def mail(mailbox: Mailbox, **changed: Any) -> SmtpChannel:
    said: dict[str, Any] = {
        "host": "127.0.0.1", "port": mailbox.port, "security": "none", "user": "", "password": "",
        "sender": "throughline@example.com", "to": ("ops@example.com",), "people": {},
    } | changed  # fmt: skip
    return SmtpChannel(**said)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = empty_warehouse(tmp_path / "build.duckdb")
    yield opened
    opened.close()


def put(con: duckdb.DuckDBPyConnection, channels: dict[str, Channel], *notices: Notice) -> int:
    return queue(con, notices, channels, lambda key, new: compose(key, new, None), NOW)


def rows(con: duckdb.DuckDBPyConnection, columns: str = "channel, recipient, status") -> list[Any]:
    return con.execute(f"select {columns} from ops.outbox order by all").fetchall()


def test_a_notice_is_told_once_and_a_new_one_alone(
    con: duckdb.DuckDBPyConnection, server: Server
) -> None:
    channels: dict[str, Channel] = {"webhook": WebhookChannel(server.url)}
    assert put(con, channels, LATE) == 1
    assert deliver(con, channels, lambda: NOW).sent == 1
    assert put(con, channels, LATE, GHOST) == 1
    assert deliver(con, channels, lambda: NOW).sent == 1
    assert put(con, channels, LATE, GHOST) == 0
    assert deliver(con, channels, lambda: NOW).sent == 0
    assert [message["text"].splitlines()[0] for message in server.received] == [
        "*Northlight Analytics: Creative approval waits 26 h*",
        "*Northlight Analytics: Webinar is said to be live*",
    ]


def test_a_message_says_who_when_and_what_next(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    channels: dict[str, Channel] = {"file": FileChannel(tmp_path / "out")}
    put(con, channels, LATE, GHOST, UNOWNED)
    assert deliver(con, channels, lambda: NOW).sent == 1
    (written,) = (tmp_path / "out").iterdir()
    assert written.read_text().splitlines() == [
        "Northlight Analytics: 3 things need a person",
        "",
        "1. Creative approval waits 26 h",
        "   Owner: Ines; due today",
        "   Decide it.",
        "",
        "2. Webinar is said to be live",
        "   Owner: Jo (stands in: Ines)",
        "   Look at it.",
        "",
        "3. Nobody owns the launch",
        "   Owner: whoever runs the warehouse",
        "   Give it an owner.",
    ]


@pytest.mark.parametrize("answers", [[503, 429], [500], [404]])
def test_what_the_webhook_refuses_waits_for_the_next_run(
    con: duckdb.DuckDBPyConnection, server: Server, answers: list[int]
) -> None:
    """Busy is asked again at once, any other refusal by the next run; the secret is not shown."""
    channels: dict[str, Channel] = {"webhook": WebhookChannel(server.url)}
    put(con, channels, LATE)
    server.answers[:] = list(answers)
    first = deliver(con, channels, lambda: NOW)
    if answers == [503, 429]:
        assert (first.sent, server.received[:2]) == (1, [503, 429])
        return
    assert (first.sent, first.waiting, first.unconfirmed) == (0, 1, 0)
    assert f"answered {answers[0]} no" in first.reasons[0]
    assert "a-secret" not in first.reasons[0]
    assert deliver(con, channels, lambda: NOW).sent == 1
    assert len(server.received) == 2


def test_a_server_that_is_not_there_is_tried_again(con: duckdb.DuckDBPyConnection) -> None:
    channels: dict[str, Channel] = {"webhook": WebhookChannel("http://127.0.0.1:9/services/x")}
    put(con, channels, LATE)
    done = deliver(con, channels, lambda: NOW)
    assert (done.sent, done.waiting, done.unconfirmed) == (0, 1, 0)
    assert rows(con, "status, attempts") == [("queued", 1)]


def test_an_answer_that_never_came_is_left_to_a_person(
    con: duckdb.DuckDBPyConnection, server: Server
) -> None:
    """The server has the message: a second one would be told twice."""
    channels: dict[str, Channel] = {"webhook": WebhookChannel(server.url)}
    put(con, channels, LATE)
    server.answers[:] = [0]
    assert deliver(con, channels, lambda: NOW).unconfirmed == 1
    assert deliver(con, channels, lambda: NOW).sent == 0
    assert len(server.received) == 1
    ((message_id,),) = rows(con, "message_id")
    send_again(con, message_id)
    assert deliver(con, channels, lambda: NOW).sent == 1
    with pytest.raises(UsageError, match="there is no message nope"):
        send_again(con, "nope")


def test_mail_goes_to_the_team_and_to_each_owner(
    con: duckdb.DuckDBPyConnection, mailbox: Mailbox
) -> None:
    people = {"Ines": "ines@example.com", "Jo": "jo@example.com", "Kim": "kim@example.com"}
    channels: dict[str, Channel] = {"smtp": mail(mailbox, people=people)}
    put(con, channels, LATE, GHOST, UNOWNED)
    assert deliver(con, channels, lambda: NOW).sent == 3
    told = {
        to: [n.notice_id for n in (LATE, GHOST, UNOWNED) if n.sentence in content]
        for to, content in mailbox.mails
    }
    assert told == {
        "ops@example.com": ["approval:1:notify", "launch:2", "launch:3"],
        "ines@example.com": ["approval:1:notify", "launch:2"],
        "jo@example.com": ["launch:2"],
    }
    assert "Message-ID: <" in mailbox.mails[0][1]


def test_mail_that_the_server_refuses_waits(
    con: duckdb.DuckDBPyConnection, mailbox: Mailbox
) -> None:
    channels: dict[str, Channel] = {"smtp": mail(mailbox)}
    put(con, channels, LATE)
    mailbox.refusal = "451 try later"
    done = deliver(con, channels, lambda: NOW)
    assert (done.waiting, done.unconfirmed) == (1, 0)
    assert "451 try later" in done.reasons[0]
    mailbox.refusal = None
    assert deliver(con, channels, lambda: NOW).sent == 1
    assert len(mailbox.mails) == 1


def test_mail_logs_in(con: duckdb.DuckDBPyConnection) -> None:
    me = {"user": "me", "password": "right"}

    def is_known(*args: Any) -> AuthResult:
        return AuthResult(success=args[-1].password == b"right", handled=False)

    options: dict[str, Any] = {
        "authenticator": is_known,
        "auth_require_tls": False,
        "auth_required": True,
    }
    with mail_server(Mailbox(), **options) as mailbox:
        wrong: dict[str, Channel] = {"smtp": mail(mailbox, **(me | {"password": "wrong"}))}
        put(con, wrong, LATE)
        assert "535" in deliver(con, wrong, lambda: NOW).reasons[0]
        right: dict[str, Channel] = {"smtp": mail(mailbox, **me)}
        assert deliver(con, right, lambda: NOW).sent == 1


# Sends what waits; the test's server kills it at the moment that it names.
SENDER = """
import sys
from pathlib import Path
from pipelines.outbox import WebhookChannel, deliver
from pipelines.runs import connection
from pipelines.settings import utc_now
with connection(Path(sys.argv[1])) as con:
    print("ready", flush=True)
    deliver(con, {"webhook": WebhookChannel(sys.argv[2])}, utc_now)
"""


def test_killed_between_sending_and_noting_it_nobody_is_told_twice(
    tmp_path: Path, server: Server
) -> None:
    path = tmp_path / "build.duckdb"
    empty_warehouse(path).close()
    channels: dict[str, Channel] = {"webhook": WebhookChannel(server.url)}
    with connection(path) as con:
        put(con, channels, LATE)
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER, path, server.url], stdout=subprocess.PIPE, text=True
    )
    server.before_answer = lambda: os.kill(sender.pid, signal.SIGKILL)
    assert sender.wait() == -signal.SIGKILL
    sender.communicate()
    server.before_answer = lambda: None
    with connection(path) as con:
        assert put(con, channels, LATE) == 0
        assert deliver(con, channels, lambda: NOW).sent == 0
        assert rows(con, "status, last_error") == [("unconfirmed", "cut off while it was sent")]
    assert len(server.received) == 1


def test_a_file_that_was_cut_off_is_written_again(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    channels: dict[str, Channel] = {"file": FileChannel(tmp_path / "out")}
    put(con, channels, LATE)
    con.execute("update ops.outbox set status = 'sending'")
    assert deliver(con, channels, lambda: NOW).sent == 1
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_channel_that_is_gone_is_named(con: duckdb.DuckDBPyConnection, server: Server) -> None:
    put(con, {"webhook": WebhookChannel(server.url)}, LATE)
    done = deliver(con, {}, lambda: NOW)
    assert done.reasons == ("webhook: company.yml has no notify.webhook any more",)
    assert rows(con) == [("webhook", "room", "queued")]


def test_a_cause_is_told_once_until_a_run_publishes(con: duckdb.DuckDBPyConnection) -> None:
    first = notices_of_run(con, "refused", "two checks")
    assert notices_of_run(con, "refused", "two checks") == first
    assert notices_of_run(con, "refused", "three checks") != first
    assert notices_of_run(con, "published", None) == []
    con.execute(
        "insert into ops.runs by name select 'r' as run_id, now()::timestamp as started_at,"
        " 'published' as status"
    )
    assert notices_of_run(con, "refused", "two checks") != first


def test_a_release_without_the_mart_has_nothing_to_tell() -> None:
    with duckdb.connect() as con:
        assert notices_of_release(con) == []


def test_a_company_says_whom_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_blank(tmp_path / "company")
    (tmp_path / "company" / "company.yml").write_text(
        "notify:\n  webhook: env:A_HOOK\n  smtp: {host: mail.example.com, from: a@example.com}\n"
        "  people: {Ines: ines@example.com}\n"
    )
    notify = read_company(tmp_path / "company").notify
    channels = channels_of(Settings(tmp_path, tmp_path), notify)
    assert list(channels) == ["file", "webhook", "smtp"]
    assert channels["smtp"].recipients == {"ines@example.com": frozenset({"Ines"})}
    monkeypatch.setenv("A_HOOK", "http://127.0.0.1/hook")
    assert secret(notify["webhook"]) == "http://127.0.0.1/hook"
    monkeypatch.delenv("A_HOOK")
    with pytest.raises(UsageError, match="A_HOOK, which is not set"):
        secret(notify["webhook"])


@pytest.mark.parametrize(
    ("said", "slip"),
    [
        ("notify: {people: {Ines: ines@example.com}}", "notify.smtp.host names no server"),
        ("notify: {smtp: {host: mail, to: [a@example.com]}}", "notify.smtp.from is missing"),
        ("notify: {smtp: {host: mail, from: a@example.com}}", "notify.smtp has nobody to write to"),
        ("notify: {webhok: x}", "notify.webhok: no such name, expected one of"),
        ("notify: everybody", "notify is 'everybody', expected keys with values"),
    ],
)
def test_a_slip_in_whom_to_tell_is_named(tmp_path: Path, said: str, slip: str) -> None:
    write_blank(tmp_path / "company")
    (tmp_path / "company" / "company.yml").write_text(said)
    with pytest.raises(UsageError, match=slip):
        read_company(tmp_path / "company")


def test_a_message_keeps_its_content() -> None:
    assert Message("m", "s", "b", "<p>h</p>").content == ("s", "b", "<p>h</p>")
