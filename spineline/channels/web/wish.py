"""A language switched to in the chat window: it travels with the next message, since a quick reply shows none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage

from spineline.turns.turns import OnMessage

Replies = list[dict[str, Any]]


class Wishes(Protocol):
    """Keeps, for each session, the language that the conversation has not been told yet; see Outbox."""

    def take_language(self, session: str) -> str | None:
        """The wish, which is then no longer kept."""

    def wish_language(self, session: str, language: str) -> None:
        """Keep a wish in place of the one before."""


async def ask_with_wish(
    wishes: Wishes, session: str, on_message: OnMessage, ask: Callable[[OnMessage], Awaitable[Replies]]
) -> Replies:
    """Answer a message and tell the conversation the language that was wished since the one before.

    Args:
        on_message: hands a message to Rasa.
        ask: answers the message, by way of what it is given in place of `on_message`.
    Returns:
        What `ask` says. A turn that did not succeed leaves the wish to the next one.
    """
    language = wishes.take_language(session)
    if not language:
        return await ask(on_message)
    is_told = False

    async def tell(message: UserMessage) -> None:
        nonlocal is_told
        message.metadata = {**(message.metadata or {}), "wished_language": language}
        await on_message(message)
        is_told = True

    try:
        return await ask(tell)
    finally:
        if not is_told:
            newer = wishes.take_language(session)
            wishes.wish_language(session, newer or language)
