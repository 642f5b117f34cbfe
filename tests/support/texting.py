"""Text messages for tests: a person's messages signed as Twilio signs them, our answers read as Twilio reads them, and
a stand-in for the part of Twilio that sends."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

from in_process import PUBLIC, InProcess
from patience import LONG_S
from replies import says
from stand_in import Answer, StandIn
from twilio.request_validator import RequestValidator

from spineline.accounts import Twilio
from spineline.channels.twilio.texts.channel import TextChannel
from spineline.content.library import Content
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "fedcba9876543210" * 2
NUMBER = "+13105550100"
PERSON = "+13105550111"
ACCOUNT = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_NUMBER": NUMBER}
PATH = "/webhooks/twilio/webhook"
FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)

Fields = Mapping[str, Any]


def message(body: str = "hello", **fields: str) -> dict[str, str]:
    """What Twilio sends for a text message, blank fields included; each with an id of its own."""
    sid = f"SM{next(_numbers):032x}"
    usual = {"AccountSid": SID, "MessageSid": sid, "SmsStatus": "received", "NumMedia": "0", "FromCity": ""}
    return {**usual, "From": PERSON, "To": NUMBER, "Body": body, **fields}


def whatsapp(body: str = "hello", **fields: str) -> dict[str, str]:
    """The same for WhatsApp."""
    return message(body, **{"From": f"whatsapp:{PERSON}", "To": f"whatsapp:{NUMBER}", "ProfileName": "Ana", **fields})


def signed(fields: Fields, public_url: str = PUBLIC, token: str = TOKEN) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook."""
    signature = RequestValidator(token).compute_signature(public_url + PATH, fields)
    return urlencode(fields, doseq=True).encode(), {"Content-Type": FORM, "X-Twilio-Signature": signature}


def read_messages(xml: str) -> list[str]:
    """The messages of an answer; AssertionError when it is not as Twilio's manual of <Message> says.

    The published schema is of telephone calls and knows no <Message>, so its few rules stand here.
    """
    root = ElementTree.fromstring(xml.encode())
    assert xml.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert (root.tag, root.attrib, (root.text or "").strip()) == ("Response", {}, "")
    for child in root:
        assert (child.tag, child.attrib, len(child)) == ("Message", {}, 0)
        assert 0 < len(child.text or "") <= 1600
    return [str(child.text) for child in root]


class FakeTwilio(StandIn):
    """Takes messages to send. `refusals` are answered first: (status, number of the error, headers)."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.refusals: list[Answer] = []
        super().__init__()

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        key = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if path != f"/2010-04-01/Accounts/{SID}/Messages.json" or headers.get("Authorization") != f"Basic {key}":
            self.wrong.append(path)
        if self.refusals:
            return self.refusals.pop(0)
        self.sent.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        return 201, {"sid": "SM1", "status": "queued"}, {}


class TextServer(InProcess):
    """One server and the people who text it. Its agent repeats what it hears unless a test wants something else."""

    def __init__(self, content: Content, api: str = "http://127.0.0.1:9", **settings: Any) -> None:
        super().__init__(content, Settings(**settings))
        self.channel = TextChannel(Twilio(SID, TOKEN, NUMBER, api), self.hub, answers_within_s=LONG_S)
        self.channels, self.heard = [self.channel], list[str]()
        self.on_message = self.repeat

    async def repeat(self, said: Asked, say: Say) -> None:
        self.heard.append(str(said.text))
        say(says(f"You wrote: {said.text}"))

    async def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        async with self.client.post(PATH, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def bring(self, fields: Fields) -> list[str]:
        """The answers that Twilio would send for a webhook."""
        status, xml = await self.post(*signed(fields))
        assert status == 200, xml
        return read_messages(xml)

    async def text(self, *bodies: str, fields: Callable[..., dict[str, str]] = message) -> Sequence[str]:
        """The answers to the last of these messages."""
        answers: Sequence[str] = ()
        for body in bodies:
            answers = await self.bring(fields(body))
        return answers
