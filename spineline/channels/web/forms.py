"""A question about pain as a small form: which one of how many, and how its quick replies go together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spineline.content.choice import BACK, TRIAGE, Choice
from spineline.content.library import Content
from spineline.dialogue.pain_words import NONE, OTHER, UNSURE
from spineline.dialogue.turn import Message

_SEVERAL = ("signs", "risks")  # questions of which several answers may be true
_ALONE = (NONE, OTHER, UNSURE, "skip")  # answers that leave no room for others
_SCALE = "severity"
_NOT_COUNTED = "triage.questions.signs.first"  # asked after a message that may tell of danger: no row of questions yet


def form_of(message: Message, content: Content) -> dict[str, Any] | None:
    """How a question of ours is shown; None where it is not about pain.

    Returns:
        `kind`: "several" (answers that may be true together), "scale" (a number from 0 to 10 in place of the answers
        that stand for ranges of it) or "one"; `step` and `of`: which question of how many; `back`: what leads to the
        one before.
    """
    kind, _, name = (message.card or "").partition(":")
    names = list(content.triage["questions"])
    if kind != TRIAGE or name not in names:
        return None
    form: dict[str, Any] = {"kind": "several" if name in _SEVERAL else "scale" if name == _SCALE else "one"}
    if _NOT_COUNTED not in {part.id for part in message.parts}:
        form |= {"step": names.index(name) + 1, "of": len(names)}
    return form if name == names[0] else {**form, "back": content.choices[BACK].payload}


def roles_in(choices: Iterable[Choice], content: Content) -> list[dict[str, Any]]:
    """What quick replies are in such a form: `alone` leaves no room for others, `scored` is a range of the scale."""
    means = content.triage["means"]
    return [
        {"alone": True} if choice.name in _ALONE else {"scored": True} if "score" in means.get(choice.name, {}) else {}
        for choice in choices
    ]
