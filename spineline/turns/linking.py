"""Lets people go on elsewhere: gives a code in one chat, takes it in the other, knows which conversation goes on."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

from spineline.content.library import Content
from spineline.content.link_words import LinkWish
from spineline.dialogue.choices import typed_choice
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Message
from spineline.failures import Counter, note
from spineline.keep.database import PATIENT_S, QUICK_S
from spineline.keep.links import CODE_LASTS_S, CODE_LENGTH, Joined, Links
from spineline.turns.last_words import calling_line, filled_line
from spineline.turns.people import People
from spineline.turns.rate import Rate
from spineline.turns.shape import CHANNELS, SCORE

WRONG_CODES = "5/hour"  # of one chat; from there on right ones are refused as well
OBEYS_WITHIN_S = PATIENT_S  # a code that cannot be kept by then is not given
_NUMBER = re.compile(r"\W*\d{1,2}\W*")

_JOINED = {Joined.YES: "link_done", Joined.OWN: "link_own", Joined.NO: "link_wrong"}


class Linking:
    """One conversation in several chats, for those who showed by a code that they are theirs.

    Everything that belongs to a chat (limits, notice, opt-out, waiting answers) stays with its own sender.

    Args:
        clock: gives the time now, in seconds since 1970.
        steady: seconds that only ever go forward, for the limit of wrong codes.
    """

    def __init__(
        self,
        links: Links,
        people: People,
        content: Content,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        *,
        counter: Counter | None = None,
    ) -> None:
        self._counter = counter
        self._links, self._people, self._content, self._clock = links, people, content, clock
        self.wrong = Rate(WRONG_CODES, steady, "wrong codes")

    async def conversation_of(self, sender: str, within_s: float = PATIENT_S) -> str:
        """The conversation that goes on in this chat; the last one when that cannot be read in that time."""
        conversation = self._people.get(sender).spoke_in or sender
        try:
            conversation = await self._links.conversation_of(sender, within_s)
            if conversation != sender:
                await asyncio.wait_for(self._links.see(sender, self._clock()), QUICK_S)
        except Exception as error:
            note(error, "links", self._counter)
        return conversation

    def meant(self, text: str, sender: str, conversation: str, numbered: bool) -> str | None:
        """A typed number means the quick reply of that number in this very chat, although another chat spoke since.

        Args:
            numbered: whether quick replies are shown with numbers in this chat.
        """
        is_apart, shown = self._people.spoke(sender, conversation), self._people.get(sender).shown
        if not is_apart or not _NUMBER.fullmatch(text):
            return None
        return None if SCORE in shown else typed_choice(text, shown, self._content, numbered)

    async def answer(self, text: str, sender: str, channel: str) -> Message | None:
        """The answer to who wants to go on elsewhere; None for every other message."""
        wish = self._content.link_words.wish(text)
        if wish is None:
            return None
        language = Speaker.to(wish.language, self._content).language
        try:
            return await asyncio.wait_for(self._obeyed(wish, sender, channel, language), OBEYS_WITHIN_S)
        except Exception as error:
            note(error, "links", self._counter)
            return calling_line("link_failed", language, self._content)

    async def _obeyed(self, wish: LinkWish, sender: str, channel: str, language: str) -> Message:
        code = ""
        if channel not in CHANNELS or CHANNELS[channel].speech:
            line = "not_linkable"
        elif wish.kind == "ask":
            line, code = "link_code", _shown(await self._links.offer(sender, self._clock()))
        elif wish.kind == "join":
            line = _JOINED[await self._join(sender, wish.code)]
        else:
            line = "link_ended" if await self._links.leave(sender) else "link_none"
        return filled_line(line, language, self._content, code=code, minutes=round(CODE_LASTS_S / 60))

    async def _join(self, sender: str, code: str) -> Joined:
        if self.wrong.is_used_up(sender):
            return Joined.NO
        joined = await self._links.join(sender, code, self._clock())
        if joined is Joined.NO:
            self.wrong.refuse(sender)
        return joined


def _shown(code: str) -> str:
    """A code in two halves, as people read it."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"
