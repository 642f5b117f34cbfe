"""What is remembered: how it lies in slots, and what of it still exists after content has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.pain_words import NONE, UNSAID
from spineline.dialogue.triage import SIGNS
from spineline.dialogue.turn import Memory

SLOTS = {  # field of Memory -> slot of domain.yml
    "language": "language",
    "topic": "topic_answered",
    "offered": "offered",
    "misses": "misses",
    "concepts": "concepts",
    "alarm": "alarm",
    "triage": "triage",
    "person": "person",
    "said": "said",
    "after": "after",
    "at": "at",
    "routine": "routine",
}
_TUPLES = ("offered", "concepts", "said")
_State = Mapping[str, Any]
_YES_OR_NO = "safety"  # how the first version asked about danger
_LISTS = {"sign": ("signs", NONE, UNSAID), "risk": ("risks_said", NONE, UNSAID)}  # facts whose values are names


def memory_of(slots: Callable[[str], Any], content: Content) -> Memory:
    """The memory that the slots hold.

    Args:
        slots: gives the value of a slot by its name; None where it was never set.
    """
    held = {field: slots(slot) for field, slot in SLOTS.items()}
    tuples = {field: tuple(held[field] or ()) for field in _TUPLES}
    return known_memory(
        Memory(
            **{**held, **tuples, "misses": held["misses"] or 0, "at": held["at"] or 0, "person": held["person"] or {}}
        ),
        content,
    )


def changed_slots(before: Callable[[str], Any], after: Memory) -> dict[str, Any]:
    """The slots that are other than they were, with their values, ready for JSON."""
    values = {slot: getattr(after, field) for field, slot in SLOTS.items()}
    plain = {slot: list(value) if isinstance(value, tuple) else value for slot, value in values.items()}
    return {slot: value for slot, value in plain.items() if (value or None) != (before(slot) or None)}


def known_memory(memory: Memory, content: Content) -> Memory:
    """The memory without what was renamed or removed since; nothing else looks for that."""
    return replace(
        memory,
        language=memory.language if memory.language in content.clinic.languages else None,
        topic=memory.topic if memory.topic in content.answers else None,
        # One gone means that the numbers of the others are no longer those that the person saw.
        offered=memory.offered if all(choice in content.choices for choice in memory.offered) else (),
        concepts=tuple(name for name in memory.concepts if name in content.red_flags.kept),
        alarm=_alarm(memory.alarm, content),
        triage=_triage(memory.triage, content),
        after=_after(memory.after, content),
        person={fact: told for fact, told in memory.person.items() if fact in content.conditions.facts},
    )


def _alarm(alarm: _State | None, content: Content) -> _State | None:
    """An alarm stays: without a flag that is gone, and at the tier for danger unknown where its own is gone."""
    if not alarm:
        return None
    tier, flag = _sign(alarm.get("tier"), alarm.get("flag"), content)
    also = [_sign(tier, flag, content) for tier, flag in alarm.get("also", ())]
    said = {name: alarm[name] for name in ("told", "asked") if name in alarm}
    if said.get("asked") not in content.alarm_questions["questions"]:
        said.pop("asked", None)
    return {"tier": tier, "flag": flag, "open": alarm.get("open", True), **({"also": also} if also else {}), **said}


def _sign(tier: Any, flag: Any, content: Content) -> list[Any]:
    is_tier = tier in [known.value for known in Tier]
    return [tier if is_tier else Tier.ED_NOW.value, flag if flag in content.red_flags.ids else None]


def _triage(state: _State | None, content: Content) -> _State | None:
    """Facts that mean nothing any more are asked again; a question that is gone ends the questions."""
    if not state:
        return None
    if "back" in state:
        state = {**state, "back": _triage(state["back"], content)}
    if state.get("pending") in (SIGNS, _YES_OR_NO):
        return _list_of_signs(state, content)
    if state.get("verdict") in content.answers:
        return {**state, "facts": _facts(state, content.triage)}
    asked = content.triage["questions"]
    if state.get("pending") not in asked:
        return None
    facts = _facts(state, content.triage)
    names = list(asked)
    before = names[: names.index(state["pending"])]
    unanswered = (name for name in before if not set(asked[name]["facts"]) & set(facts))
    kept = {**state, "pending": next(unanswered, state["pending"]), "facts": facts}
    return _list_of_signs(kept, content) if kept["pending"] == SIGNS else kept


def _list_of_signs(state: _State, content: Content) -> _State:
    then = [ref for ref in state.get("then", ()) if ref in content.answers]
    lead = [sign for sign in state.get("lead", ()) if sign in content.triage["signs"]]
    kept = {**state, "pending": SIGNS, "lead": lead, "facts": _facts(state, content.triage)}
    if "then" in state:
        kept |= {"vote": True, "then": then, "before": _triage(state.get("before"), content)}
    return kept


def _after(after: _State | None, content: Content) -> _State | None:
    """What the questions ended with, while that card is there; an unfinished question like one that is open."""
    if not after:
        return None
    unfinished = _triage(after.get("unfinished"), content)
    card = after.get("card") if after.get("card") in content.cards else None
    if not unfinished and not card and not after.get("times"):
        return None
    kept = {name: value for name, value in after.items() if name != "unfinished"}
    facts = _facts(after, content.triage)
    return {**kept, "card": card, "facts": facts, **({"unfinished": unfinished} if unfinished else {})}


def _facts(state: _State, rules: _State) -> dict[str, Any]:
    known = {fact for question in rules["questions"].values() for fact in question["facts"]}
    told: _State = state.get("facts") or {}
    return {fact: value for fact, value in told.items() if fact in known and _is_value(fact, value, rules)}


def _is_value(fact: str, value: Any, rules: _State) -> bool:
    if fact not in _LISTS or value is None:
        return True
    section, *answers = _LISTS[fact]
    return value in rules[section] or value in answers
