"""What happens when a danger sign was reported: what to do first, and nothing else until it is taken care of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.render import call_button, data, quick_replies
from spineline.dialogue.turn import Memory, Message, Reply

REPLIES = ("alarm:getting_help", "alarm:not_meant")
DEFAULT_LANGUAGE = "en"


def raise_alarm(tier: Tier, flag: str | None, memory: Memory, content: Content) -> Reply:
    """First line: what to do. Every other flow stops; both languages when the person's is not known."""
    languages = [memory.language] if memory.language else list(LANGUAGES)
    text = "\n".join(_advice(tier, flag, language, content) for language in languages)
    message = _message(text, tier, flag, languages[0], content)
    alarm = {"tier": tier.value, "flag": flag, "open": True}
    return Reply((message,), replace(memory, alarm=alarm, triage=None, offered=REPLIES, misses=0))


def is_open(memory: Memory) -> bool:
    """Whether an alarm waits to be taken care of."""
    return bool(memory.alarm and memory.alarm["open"])


def close_alarm(choice: str, memory: Memory, content: Content) -> Reply:
    """ "I am getting help" and "That is not what I meant": normal answers resume."""
    language = memory.language or DEFAULT_LANGUAGE
    alarm = {**(memory.alarm or {}), "open": False}
    text = content.fill(content.tiers["replies"][choice.partition(":")[2]][language], language)
    offered = ("help/about", "contact/about")
    message = Message(text, quick_replies(offered, language, content), data(language, card=choice))
    return Reply((message,), replace(memory, alarm=alarm, offered=offered, misses=0))


def reminder(memory: Memory, content: Content) -> Message:
    """The advice of the open alarm once more, in one short message."""
    alarm: Mapping[str, Any] = memory.alarm or {}
    language, tier = memory.language or DEFAULT_LANGUAGE, Tier(alarm["tier"])
    do = content.fill(content.tiers[tier.value]["do"][language], language)
    text = f"{do}\n{content.fill(content.tiers['replies']['reminder'][language], language)}"
    return _message(text, tier, alarm["flag"], language, content)


def _advice(tier: Tier, flag: str | None, language: str, content: Content) -> str:
    said = content.tiers[tier.value]
    lines = [said["do"][language], said["more"][language], _note(tier, flag, language, content)]
    return content.fill("\n".join(line for line in lines if line), language)


def _note(tier: Tier, flag: str | None, language: str, content: Content) -> str:
    note = content.tiers["notes"].get(flag)
    if not note or tier.value in note.get("not_for", ()):
        return ""
    return str(note[language])


def _message(text: str, tier: Tier, flag: str | None, language: str, content: Content) -> Message:
    calls = [call_button(str(whom), language, content) for whom in content.tiers[tier.value]["calls"]]
    buttons: tuple[Any, ...] = (*calls, *quick_replies(REPLIES, language, content))
    sources: list[str] = content.tiers["sources"]
    return Message(text, buttons, data(language, card="alarm", tier=tier.value, flag=flag, sources=sources))
