"""Our server: Rasa's channels and agent in one process, with a chat page, and no API that is open to strangers."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import structlog
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.rest.access import BadRequestError, check_access
from spineline.channels.rest.channel import RestChannel, read_text
from spineline.channels.web.website import add_website
from spineline.content.library import ROOT, load_content
from spineline.engine.actions_here import ActionsHere
from spineline.engine.agent import ClinicAgent
from spineline.errors import ConfigError, ContentError
from spineline.server.configured import configured_messengers, health_of_channels
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.server.keeping import keep_tidy, open_store, utc_now
from spineline.settings import Settings
from spineline.stores.locks import FairLocks
from spineline.turns.turns import Turns, current_turns

logger = structlog.get_logger("spineline.app")


def check_start(settings: Settings) -> None:
    """ConfigError lists everything that would keep this server from answering."""
    problems: list[str] = []
    try:
        load_content(ROOT, settings.clinic)
    except ContentError as error:
        problems.extend(error.problems)
    if not settings.model.is_file():
        problems.append(f"MODEL={settings.model}: there is no trained model. Run `make train`.")
    if not _is_writable(settings.data_dir):
        problems.append(f"DATA_DIR={settings.data_dir}: nothing can be written there. Change it, or its permissions.")
    if not _is_free(settings.host, settings.port):
        problems.append(f"PORT={settings.port}: is in use on {settings.host}. Stop what listens there, or change it.")
    if problems:
        raise ConfigError(problems)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False


def create_app(settings: Settings, agent: ClinicAgent) -> Sanic:
    """The whole application around a loaded agent."""
    turns = current_turns()
    turns.agent = agent
    turns.warm_up()
    app = Sanic("spineline", configure_logging=False)
    app.ctx.agent = agent
    add_guard(app, settings, turns)
    messengers = configured_messengers(settings, turns)
    others = [RestChannel(settings, turns), *messengers.channels]
    web = add_website(app, settings, turns.keeper.forget, others)
    turns.keeper.also.append(web.forget)
    app.blueprint(health(ROOT, turns, settings.deadline_s))
    app.blueprint(health_of_channels(settings, messengers))
    messengers.start(app)
    if settings.is_local:
        _add_parse(app, settings)
    app.add_task(keep_tidy(turns.keeper, settings.data_dir, utc_now))
    _add_end(app, turns, agent)
    if settings.metrics_port:
        turns.metrics.serve(settings.metrics_port)
    return app


def load_agent(settings: Settings) -> ClinicAgent:
    """An agent that runs its actions here and keeps conversations in SQLite."""
    agent = ClinicAgent(
        tracker_store=open_store(settings), lock_store=FairLocks(), action_endpoint=ActionsHere("actions")
    )
    try:
        agent.load_model(settings.model)
    except Exception as error:
        reason = type(error).__name__
        raise ConfigError([f"MODEL={settings.model}: cannot be loaded ({reason}). Run `make train`."]) from error
    return agent


def _add_end(app: Sanic, turns: Turns, agent: ClinicAgent) -> None:
    async def end(_: Sanic, __: asyncio.AbstractEventLoop) -> None:
        await turns.stop()
        try:
            await agent.tracker_store.close()
        except Exception as error:
            turns.metrics.failed(error)
            logger.error("failed", where="close", error=type(error).__name__)

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
