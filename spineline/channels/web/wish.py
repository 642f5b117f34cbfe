"""A language switched to in the chat window: it travels with the next message, since a quick reply shows none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from spineline.keep.steady_outbox import SteadyOutbox
from spineline.turns.failures import Failures

Replies = list[dict[str, Any]]
NOT_ANSWERED = ("safe_text", "busy", "too_fast")  # what is said when no turn took the message


async def ask_with_wish(
    outbox: SteadyOutbox, session: str, ask: Callable[[str | None], Awaitable[Replies]], failures: Failures
) -> Replies:
    """Answer a message and tell the conversation the language that was wished since the one before.

    Args:
        ask: answers the message, with the wish beside it.
        failures: notes that the wish could not be read or kept; the message is answered nevertheless.
    Returns:
        What `ask` says. A turn that did not succeed leaves the wish to the next one, unless there is a newer one.
    """
    language, replies = None, Replies()
    with failures.survived("language"):
        language = outbox.take_language(session)
    try:
        replies = await ask(language)
    finally:
        if language and not _is_answered(replies):
            with failures.survived("language"):
                outbox.wish_language(session, outbox.take_language(session) or language)
    return replies


def _is_answered(replies: Replies) -> bool:
    cards = [reply.get("metadata", {}).get("card") for reply in replies]
    return bool(cards) and not set(cards) & set(NOT_ANSWERED)
