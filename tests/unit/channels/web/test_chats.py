"""Who listens on the website."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

from spineline.channels.web.chats import Chats
from spineline.keep.outbox import Outbox


async def test_who_listens_hears_each_answer_once() -> None:
    """As when a message turns out to have its answer, which somebody who listens was given meanwhile."""
    outbox, nobody = Outbox(), SimpleNamespace()
    await outbox.begin("anna", datetime.now(timezone.utc), None)
    told = await outbox.put("anna", [{"text": "a"}, {"text": "b"}])
    parts: Any = (nobody, nobody, nobody, nobody)
    chats = Chats(outbox, *parts)
    queue = await chats.listen("anna", 1)
    chats._tell("anna", told[1:])
    chats._tell("anna", await outbox.put("anna", [{"text": "c"}]))
    assert [queue.get_nowait()["text"] for _ in range(queue.qsize())] == ["b", "c"]
