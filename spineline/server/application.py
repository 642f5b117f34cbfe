"""Puts channels and pages together to one application, as uvicorn takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from spineline.channels.http import Channel
from spineline.server.guard import Guard, answer_failure, answer_refusal
from spineline.server.openapi import openapi
from spineline.settings import Settings
from spineline.turns.turns import Turns

Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Application:
    """What is served: `drain` is waited for before lines are cut."""

    asgi: ASGIApp
    drain: Callable[[], Awaitable[None]]


def make_application(
    settings: Settings,
    turns: Turns,
    channels: Sequence[Channel],
    routes: Sequence[BaseRoute] = (),
    begin: Work | None = None,
    background: Sequence[Work] = (),
    end: Callable[[], Awaitable[None]] | None = None,
) -> Application:
    """All channels behind the guard.

    Args:
        routes: beside those of the channels.
        begin: comes first, before anybody can connect.
        background: runs as long as the server does.
        end: comes last, when all channels are closed.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if begin:
            await begin()
        working = [asyncio.ensure_future(work()) for work in background]
        yield
        for work in working:
            work.cancel()
        await asyncio.gather(*working, *(channel.close() for channel in channels), return_exceptions=True)
        if end:
            await end()

    async def drain() -> None:
        """Take nothing new; whoever has asked is answered, on every channel."""
        await asyncio.gather(turns.stop(), *(channel.drain() for channel in channels), return_exceptions=True)

    served = [*(route for channel in channels for route in channel.routes()), *routes]
    if settings.is_local:
        served.append(openapi(settings, served))
    handlers = {HTTPException: answer_refusal, Exception: answer_failure}
    app = Starlette(routes=served, exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False
    return Application(Guard(app, settings, turns), drain)
