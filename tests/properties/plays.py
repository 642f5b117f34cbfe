"""Memories, made by playing any turns; those of a conversation that waited while content changed among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from said import offered_by, put_away, taken_out, tap_of, turn_of

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.conversation import respond
from spineline.dialogue.intake import take_in
from spineline.dialogue.turn import Entity, Memory, Question, Reply, Turn
from tests.properties.pools import content, dangers, intents, severe, small_talk, taught

Told = tuple[tuple[str, Any], ...]  # what a model says of a message
_LANGUAGES = ("en", "es", "other", None)
_UNSURE = ("not sure", "maybe", "i don't know", "no sé", "tal vez", "a veces", "skip", "prefiero no decir", "hmm")
_STALE = {
    "topic": "gone/about",
    "offered": ("gone/about", "triage:gone", "line:gone"),
    "concepts": ("gone", "back_pain"),
    "alarm": {"tier": "GONE", "flag": "RF99", "open": True, "also": [["GONE", "RF98"]]},
    "triage": {"pending": "gone", "facts": {"gone": 1}},
    "language": "fr",
}


@dataclass(frozen=True)
class Step:
    """One turn to be played: what is typed, or which of the offered choices is tapped or named by its number."""

    text: str = ""
    understood: Told = ()
    tap: int | None = None
    number: int | None = None

    def turn(self, memory: Memory, content: Content) -> Turn:
        told, offered = dict(self.understood), offered_by(memory)
        if self.tap is not None and offered:
            return tap_of(offered[self.tap % len(offered)], **told)
        text = self.text or str(1 + (self.number or 0))
        return turn_of(take_in(text, content), **told)


def _understood(intent: Any = None) -> st.SearchStrategy[Told]:
    return st.fixed_dictionaries(
        {
            "intent": intent or st.sampled_from(intents()),
            "language": st.sampled_from(_LANGUAGES),
            "wished_language": st.sampled_from([None, "en", "es", "fr"]),
            "safety_vote": st.sampled_from([False, False, False, True]),
            "numbered": st.booleans(),
            "ranking": st.lists(st.sampled_from(intents()), max_size=3).map(tuple),
            "entities": st.lists(_entities, max_size=2).map(tuple),
            "parts": st.sampled_from([(), (), *_PARTS]),
        }
    ).map(lambda told: tuple(told.items()))


_entities = st.builds(
    Entity,
    st.sampled_from(["exercise", "muscle", "body_part", "procedure", "gone"]),
    st.sampled_from(["hamstring", "plank", "side plank", "neck", "fusion", "", "gone"]),
)
_PARTS = (
    (Question("how long do i hold a plank", "ask_core"), Question("and what does it cost", "ask_cost_insurance")),
    (Question("y cuánto cuesta", "ask_cost_insurance"), Question("me duele la espalda", "report_mild_pain")),
)


def understood() -> st.SearchStrategy[Told]:
    """Whatever a model may say of a message."""
    return _understood()


def _right(texts: Iterable[Any]) -> st.SearchStrategy[Step]:
    """Sentences with the intent that is right."""

    def as_step(one: Any) -> st.SearchStrategy[Step]:
        told = {"language": one.language, "intent": one.intent}
        return st.just(Step(one.text, tuple(told.items())))

    return st.sampled_from(list(texts)).flatmap(as_step)


def typed_steps() -> st.SearchStrategy[Step]:
    """Typed words, rightly understood or not."""
    any_text = st.sampled_from([*(one.text for one in taught()), *severe(), *_UNSURE]) | st.sampled_from(small_talk())
    return _right(taught()) | st.builds(Step, any_text, understood())


def danger_steps() -> st.SearchStrategy[Step]:
    """Emergencies."""
    text = st.sampled_from(list(Tier)).flatmap(_of_tier)  # every tier as often
    return st.builds(Step, text, understood())


def _of_tier(tier: Tier) -> st.SearchStrategy[str]:
    return st.sampled_from([one.text for one in dangers() if one.tier is tier] or [one.text for one in dangers()])


def steps() -> st.SearchStrategy[Step]:
    """Any turn."""
    tap = st.builds(Step, understood=understood(), tap=st.integers(0, 7))
    number = st.builds(Step, understood=understood(), number=st.integers(0, 9))
    pain = _right([one for one in taught() if one.intent.startswith("report_")])
    unsure = st.builds(Step, st.sampled_from(_UNSURE), understood())
    return st.one_of(typed_steps(), tap, tap, number, pain, unsure, danger_steps())


@dataclass(frozen=True)
class Played:
    """What was played, so that a failure can be read, and what is remembered of it."""

    steps: tuple[Step, ...]
    stale: frozenset[str]
    memory: Memory


def played(steps: Iterable[Step], memory: Memory, content: Content) -> tuple[Memory, list[Reply]]:
    """Play turns; between two of them the memory lies in its store."""
    replies = list[Reply]()
    for step in steps:
        reply = respond(step.turn(memory, content), memory, content)
        replies.append(reply)
        memory = taken_out(put_away(reply.memory), content)
    return memory, replies


def _play(taken: list[Step], stale: frozenset[str]) -> Played:
    memory, _ = played(taken, Memory(), content())
    if stale:
        changed = {field: _STALE[field] for field in stale}
        memory = taken_out(put_away(replace(memory, **changed)), content())
    return Played(tuple(taken), stale, memory)


def memories(most: int = 8) -> st.SearchStrategy[Played]:
    """Any memory."""
    stale = st.just(frozenset[str]()) | st.frozensets(st.sampled_from(sorted(_STALE)), max_size=3)
    return st.builds(_play, st.lists(steps(), max_size=most), stale)


def choices() -> st.SearchStrategy[str]:
    """Whatever a button can carry."""
    return st.sampled_from(sorted(content().choices))
