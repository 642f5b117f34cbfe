"""A chat in the terminal, through the same guarded turn as every channel."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Any

from spineline.content.library import current_content
from spineline.server.app import load_agent
from spineline.settings import Settings
from spineline.turns.turns import answer


def chat(settings: Settings) -> None:
    """Read lines and print answers until /stop or the end of input."""
    logging.disable(logging.ERROR)
    _say("Loading the model ...")
    agent = load_agent(settings)
    _say("Type a message; a number picks a quick reply; /stop ends.")
    asyncio.run(_loop(agent))


async def _loop(agent: Any) -> None:
    sender = f"terminal:{uuid.uuid4().hex}"
    text = "hello"
    while text != "/stop":
        for reply in await answer(text, sender, "terminal", agent.handle_message, current_content()):
            _say(_printed(reply))
        try:
            text = await asyncio.to_thread(input, "\n> ")
        except EOFError:
            return


def _printed(reply: dict[str, Any]) -> str:
    buttons = reply.get("buttons", [])
    links = [f"  ☎ {b['title']}" for b in buttons if b.get("url")]
    choices = [f"  {n}. {b['title']}" for n, b in enumerate((b for b in buttons if not b.get("url")), 1)]
    return "\n".join(["", reply["text"], *links, *choices])


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
