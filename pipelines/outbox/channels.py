"""The ways out: a file below the home, a webhook that takes what Slack takes, mail.

Each either delivers, or says which of two things happened: surely not delivered, so that it may be
tried again, or perhaps delivered, so that a person has to decide.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from pipelines.settings import Settings

# Longer than an answer takes, shorter than a run's patience.
TIMEOUT_SECONDS = 10
TRIES = 3
TOO_BUSY = (429, 502, 503, 504)
FILE, WEBHOOK, SMTP = "file", "webhook", "smtp"


class NotDeliveredError(Exception):
    """Surely not delivered; says why. It may be tried again."""


class UnconfirmedError(Exception):
    """Perhaps delivered: the other side took it and did not say that it has."""


@dataclass(frozen=True)
class Message:
    """What is sent to one recipient.

    Attributes:
        message_id: the same for the same notices to the same recipient.
        subject: one line.
        body: plain text.
        html: the same as a page; None where there is none.
    """

    message_id: str
    subject: str
    body: str
    html: str | None = None

    @property
    def content(self) -> tuple[str, str, str | None]:
        """All but the key."""
        return self.subject, self.body, self.html


class Channel(Protocol):
    """A way out.

    Attributes:
        recipients: to whom, and of which people each hears; None for everybody.
        is_repeatable: whether sending twice leaves one message.
    """

    @property
    def recipients(self) -> Mapping[str, frozenset[str] | None]:
        """To whom a message goes, with the owners of whom each is told; None: of all."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending the same message twice leaves one."""

    def send(self, message: Message, recipient: str) -> None:
        """Deliver.

        Raises:
            NotDeliveredError: surely not delivered.
            UnconfirmedError: nobody knows.
        """


@dataclass(frozen=True)
class FileChannel:
    """A text below the home's outbox, for those who have nothing else, and as a record."""

    folder: Path
    is_repeatable = True

    @property
    def recipients(self) -> Mapping[str, frozenset[str] | None]:
        """One file a message, about everybody."""
        return {"outbox": None}

    def send(self, message: Message, recipient: str) -> None:
        """Write `<message_id>.txt`, whole or not at all."""
        path = self.folder / f"{message.message_id}.txt"
        half = path.with_suffix(".unfinished")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_text(f"{message.subject}\n\n{message.body}", encoding="utf-8")
            half.replace(path)
        except OSError as error:
            raise NotDeliveredError(f"{path}: {error.strerror or error}") from error


@dataclass(frozen=True)
class WebhookChannel:
    """An incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat."""

    url: str
    is_repeatable = False

    @property
    def recipients(self) -> Mapping[str, frozenset[str] | None]:
        """The room behind the webhook, about everybody."""
        return {"room": None}

    def send(self, message: Message, recipient: str) -> None:
        """POST `{"text": …}`; what never reached the server, or was put off by it, is repeated."""
        import urllib3  # noqa: PLC0415 - a run that tells nothing needs none
        from urllib3.exceptions import (  # noqa: PLC0415
            ConnectTimeoutError,
            NewConnectionError,
            SSLError,
        )
        from urllib3.util import Retry  # noqa: PLC0415

        retry = Retry(
            TRIES - 1,
            # The server may have taken what it did not answer: never a second time.
            read=0,
            other=0,
            redirect=0,
            status_forcelist=TOO_BUSY,
            allowed_methods=None,
            backoff_factor=0.5,
            raise_on_status=False,
        )
        text = f"*{message.subject}*\n{message.body}"
        with urllib3.PoolManager(retries=retry, timeout=TIMEOUT_SECONDS) as pool:
            try:
                answer = pool.request("POST", self.url, json={"text": text})
            except urllib3.exceptions.LocationValueError as error:
                raise NotDeliveredError(f"notify.webhook is no URL: {error}") from error
            except urllib3.exceptions.MaxRetryError as error:
                cause = error.reason or error
                said = f"{self._server}: {type(cause).__name__}"
                if isinstance(cause, (ConnectTimeoutError, NewConnectionError, SSLError)):
                    raise NotDeliveredError(said) from error
                raise UnconfirmedError(said) from error
            except urllib3.exceptions.HTTPError as error:
                raise UnconfirmedError(f"{self._server}: {type(error).__name__}") from error
        if not 200 <= answer.status < 300:
            said = answer.data.decode("utf-8", "replace")[:200].strip()
            raise NotDeliveredError(f"{self._server} answered {answer.status} {said}".rstrip())

    @property
    def _server(self) -> str:
        """What may be shown of it: whoever knows the path may write into the room."""
        return urlsplit(self.url).hostname or "notify.webhook"


@dataclass(frozen=True)
class SmtpChannel:
    """Mail, one a recipient.

    Attributes:
        sender: what stands under From.
        to: who hears of everything.
        people: addresses by name; each hears of what this name owns or backs up.
        security: starttls, tls or none.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    to: tuple[str, ...]
    people: Mapping[str, str]
    is_repeatable = False

    @property
    def recipients(self) -> Mapping[str, frozenset[str] | None]:
        """The addresses of `to` about everybody, those of `people` about themselves."""
        owned: dict[str, frozenset[str] | None] = {}
        for person, address in self.people.items():
            owned[address] = frozenset({person}) | (owned.get(address) or frozenset())
        return owned | dict.fromkeys(self.to)

    def send(self, message: Message, recipient: str) -> None:
        """Hand the mail to the server; its Message-ID lets a mailbox drop a second copy."""
        mail = self._mail(message, recipient)
        try:
            server = self._opened()
        except (OSError, smtplib.SMTPException) as error:
            raise NotDeliveredError(f"{self.host}:{self.port}: {_plain(error)}") from error
        try:
            server.send_message(mail, self.sender, [recipient])
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            raise NotDeliveredError(f"{self.host}:{self.port}: {_plain(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnconfirmedError(f"{self.host}:{self.port}: {_plain(error)}") from error
        finally:
            server.close()

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _mail(self, message: Message, recipient: str) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())
        mail["From"] = self.sender
        mail["To"] = recipient
        mail["Date"] = formatdate()
        domain = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        # What answers by itself shall not answer this.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail


def _plain(error: Exception) -> str:
    """What a server said, in one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_text(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(said: str | bytes) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())


def channels_of(settings: Settings, notify: Mapping[str, Any]) -> dict[str, Channel]:
    """The ways out that a company has, by name; the file is always one.

    Args:
        settings: where the warehouse lives.
        notify: `notify` of company.yml, secrets in place of their names.
    """
    channels: dict[str, Channel] = {FILE: FileChannel(settings.outbox_dir / "messages")}
    if notify.get("webhook"):
        channels[WEBHOOK] = WebhookChannel(notify["webhook"])
    smtp = notify.get("smtp") or {}
    if smtp.get("host"):
        channels[SMTP] = SmtpChannel(
            smtp["host"],
            smtp["port"],
            smtp["security"],
            smtp["user"],
            smtp["password"],
            smtp["from"],
            tuple(smtp["to"]),
            dict(notify.get("people") or {}),
        )
    return channels
