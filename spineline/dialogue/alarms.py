"""What happens when a danger sign was reported: what to do first, and nothing else until it is taken care of.

While an alarm is open its worst sign leads: a milder one is added and never takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.danger.tiers import Tier
from spineline.dialogue.choice import REPLIES, Choice
from spineline.dialogue.pain_words import whole_cue
from spineline.dialogue.turn import Memory, Message, Reply
from spineline.text.letters import is_question, words

_WAYS_ON = ("help/about", "contact/about")
_UNSAID = "unsaid"  # the note for a sign that was not named
Alarm = Mapping[str, Any]  # {"tier", "flag", "open"} and, under "also", [tier, flag] of each further sign


@dataclass(frozen=True)
class _Sign:
    tier: Tier
    flag: str | None


def raise_alarm(tier: Tier, flag: str | None, memory: Memory, content: Content) -> Reply:
    """First line: what to do. Every other flow stops; both languages when the person's is not known."""
    languages = [memory.language] if memory.language else list(LANGUAGES)
    new, alarm = _Sign(tier, flag), with_sign(memory.alarm, tier, flag)
    worst = _signs(alarm)[0]
    if worst.tier.outranks(tier):
        parts = [part for language in languages for part in _reminder(alarm, language, content, new)]
    else:
        parts = [part for language in languages for part in _advice(alarm, language, content)]
    message = _message(parts, alarm, languages[0], content)
    return Reply((message,), replace(memory, alarm=alarm, triage=None, offered=REPLIES, misses=0))


def with_sign(alarm: Alarm | None, tier: Tier, flag: str | None) -> Alarm:
    """The alarm after one more sign: the most urgent one leads, of two alike the later; closed alarms are over."""
    before = _signs(alarm) if alarm and alarm["open"] else []
    new = _Sign(tier, flag)
    worst, *others = sorted([new, *(sign for sign in before if sign != new)], key=lambda sign: sign.tier.rank)
    also = {"also": [[sign.tier.value, sign.flag] for sign in others]} if others else {}
    return {"tier": worst.tier.value, "flag": worst.flag, "open": True, **also}


def is_open(memory: Memory) -> bool:
    """Whether an alarm waits to be taken care of."""
    return bool(memory.alarm and memory.alarm["open"])


def holds(memory: Memory, tier: Tier) -> bool:
    """Whether an alarm at least as urgent is open."""
    return is_open(memory) and not tier.outranks(Tier((memory.alarm or {})["tier"]))


def said_to_close(text: str, content: Content) -> str | None:
    """The reply that a whole sentence stands for: "I called 911", "viene la ambulancia". No single word does,
    and no question: "is the ambulance coming?".
    """
    if is_question(text):
        return None
    typed = " ".join(words(text))
    parts = tuple(content.tiers["replies"]["parts"].items())
    for reply in REPLIES:
        if any(
            whole_cue(cue, parts).fullmatch(typed) for cue in content.tiers["replies"][Choice.of(reply).name]["said"]
        ):
            return reply
    return None


def close_alarm(choice: str, memory: Memory, content: Content) -> Reply:
    """ "I am getting help" and "That is not what I meant": normal answers resume."""
    language = content.spoken_to(memory.language)
    alarm = {**(memory.alarm or {}), "open": False}
    part = content.part(f"tiers.replies.{Choice.of(choice).name}", language)
    message = Message((part,), language, card=choice, choices=_WAYS_ON)
    return Reply((message,), replace(memory, alarm=alarm, offered=_WAYS_ON, misses=0))


def reminder(memory: Memory, content: Content) -> Message:
    """The advice of the open alarm once more, in one short message."""
    alarm, language = memory.alarm or {}, content.spoken_to(memory.language)
    return _message(_reminder(alarm, language, content), alarm, language, content)


def _signs(alarm: Alarm) -> list[_Sign]:
    """The worst first."""
    return [_Sign(Tier(tier), flag) for tier, flag in ((alarm["tier"], alarm["flag"]), *alarm.get("also", ()))]


def _advice(alarm: Alarm, language: str, content: Content) -> list[Part]:
    worst = _signs(alarm)[0]
    more = content.part(f"tiers.{worst.tier.value}.more", language)
    return [*_to_do(alarm, language, content), more, *_note(worst, worst.tier, language, content)]


def _reminder(alarm: Alarm, language: str, content: Content, new: _Sign | None = None) -> list[Part]:
    note = _note(new, _signs(alarm)[0].tier, language, content) if new else ()
    return [*_to_do(alarm, language, content), *note, content.part("tiers.replies.reminder", language)]


def _to_do(alarm: Alarm, language: str, content: Content) -> list[Part]:
    return [content.part(f"tiers.{tier.value}.do", language) for tier in _shown(alarm)]


def _shown(alarm: Alarm) -> Iterator[Tier]:
    """The worst tier; beside the ambulance the crisis line, beside the crisis line the emergency department."""
    worst, *others = [sign.tier for sign in _signs(alarm)]
    yield worst
    beside = Tier.ED_NOW if worst is Tier.CRISIS_988 else Tier.CRISIS_988
    if beside in others and worst is not beside:
        yield beside


def _note(sign: _Sign, first: Tier, language: str, content: Content) -> Iterator[Part]:
    """What the sign adds, unless it would contradict the tier whose advice comes first."""
    name = sign.flag or _UNSAID
    note = content.tiers["notes"].get(name)
    if note and first.value not in note.get("not_for", ()):
        yield content.part(f"tiers.notes.{name}", language)


def _message(parts: Iterable[Part], alarm: Alarm, language: str, content: Content) -> Message:
    whom = dict.fromkeys(str(whom) for tier in _shown(alarm) for whom in content.tiers[tier.value]["calls"])
    return Message(
        tuple(parts),
        language,
        card="alarm",
        choices=REPLIES,
        calls=tuple(whom),
        tier=_signs(alarm)[0].tier,
        flag=alarm["flag"],
        sources=tuple(content.tiers["sources"]),
    )
