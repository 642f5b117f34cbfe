"""Messages for tests."""

from typing import Any

from spineline.content.texts import free_part
from spineline.dialogue.turn import Message


def says(text: str, language: str = "en", **about: Any) -> Message:
    """A text that has no name, as somebody at the desk would write it."""
    return Message((free_part(text, language),), language, **about)
