"""Our server: Rasa's channels and agent in one process, with a chat page, and no API that is open to strangers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import register
from rasa.core.tracker_store import SQLTrackerStore
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.rest import BadRequestError, RestChannel, read_text
from spineline.channels.web import Origins, WebChannel
from spineline.content import ROOT, current_content
from spineline.errors import ConfigError
from spineline.outbox import Outbox
from spineline.server.actions import ActionsHere, ClinicAgent
from spineline.server.pages import pages
from spineline.sessions import Sessions, read_secret
from spineline.settings import Settings
from spineline.widget import Widget, load_widget


def create_app(settings: Settings) -> Sanic:
    """The whole application; the model is loaded when the server starts."""
    current_content()
    if not settings.model.is_file():
        raise ConfigError([f"{settings.model}: there is no trained model. Run `make train`."])
    app = Sanic("spineline", configure_logging=False)
    add_website(app, settings)
    if settings.is_local:
        _add_parse(app)

    async def load(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.agent = load_agent(settings)

    app.register_listener(load, "before_server_start")
    return app


def load_agent(settings: Settings) -> ClinicAgent:
    """An agent that runs its actions here and keeps conversations in SQLite."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = SQLTrackerStore(domain=None, dialect="sqlite", db=str(settings.data_dir / "conversations.db"))
    agent = ClinicAgent(tracker_store=store, action_endpoint=ActionsHere("actions"))
    agent.load_model(Path(settings.model))
    return agent


def add_website(app: Sanic, settings: Settings) -> WebChannel:
    """The channels and pages; tests put them on a server with another agent."""
    widget = load_widget(ROOT, current_content())
    web = _web_channel(settings, widget)
    register([RestChannel(), web], app, route="/webhooks/")
    app.blueprint(pages(widget, web.can_delete))
    return web


def _web_channel(settings: Settings, widget: Widget) -> WebChannel:
    sessions = Sessions(read_secret(settings.secret_key, settings.data_dir), WebChannel.name())
    outbox = Outbox(settings.data_dir / "outbox.db")
    return WebChannel(sessions, outbox, widget, Origins(settings.allowed_origins))


def _add_parse(app: Sanic) -> None:
    """POST /model/parse for evaluation, as Rasa has it; only on a server that strangers cannot reach."""

    @app.post("/model/parse")
    async def parse(request: Request) -> HTTPResponse:
        try:
            text = read_text(request.body)
        except BadRequestError as error:
            return response.json({"error": str(error)}, status=error.status)
        return response.json(await app.ctx.agent.parse_message(text), default=_plain)


def _plain(value: Any) -> Any:
    """Numbers of numpy as plain numbers."""
    return value.item()
