"""Our REST channel as `rasa run` takes it: the class that credentials.yml names, under the Sanic that Rasa brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic import request as sanic_request
from sanic.response import HTTPResponse
from starlette.requests import Request
from starlette.responses import Response

from spineline.channels.http import see_address
from spineline.channels.rest.channel import RestChannel
from spineline.engine.rasa_engine import RasaEngine
from spineline.environment import current_content, settings_of_environment
from spineline.stores.tracker import database_of_environment
from spineline.turns.logs import configure_logs
from spineline.turns.turns import make_turns


class RestForRasa(InputChannel):
    """Guarded turns under Rasa's own server. Rasa loads its agent after its channels, so it is looked for later."""

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return RestChannel.name()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestForRasa:
        """Rasa would log what people write."""
        configure_logs(settings_of_environment().log_level)
        return cls()

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes of our channel; what Rasa hands us to answer with goes round the guard and is not used."""
        apps: list[Sanic] = []
        settings, content = settings_of_environment(), current_content()
        engine = RasaEngine(lambda: apps[0].ctx.agent, content)
        turns = make_turns(content, settings, engine, database_of_environment())
        blueprint = Blueprint("spineline_rest")

        @blueprint.get("/")
        async def health(request: sanic_request.Request) -> HTTPResponse:
            return await _answered(RestChannel(settings, turns).health, request)

        @blueprint.post("/webhook")
        async def receive(request: sanic_request.Request) -> HTTPResponse:
            here = replace(settings, host=request.app.state.host)  # `rasa run --interface` decides, not HOST
            return await _answered(RestChannel(here, turns).receive, request)

        @blueprint.listener("before_server_start")
        async def meet(app: Sanic, _: Any) -> None:
            apps.append(app)

        @blueprint.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await turns.stop()

        return blueprint


async def _answered(handle: Callable[[Request], Awaitable[Response]], asked: sanic_request.Request) -> HTTPResponse:
    """Let our channel answer a request of Sanic's."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": asked.body}

    headers = [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in asked.headers.items()]
    scope = {"type": "http", "method": asked.method, "path": asked.path, "headers": headers, "client": (asked.ip, 0)}
    request = Request(scope, receive)
    see_address(request, settings_of_environment())
    answer = await handle(request)
    return HTTPResponse(answer.body, answer.status_code, dict(answer.headers))
