"""The REST channel in front of an agent that takes its time: `python slow_server.py PORT DIR SECONDS`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

os.environ.update(PORT=sys.argv[1], DATA_DIR=sys.argv[2])

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import ROOT
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.settings import read_settings

SECONDS = float(sys.argv[3])


class SlowAgent:
    """Says "done" after a while."""

    async def handle_message(self, message: UserMessage) -> None:
        await asyncio.sleep(SECONDS)
        await message.output_channel.send_response(message.sender_id, {"text": "done"})


def make_app() -> Any:
    settings = read_settings(os.environ)
    app = Sanic("slow", configure_logging=False)
    app.ctx.agent = SlowAgent()
    rest = RestChannel(settings)
    add_guard(app, settings, rest._turns)
    register([rest], app, route="/webhooks/")
    app.blueprint(health(ROOT, rest._turns, settings.deadline_s))
    return app


if __name__ == "__main__":
    make_app().run(port=int(sys.argv[1]), workers=1, access_log=False, motd=False)
