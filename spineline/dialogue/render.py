"""Turns answers and lines into messages: which texts, which quick replies, whom to call."""

from __future__ import annotations

from collections.abc import Iterable

from spineline.content.cards import Answer
from spineline.content.library import Content
from spineline.dialogue.turn import Message

CLINIC = "clinic"  # the others that can be called are their own numbers: "911", "988"


def answer_message(answer: Answer, language: str, content: Content, with_replies: bool = True) -> Message:
    """One card answer with its fixed line, whether to call, its quick replies and where it comes from."""
    line = content.cards[answer.card].line
    ids = (answer.ref, f"lines.{line}") if line else (answer.ref,)
    return Message(
        tuple(content.part(id, language) for id in ids),
        language,
        card=answer.ref,
        choices=answer.buttons if with_replies else (),
        calls=(CLINIC,) if answer.call else (),
        sources=answer.sources,
    )


def line_message(
    name: str, language: str, content: Content, choices: Iterable[str] = (), call: bool = False
) -> Message:
    """One fixed line, with quick replies and, where wanted, the clinic's number to call."""
    calls = (CLINIC,) if call else ()
    return Message((content.part(f"lines.{name}", language),), language, name, tuple(choices), calls)


def number_of(whom: str, content: Content) -> str:
    """The telephone number of "clinic", "911" or "988", as people read it."""
    return content.clinic.phone if whom == CLINIC else whom


def call_link(whom: str, language: str, content: Content) -> tuple[str, str]:
    """Title and address of a link that calls: ("Call 911", "tel:911")."""
    if whom == CLINIC:
        return content.line("call_button", language), content.clinic.phone_link
    return content.line(f"call_{whom}", language), f"tel:{whom}"
