"""A stand-in for a call at Twilio: signs what it asks, and calls next where the answer says."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from texting import FORM, NUMBER, SID, TOKEN
from twilio.request_validator import RequestValidator
from twiml import Said, read_twiml

WEBHOOK = "/webhooks/twilio_voice/webhook"
_numbers = itertools.count(1)


class FakeCall:
    """One call as Twilio knows it: makes its requests, reads the answers."""

    def __init__(self, public_url: str, **fields: str) -> None:
        self.public_url = public_url
        self.fields = {
            "AccountSid": SID,
            "CallSid": f"CA{next(_numbers):032x}",
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": "+13105550111",
            "To": NUMBER,
            "CallerName": "",
            **fields,
        }
        self.next = public_url + WEBHOOK
        self.last: Said | None = None

    def request(self, **fields: str) -> tuple[str, bytes, dict[str, str]]:
        """The next request: path with query, body, headers."""
        return signed(self.next, {**self.fields, **fields}, self.public_url)

    def take(self, xml: str) -> Said:
        """Do as the answer says."""
        self.last = said = read_twiml(xml)
        if said.gather is not None or said.dials:
            self.next = said.action
            assert self.next.startswith(self.public_url), "Twilio is sent elsewhere"
        return said


def signed(
    url: str, fields: Mapping[str, Any], public_url: str, token: str = TOKEN
) -> tuple[str, bytes, dict[str, str]]:
    """A request to us with Twilio's signature: path with query, body, headers."""
    signature = RequestValidator(token).compute_signature(url, fields)
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    return url.removeprefix(public_url), urlencode(fields, doseq=True).encode(), headers


def turn_of(url: str) -> str:
    """The query of an address, where the state of a call is kept."""
    return urlsplit(url).query
