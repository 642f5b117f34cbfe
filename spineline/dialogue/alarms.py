"""What happens when a danger sign was reported: what to do first, and nothing else until it is taken care of.

While an alarm is open its worst sign leads: a milder one is added and never takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.pain_words import whole_cue
from spineline.dialogue.render import call_button, data, quick_replies
from spineline.dialogue.turn import Memory, Message, Reply
from spineline.text.letters import is_question, words

REPLIES = ("alarm:getting_help", "alarm:not_meant")
DEFAULT_LANGUAGE = "en"
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
        texts = [_reminder(alarm, language, content, new) for language in languages]
    else:
        texts = [_advice(alarm, language, content) for language in languages]
    message = _message("\n".join(texts), alarm, languages[0], content)
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


def said_to_close(text: str, content: Content) -> str | None:
    """The reply that a whole sentence stands for: "I called 911", "viene la ambulancia". No single word does,
    and no question: "is the ambulance coming?".
    """
    if is_question(text):
        return None
    typed = " ".join(words(text))
    parts = tuple(content.tiers["replies"]["parts"].items())
    for reply in REPLIES:
        if any(whole_cue(cue, parts).fullmatch(typed) for cue in content.tiers["replies"][_name(reply)]["said"]):
            return reply
    return None


def close_alarm(choice: str, memory: Memory, content: Content) -> Reply:
    """ "I am getting help" and "That is not what I meant": normal answers resume."""
    language = memory.language or DEFAULT_LANGUAGE
    alarm = {**(memory.alarm or {}), "open": False}
    text = content.fill(content.tiers["replies"][_name(choice)][language], language)
    offered = ("help/about", "contact/about")
    message = Message(text, quick_replies(offered, language, content), data(language, card=choice))
    return Reply((message,), replace(memory, alarm=alarm, offered=offered, misses=0))


def reminder(memory: Memory, content: Content) -> Message:
    """The advice of the open alarm once more, in one short message."""
    alarm, language = memory.alarm or {}, memory.language or DEFAULT_LANGUAGE
    return _message(_reminder(alarm, language, content), alarm, language, content)


def _name(reply: str) -> str:
    return reply.partition(":")[2]


def _signs(alarm: Alarm) -> list[_Sign]:
    """The worst first."""
    return [_Sign(Tier(tier), flag) for tier, flag in ((alarm["tier"], alarm["flag"]), *alarm.get("also", ()))]


def _advice(alarm: Alarm, language: str, content: Content) -> str:
    worst = _signs(alarm)[0]
    more = content.tiers[worst.tier.value]["more"][language]
    return _text(
        [*_to_do(alarm, language, content), more, _note(worst, worst.tier, language, content)], content, language
    )


def _reminder(alarm: Alarm, language: str, content: Content, new: _Sign | None = None) -> str:
    note = _note(new, _signs(alarm)[0].tier, language, content) if new else ""
    to_do = _to_do(alarm, language, content)
    return _text([*to_do, note, content.tiers["replies"]["reminder"][language]], content, language)


def _text(lines: Sequence[str], content: Content, language: str) -> str:
    return content.fill("\n".join(line for line in lines if line), language)


def _to_do(alarm: Alarm, language: str, content: Content) -> list[str]:
    return [content.tiers[tier.value]["do"][language] for tier in _shown(alarm)]


def _shown(alarm: Alarm) -> Iterator[Tier]:
    """The worst tier; beside the ambulance the crisis line, beside the crisis line the emergency department."""
    worst, *others = [sign.tier for sign in _signs(alarm)]
    yield worst
    beside = Tier.ED_NOW if worst is Tier.CRISIS_988 else Tier.CRISIS_988
    if beside in others and worst is not beside:
        yield beside


def _note(sign: _Sign, first: Tier, language: str, content: Content) -> str:
    """What the sign adds, unless it would contradict the tier whose advice comes first."""
    note = content.tiers["notes"].get(sign.flag or _UNSAID)
    if not note or first.value in note.get("not_for", ()):
        return ""
    return str(note[language])


def _message(text: str, alarm: Alarm, language: str, content: Content) -> Message:
    whom = dict.fromkeys(str(whom) for tier in _shown(alarm) for whom in content.tiers[tier.value]["calls"])
    calls = [call_button(name, language, content) for name in whom]
    buttons: tuple[Any, ...] = (*calls, *quick_replies(REPLIES, language, content))
    sources: list[str] = content.tiers["sources"]
    told = data(language, card="alarm", tier=alarm["tier"], flag=alarm["flag"], sources=sources)
    return Message(text, buttons, told)
