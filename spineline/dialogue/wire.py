"""A message as programs read it: Rasa's form, {"text", "buttons", "metadata"}. Nothing else writes or reads that form.

The words in it are for people and for Rasa's own tools; what becomes a message again is read from the ids beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spineline.content.choice import TRIAGE
from spineline.content.library import Content
from spineline.content.texts import Part, free_part
from spineline.danger.tiers import Tier
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Message

_PAYLOAD = re.compile(r'/\w+\{"choice": "([\w:/]+)"\}')


def pressed(text: str, content: Content) -> str | None:
    """The quick reply that sends exactly this; None for every other text."""
    found = _PAYLOAD.fullmatch(text)
    choice = content.choices.get(found[1]) if found else None
    return choice.id if choice and choice.payload == text else None


def pressed_together(text: str, content: Content) -> tuple[str, ...]:
    """Several quick replies of one question, one a line, as a form sends them; none for every other text."""
    found = [pressed(line, content) for line in text.split("\n")]
    choices = tuple(choice for choice in found if choice and content.choices[choice].kind == TRIAGE)
    return choices if len(choices) == len(found) else ()


def printed(message: Message, content: Content) -> dict[str, Any]:
    """A message for programs: words, buttons (a quick reply sends its payload, a link calls), where it is from."""
    told = {
        "language": message.language,
        "card": message.card,
        "tier": message.tier and message.tier.value,
        "flag": message.flag,
        "sources": list(message.sources),
        "intent": message.intent,
    }
    metadata = {name: value for name, value in told.items() if value}
    speaker = Speaker(content, message.language)
    links = [
        {"title": title, "payload": url, "type": "web_url", "url": url}
        for title, url in map(speaker.call, message.calls)
    ]
    return {"text": message.text, "buttons": [*links, *quick_replies(message.choices, speaker)], "metadata": metadata}


def quick_replies(choices: Sequence[str], speaker: Speaker) -> list[dict[str, str]]:
    """Quick replies as buttons."""
    known = (speaker.content.choices[choice] for choice in choices)
    return [{"title": choice.title[speaker.language], "payload": choice.payload} for choice in known]


def noted(message: Message, content: Content) -> dict[str, Any]:
    """The same with the ids from which `read_message` makes the message again; this travels through Rasa."""
    said = printed(message, content)
    ids = {
        "kind": message.kind.value,
        "parts": [[part.id, part.language] for part in message.parts],
        "choices": list(message.choices),
        "calls": list(message.calls),
        **({"wish": message.wish} if message.wish else {}),
    }
    return {**said, "metadata": {**said["metadata"], **ids}}


def read_message(said: Mapping[str, Any], content: Content) -> Message:
    """A message that was noted; of what has no ids, or unknown ones, the text as it stands."""
    data: Mapping[str, Any] = said.get("metadata") or {}
    language = Speaker.to(data.get("language"), content).language
    return Message(
        _parts(said["text"], data.get("parts") or (), language, content),
        language,
        card=data.get("card"),
        kind=Kind(data.get("kind", Kind.LINE)),
        choices=tuple(choice for choice in data.get("choices") or () if choice in content.choices),
        calls=tuple(data.get("calls") or ()),
        tier=Tier(data["tier"]) if data.get("tier") else None,
        flag=data.get("flag"),
        sources=tuple(data.get("sources") or ()),
        intent=data.get("intent"),
        wish=data.get("wish"),
    )


def _parts(text: str, ids: Any, language: str, content: Content) -> tuple[Part, ...]:
    found = [content.parts.get((id, spoken)) for id, spoken in ids]
    known = tuple(part for part in found if part)
    return known if found and len(known) == len(found) else (free_part(text, language),)
