"""Reads raw messages without holding up other people: long ones are read in a thread of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from spineline.content.library import Content
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import LONGEST_READ, Intake, take_in


class Reader:
    """Looks for danger signs in the first LONGEST_READ characters of a message."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")

    async def read(self, raw: str) -> Intake:
        """What `take_in` says of a message."""
        if len(raw) <= LONGEST_MESSAGE:
            return take_in(raw, self._content)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, take_in, raw[: 2 * LONGEST_READ], self._content)
