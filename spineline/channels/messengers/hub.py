"""What every messenger and telephone line shares: guarded turns, names for people, and answers that are not lost."""

from __future__ import annotations

from dataclasses import dataclass

from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.content.library import Content
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.turns.limits import address_of_request
from spineline.turns.rate import Refusal
from spineline.turns.said import Keep, keep_nothing
from spineline.turns.turns import Turns


@dataclass(frozen=True)
class Hub:
    """Made once for all channels. `turns` answer, `inbox` takes each message once, `courier` sends what must arrive."""

    turns: Turns
    courier: Courier
    inbox: Inbox
    pseudonyms: Pseudonyms
    public_url: str

    @property
    def content(self) -> Content:
        """What the clinic says."""
        return self.turns.content

    def sender(self, channel: str, address: str) -> str:
        """The person's name on this server."""
        return self.pseudonyms.of(channel, address)

    def language(self, sender: str) -> str | None:
        """The language that the person spoke last, where it is known right now."""
        return self.turns.people.get(sender).language

    async def answer(self, said: str | Intake, sender: str, channel: str, keep: Keep = keep_nothing) -> list[Message]:
        """One guarded turn; never empty, never an error. The request must be real.

        Args:
            keep: what is to be written in the commit of the turn; see `Taking`.
        """
        _count_only_the_person()
        return await self.turns.answer(said, sender, channel, keep=keep)

    async def ask(self, said: str | Intake, sender: str, channel: str, keep: Keep = keep_nothing) -> list[Message]:
        """The same; RefusedError when the limits say no and the message tells of no danger."""
        _count_only_the_person()
        return await self.turns.ask(said, sender, channel, keep=keep)

    def refuse(self, sender: str) -> Refusal | None:
        """Count something that is answered without a turn; a refusal when it is one too many."""
        _count_only_the_person()
        return self.turns.limits.refuse(sender)


def _count_only_the_person() -> None:
    """Everybody's messages come from the messenger's own address, so no limit for an address counts."""
    address_of_request.set(None)
