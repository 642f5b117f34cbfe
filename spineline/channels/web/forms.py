"""A question about pain as a small form: which one of how many, and how its quick replies go together."""

from __future__ import annotations

from typing import Any

from spineline.content.choice import BACK, TRIAGE
from spineline.content.library import Content
from spineline.dialogue.pain_words import NONE, OTHER, UNSURE
from spineline.dialogue.turn import Kind, Message

_SEVERAL = ("signs", "risks")  # questions of which several answers may be true
_ALONE = (NONE, OTHER, UNSURE, "skip")  # answers that leave no room for others
_SCALE = "severity"
_NOT_COUNTED = "triage.questions.signs.first"  # asked after a message that may tell of danger: no row of questions yet


def form_of(message: Message, content: Content) -> dict[str, Any] | None:
    """How a question is shown; None for every other message.

    Returns:
        `kind`: "several" (answers that may be true together), "scale" (a number from 0 to 10 in place of the answers
        that stand for ranges of it) or "one"; `step` and `of`: which question of how many; `back`: what leads to the
        one before.
    """
    kind, _, name = (message.card or "").partition(":")
    names = list(content.triage["questions"])
    if message.kind is not Kind.QUESTION or kind != TRIAGE or name not in names:
        return None
    form: dict[str, Any] = {"kind": "several" if name in _SEVERAL else "scale" if name == _SCALE else "one"}
    if _NOT_COUNTED not in {part.id for part in message.parts}:
        form |= {"step": names.index(name) + 1, "of": len(names)}
    return form if name == names[0] else {**form, "back": content.choices[BACK].payload}


def role_of(choice: str, content: Content) -> dict[str, Any]:
    """What a quick reply is in such a form: `alone` leaves no room for others, `scored` is a range of the scale."""
    known = content.choices[choice]
    if known.kind != TRIAGE:
        return {}
    is_scored = "score" in content.triage["means"].get(known.name, {})
    return {"alone": True} if known.name in _ALONE else {"scored": True} if is_scored else {}
