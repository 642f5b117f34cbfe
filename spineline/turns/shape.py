"""What each channel can show, and a message as a text for those without buttons. Nothing here knows who carries it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker, number_of
from spineline.dialogue.turn import Message

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
        Channel("terminal", taps=False, dials=False),
    )
}


def is_numbered(channel: str) -> bool:
    """Whether quick replies come with numbers there, shown or said; elsewhere a number is no answer to them."""
    return channel in CHANNELS and not CHANNELS[channel].taps


def text_for(message: Message, channel: Channel, content: Content) -> str:
    """A message as a text: with the numbers to call and the quick replies in it, where the channel has no buttons."""
    lines = [message.text]
    if not channel.dials:
        lines += _calls(message, content)
    if not channel.taps:
        lines += _choices(message, content)
    return "\n".join(lines)


def _calls(message: Message, content: Content) -> Iterator[str]:
    """What links would say, where the number does not stand in the text already."""
    there = {number for part in message.parts for number in part.numbers}
    for whom in message.calls:
        if number_of(whom, content) not in there:
            yield Speaker(content, message.language).call(whom)[0]


def _choices(message: Message, content: Content) -> Iterator[str]:
    """Quick replies as lines with numbers to answer by; without them where a number itself is the answer: "3" of 10."""
    for number, title in enumerate(Speaker(content, message.language).replies(message.choices), 1):
        yield f"- {title}" if SCORE in message.choices else f"{number}. {title}"
