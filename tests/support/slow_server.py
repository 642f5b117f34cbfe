"""The REST channel in front of an agent that answers when it may: `python slow_server.py PORT DIR`.

It puts the file `asked` in DIR when a message has reached it, and answers when somebody puts `go` there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engines import EngineOf
from patience import LONG_S, until
from replies import says

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import ROOT, load_content
from spineline.keep.database import Database
from spineline.server.application import make_application
from spineline.server.edge import Edge
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


def make_edge() -> Edge:
    settings = Settings(port=int(sys.argv[1]), data_dir=FOLDER, deadline_s=LONG_S)
    turns = make_turns(load_content(ROOT, settings.clinic), settings, EngineOf(slowly), Database())
    routes = health(ROOT, turns, settings.deadline_s)
    return Edge(make_application(settings, turns, [RestChannel(settings, turns)], routes), settings)


if __name__ == "__main__":
    make_edge().run()
