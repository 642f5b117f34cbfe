"""The REST channel in front of an agent that takes its time: `python slow_server.py PORT DIR SECONDS`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

os.environ.update(PORT=sys.argv[1], DATA_DIR=sys.argv[2])

from engines import EngineOf
from sanic import Sanic

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import ROOT, current_content
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.settings import read_settings
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import make_turns

SECONDS = float(sys.argv[3])


async def slowly(_: Asked, say: Say) -> None:
    await asyncio.sleep(SECONDS)
    say({"text": "done"})


def make_app() -> Any:
    settings = read_settings(os.environ)
    app = Sanic("slow", configure_logging=False)
    turns = make_turns(current_content(), settings, EngineOf(slowly))
    add_guard(app, settings, turns)
    app.blueprint(RestChannel(settings, turns).blueprint(), url_prefix="/webhooks/rest")
    app.blueprint(health(ROOT, turns, settings.deadline_s))
    return app


if __name__ == "__main__":
    make_app().run(port=int(sys.argv[1]), workers=1, access_log=False, motd=False)
