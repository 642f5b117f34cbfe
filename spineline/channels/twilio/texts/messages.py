"""A text or WhatsApp message as Twilio hands it over. Everything that nobody wrote to us is read as nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spineline.channels.twilio.requests import TwilioForm

PATH = "/webhooks/twilio/webhook"
SMS, WHATSAPP = "sms", "whatsapp"
_PREFIX = "whatsapp:"
_ADDRESS = re.compile(r"(?:whatsapp:)?\+[1-9][0-9]{6,14}")  # of a telephone; not a short code, not the name of a firm
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_RECEIVED = ("", "received", "receiving")


@dataclass(frozen=True)
class TextMessage:
    """What somebody wrote.

    Args:
        id: by which a repetition is recognised.
        channel: "sms" or "whatsapp".
        person, ours: addresses as Twilio writes them, "+1310…" or "whatsapp:+1310…".
        text: "" for a picture, a voice message, a place or a contact without words.
        obeyed: "STOP", "START" or "HELP" when Twilio itself has answered this keyword already; else "".
    """

    id: str
    channel: str
    person: str
    ours: str
    text: str
    obeyed: str = ""


def read_text_message(form: TwilioForm, number: str) -> TextMessage | None:
    """Read what Twilio has signed; None when there is nobody to answer.

    Args:
        number: the clinic's own, "+1310…": what comes from there is a report about a message of ours.
    """
    name, person = form.field("MessageSid"), form.field("From")
    if not _ID.fullmatch(name) or not _ADDRESS.fullmatch(person) or _is_report(form):
        return None
    channel = WHATSAPP if person.startswith(_PREFIX) else SMS
    ours = _ours(form, channel, number)
    if person == ours or person.removeprefix(_PREFIX) == number:
        return None
    return TextMessage(name, channel, person, ours, form.field("Body"), form.field("OptOutType").upper())


def _is_report(form: TwilioForm) -> bool:
    return "MessageStatus" in form or form.field("SmsStatus").lower() not in _RECEIVED


def _ours(form: TwilioForm, channel: str, number: str) -> str:
    """The address that was written to, from which an answer must come."""
    ours = form.field("To")
    if _ADDRESS.fullmatch(ours) and ours.startswith(_PREFIX) == (channel == WHATSAPP):
        return ours
    return f"{_PREFIX}{number}" if channel == WHATSAPP else number
