"""Our server: Rasa's channels and agent in one process, with a chat page, and no API that is open to strangers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.http import BadRequestError, check_access
from spineline.channels.rest.channel import RestChannel, read_text
from spineline.channels.web.website import add_website
from spineline.content.library import ROOT, Content, load_content
from spineline.engine.actions_here import ActionsHere
from spineline.engine.agent import ClinicAgent
from spineline.engine.rasa_engine import RasaEngine
from spineline.errors import ConfigError
from spineline.failures import note
from spineline.server.configured import configured_messengers, health_of_channels
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.server.keeping import keep_tidy, open_store, utc_now
from spineline.settings import Settings
from spineline.stores.locks import FairLocks
from spineline.turns.turns import Turns, make_turns


@dataclass(frozen=True)
class Parts:
    """What answers, in every kind of process: guarded turns, and Rasa's agent behind them."""

    turns: Turns
    agent: Any

    async def stop(self) -> None:
        """Finish what has begun, and let go of the database."""
        await self.turns.stop()
        try:
            await self.agent.tracker_store.close()
        except Exception as error:
            note(error, "close", self.turns.metrics)


def build(settings: Settings, agent: Any = None) -> Parts:
    """Make everything from the settings, which nothing reads from elsewhere. An `agent` is given by tests."""
    content = load_content(ROOT, settings.clinic)
    agent = agent or load_agent(settings, content)
    return Parts(make_turns(content, settings, RasaEngine(lambda: agent, content)), agent)


def create_app(settings: Settings, agent: Any = None) -> Sanic:
    """The whole application."""
    parts = build(settings, agent)
    turns = parts.turns
    app = Sanic("spineline", configure_logging=False)
    app.ctx.agent = parts.agent
    add_guard(app, settings, turns)
    messengers = configured_messengers(settings, turns)
    for channel in (RestChannel(settings, turns), *messengers.channels):
        app.blueprint(channel.blueprint(), url_prefix=f"/webhooks/{channel.name()}")
    web = add_website(app, settings, turns, turns.keeper.forget)
    turns.keeper.also.append(web.forget)
    turns.keeper.also_old.append(web.purge)
    app.blueprint(health(ROOT, turns, settings.deadline_s))
    app.blueprint(health_of_channels(settings, messengers))
    messengers.start(app)
    if settings.is_local:
        _add_parse(app, settings)
    app.add_task(keep_tidy(turns.keeper, settings.data_dir, utc_now, turns.metrics))
    _add_end(app, parts)
    if settings.metrics_port:
        turns.metrics.serve(settings.metrics_port)
    return app


def load_agent(settings: Settings, content: Content) -> ClinicAgent:
    """An agent that runs its actions here and keeps conversations in SQLite."""
    actions = ActionsHere("actions", content)
    agent = ClinicAgent(tracker_store=open_store(settings), lock_store=FairLocks(), action_endpoint=actions)
    try:
        agent.load_model(settings.model)
    except Exception as error:
        reason = type(error).__name__
        raise ConfigError([f"MODEL={settings.model}: cannot be loaded ({reason}). Run `make train`."]) from error
    return agent


def _add_end(app: Sanic, parts: Parts) -> None:
    async def end(_: Sanic, __: asyncio.AbstractEventLoop) -> None:
        await parts.stop()

    app.register_listener(end, "after_server_stop")


def _add_parse(app: Sanic, settings: Settings) -> None:
    """POST /model/parse for evaluation, as Rasa has it; only for programs that may use REST."""

    @app.post("/model/parse")
    async def parse(request: Request) -> HTTPResponse:
        try:
            check_access(request, settings.rest_token)
            text = read_text(request.body)
        except BadRequestError as error:
            return response.json({"error": str(error)}, status=error.status)
        parsed = await app.ctx.agent.parse_message(text)
        return response.json({"language": None, "red_flag": None, **parsed}, default=_plain)  # Rasa drops nulls


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()
