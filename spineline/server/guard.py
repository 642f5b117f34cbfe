"""What every request meets first: whose limits count, and an answer with a reason when nothing else answers."""

from __future__ import annotations

import resource
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from spineline.channels.http import Json, see_address
from spineline.failures import note
from spineline.settings import Settings
from spineline.turns.turns import Turns


class Guard:
    """The application around all others. Whatever fails inside is written down without what was said in it."""

    def __init__(self, app: ASGIApp, settings: Settings, turns: Turns) -> None:
        self._app, self._settings, self._turns = app, settings, turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        see_address(HTTPConnection(scope), self._settings)
        scope["path"] = scope["path"].removesuffix("/") or "/"
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            pass  # whoever asked is gone
        except Exception as error:
            note(error, "server", self._turns.metrics)


async def answer_refusal(_: Request, error: Exception) -> Response:
    """A path or a method that there is not."""
    if not isinstance(error, HTTPException):
        raise error
    return Json(error_body(error.status_code, f"{error.detail}."), error.status_code, error.headers)


async def answer_failure(_: Request, __: Exception) -> Response:
    """Something of ours failed; the guard writes down what."""
    return Json(error_body(500, "Something went wrong here."), 500)


def error_body(status: int, reason: str) -> dict[str, Any]:
    """What is said to a request that no channel answers."""
    return {"description": HTTPStatus(status).phrase, "status": status, "message": reason}


def allow_many_connections() -> None:
    """Slow clients hold connections open; the usual 1,024 would let a few of them lock everybody out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65_536
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), hard))
