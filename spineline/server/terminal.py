"""A chat in the terminal, through the same guarded turn as every channel."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from spineline.dialogue.turn import Message
from spineline.server.app import Parts, build
from spineline.server.start import check_chat
from spineline.settings import Settings
from spineline.turns.logs import configure_logs
from spineline.turns.shape import CHANNELS, text_for

_TERMINAL = CHANNELS["terminal"]
_END = "/stop"

Done = TypeVar("Done")
Run = Callable[[Coroutine[Any, Any, Done]], Done]


def chat(settings: Settings) -> None:
    """Read lines and print answers until /stop or the end of input."""
    configure_logs("ERROR")  # before anything can log: what fails shows between the answers, and nothing else
    check_chat(settings)
    _say("Loading the model ...")
    parts = build(settings)
    _say("Type a message; a number picks a quick reply; /stop or Ctrl-D ends.")
    talk(parts, lambda: input("\n> "), _say)


def talk(parts: Parts, read: Callable[[], str], say: Callable[[str], None]) -> None:
    """Greet, then answer what `read` gives, until it gives /stop or raises EOFError or KeyboardInterrupt."""
    sender = f"{_TERMINAL.name}:{uuid.uuid4().hex}"
    with _loop() as run:
        try:
            text = "hello"
            while text.strip() != _END:
                said = run(parts.turns.answer(text, sender, _TERMINAL.name))
                say(_printed(said, parts))
                text = read()
        except (EOFError, KeyboardInterrupt):
            say("")
        run(parts.stop())


@contextmanager
def _loop() -> Iterator[Run[Any]]:
    """An event loop in a thread: what a turn left behind goes on while this thread waits for the next line."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _printed(said: list[Message], parts: Parts) -> str:
    return "\n".join(f"\n{text_for(message, _TERMINAL, parts.turns.content)}" for message in said)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
