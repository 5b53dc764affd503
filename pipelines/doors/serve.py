"""`throughline serve`: the site over HTTP and the release by Quack, for others to read.

It answers this machine alone unless told otherwise, and then asks for a token. Whoever asks gets
the newest: a request of HTTP reads one build of the site, a statement of Quack one release.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import duckdb
import uvicorn
from starlette.applications import Starlette
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
    SimpleUser,
)
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from pipelines.doors import quack
from pipelines.publish import published_path
from pipelines.settings import Settings, UsageError, needs_extra

# A browser asks each time and gets only what has changed.
HEADERS = {
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# Whoever guesses has no limit but this.
TOKEN_CHARACTERS = 16
LOOK_SECONDS = 1.0
MISSING = f"it {needs_extra('quack')}"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where to answer.

    Attributes:
        host: a name or an address of this machine.
        port: of the site.
        quack_port: of Quack; None for no Quack.
    """

    host: str
    port: int
    quack_port: int | None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can ask."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def at(self, port: int) -> str:
        """The host with a port, as a URL has them."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"


def serve(home: Path, address: Address, token: str | None, say: Callable[[str], None]) -> None:
    """Answer until the process ends.

    Args:
        home: where the warehouse lives.
        address: where to answer.
        token: what whoever asks has to say; None: the site asks for none, Quack for a new one.
        say: tells whoever started it where it answers.

    Raises:
        UsageError: nothing is published, an address is taken, others can ask without a token.
    """
    if not published_path(home).exists():
        raise UsageError(f"{home} holds no published release; `throughline run` publishes one")
    if token is not None and len(token) < TOKEN_CHARACTERS:
        raise UsageError(f"THROUGHLINE_TOKEN has fewer than {TOKEN_CHARACTERS} characters")
    if token is None and not address.is_local:
        raise UsageError(
            f"--host {address.host} lets others ask; set THROUGHLINE_TOKEN to what they have to"
            f" say, {TOKEN_CHARACTERS} characters or more"
        )
    with ExitStack() as open_:
        listening = open_.enter_context(_listening(address))
        app = site_app(Settings(home, home), token)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        )
        say(f"site   http://{address.at(address.port)}/")
        if address.quack_port is not None and not quack.is_installed():
            say(f"quack  not served: {MISSING}")
        elif address.quack_port is not None:
            uri = f"quack:{address.at(address.quack_port)}"
            said = token or secrets.token_urlsafe(TOKEN_CHARACTERS)
            is_local = address.is_local
            shelf = open_.enter_context(quack.answering(home, uri, said, is_local=is_local))
            open_.callback(_following(shelf).set)
            say(f"quack  {uri}, token {'THROUGHLINE_TOKEN' if token else said}")
        server.run(sockets=[listening])


def _listening(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        raise UsageError(
            f"{address.at(address.port)} cannot be listened at ({os.strerror(error.errno or 0)});"
            " --host and --port name another address"
        ) from error


def _following(shelf: quack.Shelf) -> threading.Event:
    """Turn a shelf to each new release, until the event is set."""
    is_over = threading.Event()

    def follow() -> None:
        said = ""
        while not is_over.wait(LOOK_SECONDS):
            try:
                shelf.turn()
                said = ""
            except (OSError, duckdb.Error) as error:
                # Clients have the release before; it is said once, and tried again.
                if str(error) != said:
                    logger.warning("the release in front cannot be opened: %s", error)
                said = str(error)

    threading.Thread(target=follow, name="releases", daemon=True).start()
    return is_over


def site_app(settings: Settings, token: str | None) -> Starlette:
    """The site, and the documentation beside it, as an application of ASGI.

    Args:
        settings: where the warehouse lives.
        token: what whoever asks has to say, as a bearer's token or the password of any user.
    """
    if token is None:
        # A page elsewhere whose name turns to this machine must not read it in somebody's browser.
        names = ["localhost", "127.0.0.1", "[::1]"]
        guard = Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    else:
        guard = Middleware(AuthenticationMiddleware, backend=_Token(token), on_error=_ask)
    routes = [
        Mount(f"/{settings.docs_dir.name}", app=_Newest(settings.docs_dir)),
        Mount("/", app=_Newest(settings.site_dir)),
    ]
    return Starlette(routes=routes, middleware=[guard])


class _Newest(StaticFiles):
    """The build that the link names, found once for a file: the link may turn meanwhile."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.folder = folder

    async def check_config(self) -> None:
        """Nothing: a site may be built after the start."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file of the build lies; nothing outside it is found."""
        build = StaticFiles(directory=self.folder.resolve(), check_dir=False)
        return build.lookup_path(path)

    def file_response(self, *arguments: Any, **named: Any) -> Response:
        """A file, or that it has not changed."""
        response = super().file_response(*arguments, **named)
        response.headers.update(HEADERS)
        return response


class _Token(AuthenticationBackend):
    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        scheme, _, said = conn.headers.get("authorization", "").partition(" ")
        given = said.encode()
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(said).partition(b":")[2]
            except binascii.Error as error:
                raise AuthenticationError from error
        if not secrets.compare_digest(given, self._token):
            raise AuthenticationError
        return AuthCredentials(), SimpleUser("reader")


def _ask(conn: HTTPConnection, error: Exception) -> Response:
    """A browser asks its user then, for a name that nobody reads and for the token."""
    del conn, error
    return PlainTextResponse(
        "The password is the token; the name does not matter.\n",
        status_code=401,
        headers={"www-authenticate": 'Basic realm="Throughline", charset="UTF-8"'},
    )
