"""The REST channel in front of an agent that takes its time: `python slow_server.py PORT DIR SECONDS`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import ROOT, load_content
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.settings import Settings
from spineline.turns.turns import make_turns

SECONDS = float(sys.argv[3])


class SlowAgent:
    """Says "done" after a while."""

    async def handle_message(self, message: UserMessage) -> None:
        await asyncio.sleep(SECONDS)
        await message.output_channel.send_response(message.sender_id, {"text": "done"})


def make_app() -> Any:
    settings = Settings(port=int(sys.argv[1]), data_dir=Path(sys.argv[2]))
    turns = make_turns(load_content(ROOT, settings.clinic), settings)
    app = Sanic("slow", configure_logging=False)
    app.ctx.agent = SlowAgent()
    rest = RestChannel(settings, turns)
    add_guard(app, settings, turns)
    register([rest], app, route="/webhooks/")
    app.blueprint(health(ROOT, turns, settings.deadline_s))
    return app


if __name__ == "__main__":
    make_app().run(port=int(sys.argv[1]), workers=1, access_log=False, motd=False)
