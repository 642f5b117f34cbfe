"""A language switched to in the chat window: it travels with the next message, since a quick reply shows none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from spineline.dialogue.turn import Message
from spineline.keep.outbox import Outbox
from spineline.turns.failures import Failures

Ask = Callable[[str | None], Awaitable[list[Message]]]  # a wish in
NOT_ANSWERED = ("safe_text", "busy", "too_fast")  # what is said when no turn took the message


async def ask_with_wish(outbox: Outbox, session: str, ask: Ask, failures: Failures) -> list[Message]:
    """Answer a message and tell the conversation the language that was wished since the one before.

    Args:
        ask: answers the message, with the wish beside it.
        failures: notes that the wish could not be read or kept; the message is answered nevertheless.
    Returns:
        What `ask` says. A turn that did not succeed leaves the wish to the next one, unless there is a newer one.
    """
    language, messages = None, list[Message]()
    with failures.survived("language"):
        language = await outbox.take_language(session)
    try:
        messages = await ask(language)
    finally:
        if language and not _is_answered(messages):
            with failures.survived("language"):
                await outbox.wish_language(session, await outbox.take_language(session) or language)
    return messages


def _is_answered(messages: list[Message]) -> bool:
    cards = {message.card for message in messages}
    return bool(cards) and not cards & set(NOT_ANSWERED)
