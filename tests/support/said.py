"""What a test reads off an answer and what it builds a turn of, whatever form the two have inside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import is_open
from spineline.dialogue.intake import Intake
from spineline.dialogue.recall import known_memory
from spineline.dialogue.turn import Kind, Memory, Message, Turn
from spineline.dialogue.wire import printed


def turn_of(intake: Intake, **understood: Any) -> Turn:
    """A message as it comes to the conversation; `understood` is what a model says of it."""
    verdict = json.loads(json.dumps(intake.metadata)).get("danger")  # as it travels beside the text
    danger = None if verdict is None else Assessment.from_dict(verdict)
    found = {"text": intake.text, "too_long": intake.too_long, "danger": danger}
    return Turn(**{"intent": "nlu_fallback", **found, **understood})


def tap_of(choice: str, **understood: Any) -> Turn:
    return Turn(**{"text": "", "intent": "nlu_fallback", **understood, "choice": choice})


def is_alarm(said: Message) -> bool:
    return said.kind is Kind.ALARM


def titles_of(said: Message, content: Content) -> list[str]:
    """What its buttons are called."""
    return [button["title"] for button in printed(said, content)["buttons"]]


def to_call(tier: Tier, content: Content) -> set[str]:
    """Whom an alarm of this tier must offer to call."""
    return {str(name) for name in content.tiers[tier.value]["calls"]}


def first_steps(tier: Tier, content: Content) -> set[str]:
    """What is to be done first, in every language; some flags say it in words of their own."""
    instead = (note.get("instead", {}) for note in content.tiers["notes"].values())
    own = [words["do"] for words in instead if "do" in words and tier.value in words["at"]]
    return {
        content.fill(text, language) for do in (content.tiers[tier.value]["do"], *own) for language, text in do.items()
    }


def open_tier(memory: Memory) -> Tier | None:
    """How urgent the open alarm is; None when none is open."""
    return Tier(memory.alarm["tier"]) if memory.alarm and is_open(memory) else None


def whole_titles(choices: Iterable[str], content: Content) -> list[str]:
    return [title for choice in choices for title in content.choices[choice].title.values()]


def offered_by(memory: Memory) -> tuple[str, ...]:
    return memory.offered


def put_away(memory: Memory) -> Any:
    """The memory as the store of the conversations holds it; an error when it cannot."""
    return json.loads(json.dumps(asdict(memory), allow_nan=False))


def taken_out(kept: Mapping[str, Any], content: Content) -> Memory:
    """The same, back at the next message."""
    return known_memory(
        Memory(
            **{
                **kept,
                "offered": tuple(kept["offered"]),
                "concepts": tuple(kept["concepts"]),
                "said": tuple(kept["said"]),
            }
        ),
        content,
    )
