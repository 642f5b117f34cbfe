"""Our server: Rasa's channels and agent in one process, with a chat page, and no API that is open to strangers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spineline.channels.http import BadRequestError, Json, check_access
from spineline.channels.rest.channel import RestChannel, read_text
from spineline.channels.web.website import make_website
from spineline.content.library import ROOT, Content, load_content
from spineline.engine.actions_here import ActionsHere
from spineline.engine.agent import ClinicAgent
from spineline.engine.rasa_engine import RasaEngine
from spineline.errors import ConfigError
from spineline.failures import note
from spineline.keep.database import PATIENT_S, Database
from spineline.keep.takeover import open_database
from spineline.server.application import Application, make_application
from spineline.server.configured import configured_messengers, health_of_channels
from spineline.server.health import health
from spineline.server.keeping import (
    keep_tidy,
    learn_counts,
    open_store,
    share_counts,
    store_left,
    store_unstored,
    utc_now,
)
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
        with self.turns.failures.survived("counters"):
            await asyncio.wait_for(self.turns.counting.share(), PATIENT_S)
        try:
            await self.turns.database.close()
        except Exception as error:
            note(error, "close", self.turns.metrics)


def build(settings: Settings, agent: Any = None) -> Parts:
    """Make everything from the settings, which nothing reads from elsewhere. An `agent` is given by tests."""
    content = load_content(ROOT, settings.clinic)
    database = open_database(settings.database, settings.data_dir)
    agent = agent or load_agent(settings, content, database)
    turns = make_turns(content, settings, RasaEngine(lambda: agent, content), database)
    return Parts(turns, agent)


def create_app(settings: Settings, agent: Any = None) -> Application:
    """The whole application."""
    return application_of(build(settings, agent), settings)


def application_of(parts: Parts, settings: Settings) -> Application:
    """Every channel and page around the parts that answer."""
    turns = parts.turns
    messengers = configured_messengers(settings, turns)
    web, pages = make_website(settings, turns, turns.keeper.forget)
    turns.keeper.also.append(web.forget)
    turns.keeper.also_old.append(web.purge)
    if settings.metrics_port:
        turns.metrics.serve(settings.metrics_port)
    routes = [*health(ROOT, turns, settings.deadline_s), health_of_channels(settings, messengers), *pages]

    async def begin() -> None:
        await store_left(turns)
        await turns.keeper.recall()
        await learn_counts(turns)
        await messengers.begin()

    tidy = partial(keep_tidy, turns.keeper, turns.database, utc_now, turns.metrics)
    return make_application(
        settings,
        turns,
        channels=[RestChannel(settings, turns), web, *messengers.channels],
        routes=[_parse(parts.agent, settings), *routes] if settings.is_local else routes,
        begin=begin,
        background=[tidy, partial(store_unstored, turns), partial(share_counts, turns), *messengers.sending],
        end=parts.stop,
    )


def load_agent(settings: Settings, content: Content, database: Database) -> ClinicAgent:
    """An agent that runs its actions here and keeps conversations in the database."""
    actions = ActionsHere("actions", content)
    agent = ClinicAgent(tracker_store=open_store(database), lock_store=FairLocks(), action_endpoint=actions)
    try:
        agent.load_model(settings.model)
    except Exception as error:
        reason = type(error).__name__
        raise ConfigError([f"MODEL={settings.model}: cannot be loaded ({reason}). Run `make train`."]) from error
    return agent


def _parse(agent: ClinicAgent, settings: Settings) -> Route:
    """POST /model/parse for evaluation, as Rasa has it; only for programs that may use REST."""

    async def parse(request: Request) -> Response:
        try:
            check_access(request.headers, settings)
            text = read_text(await request.body())
        except BadRequestError as error:
            return error.answer()
        parsed = await agent.parse_message(text)
        return Json({"language": None, "red_flag": None, **parsed})  # Rasa drops nulls

    return Route("/model/parse", parse, methods=["POST"])
