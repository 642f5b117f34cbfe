"""What happens when a danger sign was reported: what to do first, and nothing else until it is taken care of.

While an alarm is open its worst sign leads: a milder one is added and never takes its place. The crisis line stays
until it is closed itself. docs/triage.md draws the states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spineline.content.choice import GETTING_HELP, REPLIES
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.danger.rules import RedFlag
from spineline.danger.tiers import Tier
from spineline.dialogue import alarm_words
from spineline.dialogue.alarm_words import answer_id, asked_about
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Memory, Message, Reply

_WAYS_ON = ("help/about", "contact/about")
_UNSAID = "unsaid"  # the note for a sign that was not named
_MOST_NOTES = 3
_ON_THE_WAY = ("what_to_say", "what_happens", "take", "interpreter", "alone", "scared")  # keys of alarm_questions.yml
_REMINDERS = ("reminder", "reminder_again", "reminder_short")  # the last two take turns
_SAID_YES, _SAID_NO = "tiers.replies.said_yes", "tiers.replies.said_no"  # to the direct question
# {"tier", "flag", "open"}; once help was there, "helped"; under "also" [tier, flag] of each further sign, under "told"
# how often the advice was said again, under "asked" which question was answered last.
Alarm = Mapping[str, Any]


@dataclass(frozen=True)
class _Sign:
    tier: Tier
    flag: str | None


ASKING = _Sign(Tier.CRISIS_988, "RF40")  # whose first line asks about suicide
TOLD = _Sign(Tier.CRISIS_988, "RF08")


def raise_alarm(
    tier: Tier,
    flag: str | None,
    memory: Memory,
    content: Content,
    text: str = "",
    further: Sequence[tuple[Tier, str]] = (),
) -> Reply:
    """First line: what to do. Every other flow stops; both languages when the person's is not known.

    Args:
        text: the message, for what else it asks.
        further: the other signs of the message, the most urgent first: their notes are said, and the crisis line stays
            in view.
    """
    if flag == ASKING.flag and is_open(memory) and TOLD in _signs(memory.alarm or {}):
        tier, flag = TOLD.tier, TOLD.flag  # who has told of it is not asked again
    speakers = [Speaker(content, language) for language in ([memory.language] if memory.language else LANGUAGES)]
    new, was_open = _Sign(tier, flag), is_open(memory)
    is_known = was_open and new in _signs(memory.alarm or {})
    alarm, asked = memory.alarm, asked_about(text, content, at_once=not was_open)
    for other in further:
        alarm = with_sign(alarm, *other) if other[0] is Tier.CRISIS_988 else alarm
    alarm = with_sign(alarm, tier, flag)
    worst = _signs(alarm)[0]
    if is_known or worst.tier.outranks(tier):
        alarm, parts = _repeated(alarm, speakers, asked, None if is_known else new)
    else:
        found = [new, *(_Sign(*other) for other in further)][:_MOST_NOTES]
        parts = [part for speaker in speakers for part in _advice(alarm, found, speaker, asked)]
    message = _message(parts, alarm, speakers[0])
    return Reply((message,), replace(memory, alarm=alarm, triage=None, offered=REPLIES, misses=0))


def raise_alarms(flags: Sequence[RedFlag], memory: Memory, content: Content, text: str = "") -> Reply:
    """The alarm of all flags that a message raises, the most urgent first."""
    flag, *others = flags
    return raise_alarm(flag.tier, flag.id, memory, content, text, [(other.tier, other.id) for other in others])


def with_sign(alarm: Alarm | None, tier: Tier, flag: str | None) -> Alarm:
    """The alarm after one more sign: the most urgent one leads, of two alike the later; closed alarms are over."""
    before = alarm if alarm and alarm["open"] else {}
    new = _Sign(tier, flag)
    known = _signs(before) if before else []
    signs = sorted([new, *(sign for sign in known if sign != new)], key=lambda sign: sign.tier.rank)
    return {**_of_signs(signs), **{name: before[name] for name in ("told", "asked") if name in before}}


def _of_signs(signs: Iterable[_Sign]) -> dict[str, Any]:
    worst, *others = signs
    also = {"also": [[sign.tier.value, sign.flag] for sign in others]} if others else {}
    return {"tier": worst.tier.value, "flag": worst.flag, "open": True, **also}


def is_open(memory: Memory) -> bool:
    """Whether an alarm waits to be taken care of."""
    return bool(memory.alarm and memory.alarm["open"])


def can_wait(memory: Memory) -> bool:
    """Whether the open alarm says to call today, and nothing more urgent."""
    return is_open(memory) and all(sign.tier is Tier.CALL_TODAY for sign in _signs(memory.alarm or {}))


def holds(memory: Memory, tier: Tier) -> bool:
    """Whether an alarm at least as urgent is open."""
    return is_open(memory) and not tier.outranks(Tier((memory.alarm or {})["tier"]))


def said_to_close(text: str, memory: Memory, content: Content) -> str | None:
    """The reply that a message stands for while an alarm is open, see spineline.dialogue.alarm_words."""
    if not is_open(memory):
        return None
    signs = _signs(memory.alarm or {})
    return alarm_words.said_to_close(text, signs[0].tier, [sign.flag for sign in signs], content)


def close_alarm(choice: str, memory: Memory, content: Content, text: str = "") -> Reply:
    """ "I am getting help" and "That is not what I meant": normal answers resume.

    Who closes an alarm about body and crisis closes one of them; the other stays open.

    Args:
        text: the words that close it; empty when a quick reply was tapped.
    """
    speaker = Speaker.to(memory.language, content)
    part = speaker.part(f"tiers.replies.{content.choices[choice].name}")
    left = _left(memory.alarm, text) if memory.alarm and is_open(memory) else []
    if left:
        alarm = _of_signs(left)
        message = _message([part, *_to_do(alarm, speaker)], alarm, speaker)
        return Reply((message,), replace(memory, alarm=alarm, offered=REPLIES, misses=0))
    message = Message((part,), speaker.language, choice, Kind.CLOSING, _WAYS_ON)
    helped = {"helped": True} if choice == GETTING_HELP else {}
    closed = {**(memory.alarm or {}), "open": False, **helped}
    return Reply((message,), replace(memory, alarm=closed, offered=_WAYS_ON, misses=0))


def answer_afterwards(text: str, memory: Memory, content: Content) -> Reply | None:
    """What is asked on the way to help, right after the alarm was closed: "what should I tell them?"."""
    alarm = memory.alarm or {}
    if not alarm.get("helped") or memory.offered != _WAYS_ON:
        return None
    asked = asked_about(text, content)
    if asked not in _ON_THE_WAY:
        return None
    speaker = Speaker.to(memory.language, content)
    part = speaker.part(answer_id(asked, _signs(alarm)[0].tier, content))
    return Reply((Message((part,), speaker.language, "alarm:on_the_way", Kind.CLOSING, _WAYS_ON),), memory)


def answer_directly(text: str, memory: Memory, content: Content) -> Reply | None:
    """What a yes or a no means while "Are you thinking of ending your life?" is asked; unsure is a yes.

    A no is believed: that question is over, with 988 in view.
    """
    signs = _signs(memory.alarm or {}) if is_open(memory) else []
    if ASKING not in signs or TOLD in signs:
        return None
    said = alarm_words.answered(text, content)
    if said is None:
        return None
    speaker = Speaker.to(memory.language, content)
    if said:
        reply = raise_alarm(TOLD.tier, TOLD.flag, replace(memory, alarm=_without(memory.alarm, ASKING)), content)
        (message,) = reply.messages
        return replace(reply, messages=(replace(message, parts=(*message.parts, speaker.part(_SAID_YES))),))
    return _believed(speaker, memory)


def says_yes(text: str, memory: Memory, content: Content) -> bool:
    """Whether a message answers the direct question with yes, whatever else it says."""
    signs = _signs(memory.alarm or {}) if is_open(memory) else []
    return ASKING in signs and TOLD not in signs and alarm_words.answered(text, content) is True


def _believed(speaker: Speaker, memory: Memory) -> Reply:
    part, left = speaker.part(_SAID_NO), _without(memory.alarm, ASKING)
    if left:
        message = _message([*_to_do(left, speaker), part], left, speaker)
        return Reply((message,), replace(memory, alarm=left, offered=REPLIES, misses=0))
    message = Message((part,), speaker.language, "alarm:said_no", Kind.CLOSING, _WAYS_ON, ("988",))
    closed = {**(memory.alarm or {}), "open": False}
    return Reply((message,), replace(memory, alarm=closed, offered=_WAYS_ON, misses=0))


def _without(alarm: Alarm | None, gone: _Sign) -> Alarm | None:
    left = [sign for sign in _signs(alarm or {}) if sign != gone]
    return _of_signs(left) if left else None


def _left(alarm: Alarm, text: str) -> list[_Sign]:
    """The signs that stay open: a tap closes what leads, words close the body unless they name the crisis line."""
    signs = _signs(alarm)
    crisis = [sign for sign in signs if sign.tier is Tier.CRISIS_988]
    body = [sign for sign in signs if sign.tier is not Tier.CRISIS_988]
    if not text:
        return body if signs[0] in crisis else crisis
    return body if "988" in text or not body else crisis


def remind(text: str, memory: Memory, content: Content) -> tuple[Message, Memory]:
    """The first step once more, in other words each time, with the answer to what was asked or objected."""
    speaker, asked = Speaker.to(memory.language, content), asked_about(text, content)
    alarm, parts = _repeated(memory.alarm or {}, [speaker], asked)
    return _message(parts, alarm, speaker), replace(memory, alarm=alarm, offered=REPLIES)


def _repeated(
    alarm: Alarm, speakers: Sequence[Speaker], asked: str | None, new: _Sign | None = None
) -> tuple[Alarm, list[Part]]:
    """The advice again, shorter, and the alarm after it; an answer given just now is not given twice running."""
    told, worst = alarm.get("told", 0), _signs(alarm)[0]
    if asked and asked != alarm.get("asked"):
        ends, after = answer_id(asked, worst.tier, speakers[0].content), {**alarm, "asked": asked}
    else:
        ends = f"tiers.replies.{_REMINDERS[told if told < len(_REMINDERS) else 2 - told % 2]}"
        after = {name: value for name, value in {**alarm, "told": told + 1}.items() if name != "asked"}
    parts = list[Part]()
    for speaker in speakers:
        note = _note(new, worst.tier, speaker) if new else ()
        parts += [*_to_do(alarm, speaker), *note, speaker.part(ends)]
    return after, parts


def signs_of(alarm: Alarm) -> list[tuple[str, str | None]]:
    """Tier and flag of each sign, the worst first."""
    return [(tier, flag) for tier, flag in ((alarm["tier"], alarm["flag"]), *alarm.get("also", ()))]


def _signs(alarm: Alarm) -> list[_Sign]:
    return [_Sign(Tier(tier), flag) for tier, flag in signs_of(alarm)] if alarm else []


def _advice(alarm: Alarm, found: Sequence[_Sign], speaker: Speaker, asked: str | None) -> list[Part]:
    worst = _signs(alarm)[0]
    answer = [speaker.part(answer_id(asked, worst.tier, speaker.content))] if asked else []
    notes = [note for sign in found for note in _note(sign, worst.tier, speaker)]
    return [*_to_do(alarm, speaker), _line(worst, "more", speaker), *notes, *answer]


def _to_do(alarm: Alarm, speaker: Speaker) -> list[Part]:
    return [_line(sign, "do", speaker) for sign in _shown(alarm)]


def _line(sign: _Sign, name: str, speaker: Speaker) -> Part:
    """What a tier says first ("do") or then ("more"), or what the flag says instead."""
    instead = speaker.content.tiers["notes"].get(sign.flag, {}).get("instead", {})
    if name in instead and sign.tier.value in instead["at"]:
        return speaker.part(f"tiers.notes.{sign.flag}.instead.{name}")
    return speaker.part(f"tiers.{sign.tier.value}.{name}")


def _shown(alarm: Alarm) -> Iterator[_Sign]:
    """The worst sign; beside the ambulance the crisis line, beside the crisis line the emergency department."""
    worst, *others = _signs(alarm)
    yield worst
    beside = Tier.ED_NOW if worst.tier is Tier.CRISIS_988 else Tier.CRISIS_988
    if worst.tier is not beside:
        yield from [sign for sign in others if sign.tier is beside][:1]


def _note(sign: _Sign, first: Tier, speaker: Speaker) -> Iterator[Part]:
    """What the sign adds, unless it would contradict the tier whose advice comes first."""
    name = sign.flag or _UNSAID
    note = speaker.content.tiers["notes"].get(name)
    if note and first.value not in note.get("not_for", ()):
        yield speaker.part(f"tiers.notes.{name}")


def _message(parts: Iterable[Part], alarm: Alarm, speaker: Speaker) -> Message:
    tiers = speaker.content.tiers
    whom = dict.fromkeys(str(whom) for sign in _shown(alarm) for whom in tiers[sign.tier.value]["calls"])
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
