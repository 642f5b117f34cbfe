"""What channels ask of a request, how they answer it, and what the server asks of a channel."""

from __future__ import annotations

import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from spineline.settings import LOOPBACK, Settings
from spineline.turns.limits import address_of_request, client_address, is_forwarded

MOST_BYTES = 64_000  # of a body, or of a frame


class Channel(ABC):
    """One way to reach the assistant. Whoever inherits says which routes it has, and how it ends.

    `paths` are those that somebody outside must be told to call.
    """

    paths: tuple[str, ...] = ()

    @classmethod
    @abstractmethod
    def name(cls) -> str:
        """The path below /webhooks/."""

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """Where it is called, each with its whole path; `at` makes one."""

    @classmethod
    def at(cls, path: str) -> str:
        """The whole path of one of its routes."""
        return f"/webhooks/{cls.name()}{path}"

    async def drain(self) -> None:  # noqa: B027 - most channels have nothing to finish
        """Finish what people wait for; lines are still open, and nothing new is taken."""

    async def close(self) -> None:  # noqa: B027 - nor to let go of
        """Let go of everything; all lines are closed."""


class Json(JSONResponse):
    """JSON in ASCII, so that whatever a text holds can be written."""

    def render(self, content: Any) -> bytes:
        """See Response."""
        return json.dumps(content, separators=(",", ":"), default=_plain).encode("ascii")


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()


class BadRequestError(Exception):
    """A request that cannot be answered; the text says why and how to ask right, `code` says it to scripts."""

    def __init__(self, reason: str, status: int = 400, code: str = "request", retry_after_s: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.code = status, code
        self.headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
        if status == 401:
            self.headers["WWW-Authenticate"] = "Bearer"

    def answer(self) -> Json:
        """What is answered to a program."""
        return Json({"error": str(self)}, self.status, self.headers)


def see_address(request: HTTPConnection, settings: Settings) -> None:
    """From here on the limits of whoever asks count."""
    peer = request.client.host if request.client else ""
    address_of_request.set(client_address(peer, request.headers, settings.trusted_proxies))


def check_access(headers: Headers, settings: Settings) -> None:
    """BadRequestError for strangers. Without a token the server must listen on loopback only, and neither a proxy nor
    a page in a browser may be between."""
    if settings.rest_token:
        _check_token(headers.get("authorization", ""), settings.rest_token)
    elif not settings.is_local:
        raise BadRequestError("REST is closed on this server: it needs REST_TOKEN unless HOST is 127.0.0.1.", 403)
    elif is_forwarded(headers) or not _is_loopback(headers.get("host", "")):
        raise BadRequestError("REST is closed to requests that come through a proxy: set REST_TOKEN to open it.", 403)
    elif "origin" in headers:
        raise BadRequestError("REST is for programs; pages in a browser use the chat script.", 403)


def _is_loopback(host: str) -> bool:
    """Whether a program of this machine asked for itself: a proxy passes on the name that strangers know."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.rpartition(":")[0] or host
    return not host or name.lower() in LOOPBACK


def _check_token(authorization: str, token: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise BadRequestError('Send the header "Authorization: Bearer <REST_TOKEN>".', 401)
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise BadRequestError("The token is wrong.", 403)
