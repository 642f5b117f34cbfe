"""What happens when a danger sign was reported: what to do first, and nothing else until it is taken care of.

While an alarm is open its worst sign leads: a milder one is added and never takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spineline.content.choice import REPLIES
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.danger.tiers import Tier
from spineline.dialogue.pain_words import whole_cue
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Memory, Message, Reply
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
    speakers = [Speaker(content, language) for language in ([memory.language] if memory.language else LANGUAGES)]
    new, alarm = _Sign(tier, flag), with_sign(memory.alarm, tier, flag)
    worst = _signs(alarm)[0]
    if worst.tier.outranks(tier):
        parts = [part for speaker in speakers for part in _reminder(alarm, speaker, new)]
    else:
        parts = [part for speaker in speakers for part in _advice(alarm, speaker)]
    message = _message(parts, alarm, speakers[0])
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
        cues = content.tiers["replies"][content.choices[reply].name]["said"]
        if any(whole_cue(cue, parts).fullmatch(typed) for cue in cues):
            return reply
    return None


def close_alarm(choice: str, memory: Memory, content: Content) -> Reply:
    """ "I am getting help" and "That is not what I meant": normal answers resume."""
    alarm = {**(memory.alarm or {}), "open": False}
    speaker = Speaker.to(memory.language, content)
    part = speaker.part(f"tiers.replies.{content.choices[choice].name}")
    message = Message((part,), speaker.language, choice, Kind.CLOSING, _WAYS_ON)
    return Reply((message,), replace(memory, alarm=alarm, offered=_WAYS_ON, misses=0))


def reminder(memory: Memory, content: Content) -> Message:
    """The advice of the open alarm once more, in one short message."""
    alarm, speaker = memory.alarm or {}, Speaker.to(memory.language, content)
    return _message(_reminder(alarm, speaker), alarm, speaker)


def _signs(alarm: Alarm) -> list[_Sign]:
    """The worst first."""
    return [_Sign(Tier(tier), flag) for tier, flag in ((alarm["tier"], alarm["flag"]), *alarm.get("also", ()))]


def _advice(alarm: Alarm, speaker: Speaker) -> list[Part]:
    worst = _signs(alarm)[0]
    more = speaker.part(f"tiers.{worst.tier.value}.more")
    return [*_to_do(alarm, speaker), more, *_note(worst, worst.tier, speaker)]


def _reminder(alarm: Alarm, speaker: Speaker, new: _Sign | None = None) -> list[Part]:
    note = _note(new, _signs(alarm)[0].tier, speaker) if new else ()
    return [*_to_do(alarm, speaker), *note, speaker.part("tiers.replies.reminder")]


def _to_do(alarm: Alarm, speaker: Speaker) -> list[Part]:
    return [speaker.part(f"tiers.{tier.value}.do") for tier in _shown(alarm)]


def _shown(alarm: Alarm) -> Iterator[Tier]:
    """The worst tier; beside the ambulance the crisis line, beside the crisis line the emergency department."""
    worst, *others = [sign.tier for sign in _signs(alarm)]
    yield worst
    beside = Tier.ED_NOW if worst is Tier.CRISIS_988 else Tier.CRISIS_988
    if beside in others and worst is not beside:
        yield beside


def _note(sign: _Sign, first: Tier, speaker: Speaker) -> Iterator[Part]:
    """What the sign adds, unless it would contradict the tier whose advice comes first."""
    name = sign.flag or _UNSAID
    note = speaker.content.tiers["notes"].get(name)
    if note and first.value not in note.get("not_for", ()):
        yield speaker.part(f"tiers.notes.{name}")


def _message(parts: Iterable[Part], alarm: Alarm, speaker: Speaker) -> Message:
    tiers = speaker.content.tiers
    whom = dict.fromkeys(str(whom) for tier in _shown(alarm) for whom in tiers[tier.value]["calls"])
    return Message(
        tuple(parts),
        speaker.language,
        card="alarm",
        kind=Kind.ALARM,
        choices=REPLIES,
        calls=tuple(whom),
        tier=_signs(alarm)[0].tier,
        flag=alarm["flag"],
        sources=tuple(tiers["sources"]),
    )
