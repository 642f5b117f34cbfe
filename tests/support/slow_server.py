"""The REST channel in front of an agent that answers when it may: `python slow_server.py PORT DIR`.

It puts the file `asked` in DIR when a message has reached it, and answers when somebody puts `go` there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from engines import EngineOf
from patience import LONG_S, until
from replies import says
from sanic import Sanic

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import ROOT, load_content
from spineline.server.guard import add_guard
from spineline.server.health import health
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import make_turns

FOLDER = Path(sys.argv[2])


async def slowly(asked: Asked, say: Say) -> None:
    if asked.channel != "health":
        (FOLDER / "asked").touch()
        await until((FOLDER / "go").exists)
    say(says("done"))


def make_app() -> Any:
    settings = Settings(port=int(sys.argv[1]), data_dir=FOLDER, deadline_s=LONG_S)
    app = Sanic("slow", configure_logging=False)
    turns = make_turns(load_content(ROOT, settings.clinic), settings, EngineOf(slowly))
    add_guard(app, settings, turns)
    app.blueprint(RestChannel(settings, turns).blueprint(), url_prefix="/webhooks/rest")
    app.blueprint(health(ROOT, turns, settings.deadline_s))
    return app


if __name__ == "__main__":
    make_app().run(port=int(sys.argv[1]), workers=1, access_log=False, motd=False)
