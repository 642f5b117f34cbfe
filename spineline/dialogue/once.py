"""Say it once: what was said in a conversation is not said again word for word.

The safety line stands whole under the first answer on a subject, then in short; a message that would come again gets a
few words before it and, where it is an answer, its short form. Alarms are left alone: they repeat on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zlib import crc32

from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Memory, Message, Reply

MOST_KEPT = 90  # marks of what was said; the oldest are forgotten first
_SAFETY = ("stop_line", "worse_line")
_AGAIN: Mapping[Kind, tuple[str, ...]] = {  # what is said before a repetition, each once
    Kind.ANSWER: ("again_first", "again_second", "again_third"),
    Kind.QUESTION: ("asked_again_first", "asked_again_second", "asked_again_third"),
    Kind.LINE: ("again_second", "again_third"),
}
_GREETING, _GREETED_AGAIN = "greet/about", "greeted_again"


def was_said(name: str, memory: Memory) -> bool:
    """Whether a text was said in this conversation."""
    return _mark(name) in memory.said


def last_said(memory: Memory, content: Content) -> list[str]:
    """The answers that were given in this conversation, "card/kind", the latest first."""
    marks = {_mark(ref): ref for ref in content.answers}
    return [marks[mark] for mark in reversed(memory.said) if mark in marks]


def forget_said(memory: Memory) -> Memory:
    """The memory of a conversation that begins anew: everything may be said again."""
    return replace(memory, said=())


def say_once(reply: Reply, content: Content) -> Reply:
    """The reply without repetition, and what was said added to the memory."""
    memory, messages = reply.memory, list[Message]()
    for message in reply.messages:
        said = _once(message, memory, content)
        memory = _with(said, memory, content)
        messages.append(said)
    return replace(reply, messages=tuple(messages), memory=memory)


def _once(message: Message, memory: Memory, content: Content) -> Message:
    if message.tier or message.wish or message.kind in (Kind.ALARM, Kind.CLOSING) or not message.card:
        return message
    message = _with_short_safety(message, memory, content)
    if not was_said(_signature(message), memory):
        return message
    return _again(message, memory, content)


def _mark(name: str) -> str:
    """A name in few letters, for the memory is written down at each turn."""
    return f"{crc32(name.encode()):08x}"


def _signature(message: Message) -> str:
    """What makes two messages the same to who reads them, whatever lines stand around an answer."""
    names = [part.id or "" for part in message.parts if _safety(part) is None and not _is_of_a_condition(part)]
    return "|".join([message.language, *names])


def _with_short_safety(message: Message, memory: Memory, content: Content) -> Message:
    """Whole once for a family of cards, in short for each other card of it, then not at all."""
    speaker = Speaker(content, message.language)
    card = content.cards.get(message.subject)
    if not card:
        return message

    def kept(part: Part) -> tuple[Part, ...]:
        if _safety(part) is None:
            return (part,)
        if not was_said(f"{part.id}@{card.family or card.id}", memory):
            return (part,)
        return () if was_said(f"{part.id}@@{card.id}", memory) else (speaker.part(f"{part.id}_short"),)

    return replace(message, parts=tuple(one for part in message.parts for one in kept(part)))


def _safety(part: Part) -> str | None:
    """Which safety line a text is, whole or in short."""
    name = (part.id or "").removeprefix("lines.").removesuffix("_short")
    return name if name in _SAFETY else None


def _is_of_a_condition(part: Part) -> bool:
    return (part.id or "").startswith("conditions.conditions.") and not (part.id or "").count(".avoid.")


def _again(message: Message, memory: Memory, content: Content) -> Message:
    speaker = Speaker(content, message.language)
    if message.card == _GREETING:
        message = replace(message, parts=(speaker.part(f"lines.{_GREETED_AGAIN}"),))
    elif message.kind is Kind.ANSWER and message.card in content.answers and _is_read_aloud_alike(message, content):
        parts = [speaker.part(f"short/{part.id}") if part.id == message.card else part for part in message.parts]
        message = replace(message, parts=tuple(parts))
    is_shorter = message.kind is not Kind.ANSWER or any((part.id or "").startswith("short/") for part in message.parts)
    names = _AGAIN[message.kind if is_shorter else Kind.LINE]
    variants = (
        message,
        *(replace(message, parts=(speaker.part(f"lines.{name}"), *message.parts)) for name in names),
    )
    return next((one for one in variants if not was_said(_signature(one), memory)), variants[-1])


def _is_read_aloud_alike(message: Message, content: Content) -> bool:
    """Whether the short form, which is also said aloud, fits a screen: verdicts and small talk speak of the line."""
    return content.cards[message.subject].intents[0].startswith("ask_")


def _with(message: Message, memory: Memory, content: Content) -> Memory:
    names = [message.card or "", *(part.id or "" for part in message.parts if _is_of_a_condition(part))]
    card = content.cards.get(message.subject)
    if card:
        safety = [f"lines.{name}" for name in map(_safety, message.parts) if name]
        names += [f"{id}@{family}" for id in safety for family in (card.family or card.id, f"@{card.id}")]
    new = dict.fromkeys(map(_mark, (*names, _signature(message))))
    said = (*(mark for mark in memory.said if mark not in new), *new)
    return replace(memory, said=said[-MOST_KEPT:])
