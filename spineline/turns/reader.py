"""Reads raw messages without holding up other people: long ones are read in a thread of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property

from spineline.content.library import ROOT, Content
from spineline.danger.rules import load_red_flags
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import LONGEST_READ, Intake, take_in


class Reader:
    """Looks for danger signs in the first LONGEST_READ characters of a message."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")

    @cached_property
    def _own_content(self) -> Content:
        """spaCy's vocabulary is not made for two threads, so the thread has rules of its own."""
        return replace(self._content, red_flags=load_red_flags(ROOT / "content" / "red_flags.yml"))

    def warm_up(self) -> None:
        """Read the rules of the thread, and what both compare messages with."""
        take_in("", self._content)
        self._thread.submit(self._read_long, "").result()

    async def read(self, raw: str) -> Intake:
        """What `take_in` says of a message."""
        if len(raw) <= LONGEST_MESSAGE:
            return take_in(raw, self._content)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._read_long, raw[: 2 * LONGEST_READ])

    def _read_long(self, raw: str) -> Intake:
        return take_in(raw, self._own_content)
