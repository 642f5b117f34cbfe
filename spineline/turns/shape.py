"""What each channel can show, and an answer in the shape that it wants. Nothing here knows who carries it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spineline.content.library import Content
from spineline.text.letters import NUMBER, spelled

Reply = Mapping[str, Any]  # {"text", "buttons", "metadata"}, as the turns give it
_SPOKEN = "_spoken"
SCORE = "triage:severe"  # a quick reply of the question where a number itself is the answer: "3" of 10


@dataclass(frozen=True)
class Channel:
    """One way to reach the assistant.

    Args:
        name: also the namespace of its senders, and the path below /webhooks/ unless the channel says otherwise.
        notice: the line that tells, once and with the first answer, that this is automatic and kept; None where people
            are told before they write.
        taps: quick replies can be tapped; elsewhere they are lines, mostly with numbers, or are spoken.
        dials: numbers can be tapped as buttons; elsewhere they are words.
        speech: answers are heard: cards have a text of their own for that, and numbers are said digit by digit.
    """

    name: str
    notice: str | None = "privacy_notice"
    taps: bool = True
    dials: bool = True
    speech: bool = False


@dataclass(frozen=True)
class Choice:
    """A quick reply. `id` is short enough for any channel; `payload` is what the turns understand."""

    title: str
    id: str
    payload: str


@dataclass(frozen=True)
class Shaped:
    """One message as a channel shows it. `links` are (title, address) to tap; `data` is the answer's metadata."""

    text: str
    choices: tuple[Choice, ...]
    links: tuple[tuple[str, str], ...]
    data: Mapping[str, Any]


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("rest"),
        Channel("web", notice=None),
        Channel("telegram", dials=False),
        Channel("sms", notice="text_notice", taps=False, dials=False),
        Channel("whatsapp", notice="text_notice", taps=False, dials=False),
        Channel("terminal", taps=False, dials=False),
        Channel("voice", notice=None, taps=False, dials=False, speech=True),
    )
}


def is_numbered(channel: str) -> bool:
    """Whether quick replies come with numbers there, shown or said; elsewhere a number is no answer to them."""
    return channel in CHANNELS and not CHANNELS[channel].taps


def shape(replies: Iterable[Reply], channel: Channel, content: Content) -> list[Shaped]:
    """The answers of one turn for a channel, in order."""
    return [_shaped(reply, channel, content) for reply in replies]


def _shaped(reply: Reply, channel: Channel, content: Content) -> Shaped:
    buttons, data = reply.get("buttons", ()), reply.get("metadata", {})
    links = tuple((b["title"], b["url"]) for b in buttons if b.get("url"))
    choices = tuple(_choice(b) for b in buttons if not b.get("url"))
    text = reply["text"]
    if channel.speech:
        text = spelled(_spoken(text, data, content))
    elif not channel.dials:
        text = "\n".join([text, *_numbers(text, links)])
    if not channel.taps and not channel.speech:
        text = "\n".join([text, *_lines(choices)])
    return Shaped(text, choices, links if channel.dials else (), data)


def _choice(button: Mapping[str, Any]) -> Choice:
    return Choice(button["title"], choice_id(button["payload"]), button["payload"])


def choice_id(payload: str) -> str:
    """The id of the quick reply that sends this."""
    return str(json.loads(payload[payload.index("{") :])["choice"])


def _lines(choices: Sequence[Choice]) -> list[str]:
    """Quick replies as lines with numbers to answer by; without them where a number itself is the answer: "3" of 10."""
    if any(choice.id == SCORE for choice in choices):
        return [f"- {choice.title}" for choice in choices]
    return [f"{number}. {choice.title}" for number, choice in enumerate(choices, 1)]


def _numbers(text: str, links: Iterable[tuple[str, str]]) -> list[str]:
    """The titles of links whose number does not stand in the text already; a title holds its number."""
    return [title for title, _ in links if not any(number in text for number in NUMBER.findall(title))]


def _spoken(text: str, data: Mapping[str, Any], content: Content) -> str:
    """The text with the card's words, and the fixed lines, as they are said aloud."""
    language = data.get("language") or content.clinic.languages[0]
    card, _, kind = str(data.get("card")).partition("/")
    if card in content.cards and kind in content.cards[card].answers:
        answer = content.cards[card].answers[kind]
        text = text.replace(content.fill(answer.text[language], language), content.fill(answer.say[language], language))
    for name in (name for name in content.lines if name.endswith(_SPOKEN)):
        text = text.replace(content.line(name.removesuffix(_SPOKEN), language), content.line(name, language))
    return text
