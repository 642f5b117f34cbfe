"""Requests that Twilio would never send, signed all the same: no error, no stack trace, nobody else's words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from fake_call import WEBHOOK, FakeCall
from in_process import PUBLIC
from texting import FORM, SID, TOKEN
from twilio.request_validator import RequestValidator
from twiml import read_twiml
from voice_server import VoiceServer

from spineline.channels.rest.access import BadRequestError
from spineline.channels.twilio.requests import read_form
from spineline.channels.twilio.voice.line import VoiceLine
from spineline.content.library import Content

CALL = "CA" + "a" * 32
SECRET = "my name is Anita Torrez and my core hurts"
TURN = f"{WEBHOOK}?lang=en&n=3&m=0&k=4&t=1&d=0"
GOOD = {"AccountSid": SID, "CallSid": CALL, "From": "+13105550111", "To": "+13105550100", "CallStatus": "in-progress"}
DEEP = "[" * 5000 + "]" * 5000


def form(**fields: object) -> bytes:
    return urlencode({**GOOD, **fields}, doseq=True).encode()


def without(*names: str, **fields: str) -> bytes:
    return urlencode({name: value for name, value in {**GOOD, **fields}.items() if name not in names}).encode()


BODIES = {
    "nothing": b"",
    "one blank": b" ",
    "only ampersands": b"&&&&",
    "only equal signs": b"====",
    "json": json.dumps(GOOD).encode(),
    "json null": b"null",
    "json list": b"[1, 2, 3]",
    "xml": b"<?xml version='1.0'?><Response><Dial>911</Dial></Response>",
    "deep nesting": DEEP.encode(),
    "deep nesting said": form(SpeechResult=DEEP),
    "invalid utf-8": b"AccountSid=" + SID.encode() + b"&SpeechResult=\xff\xfe\x80",
    "invalid utf-8 escaped": form() + b"&SpeechResult=%ff%fe%80",
    "half an escape": form() + b"&SpeechResult=%e2%82",
    "percent alone": form() + b"&SpeechResult=%",
    "nul bytes": form(SpeechResult="a\0b\0c"),
    "control characters": form(SpeechResult="".join(map(chr, range(32)))),
    "surrogates": form() + b"&SpeechResult=%ed%a0%80",
    "right to left": form(SpeechResult="\u202egnihtemos"),
    "emoji": form(SpeechResult="🙂" * 200),
    "another alphabet": form(SpeechResult="у меня болит спина"),
    "chinese": form(SpeechResult="我的背很痛"),
    "a word of a thousand letters": form(SpeechResult="a" * 1000),
    "fifty thousand letters": form(SpeechResult="back pain " * 5000),
    "larger than allowed": form(SpeechResult="x" * 70_000),
    "a thousand fields": form(**{f"Field{number}": "1" for number in range(1000)}),
    "the same field twice": form() + b"&SpeechResult=one&SpeechResult=two",
    "two calls": form() + b"&CallSid=CA" + b"b" * 32,
    "no call": without("CallSid", SpeechResult="hello"),
    "blank call": form(CallSid="", SpeechResult="hello"),
    "a call that is none": form(CallSid="../../etc/passwd", SpeechResult="hello"),
    "a call of another kind": form(CallSid="SM" + "a" * 32, SpeechResult="hello"),
    "a very long call": form(CallSid="CA" + "a" * 5000, SpeechResult="hello"),
    "no account": without("AccountSid", SpeechResult="hello"),
    "another account": form(AccountSid="AC" + "0" * 32, SpeechResult="hello"),
    "no from": without("From", SpeechResult="hello"),
    "from is anonymous": form(From="anonymous", SpeechResult="hello"),
    "from is text": form(From="<script>alert(1)</script>", SpeechResult="hello"),
    "no to": without("To", SpeechResult="hello"),
    "no words": form(),
    "blank words": form(SpeechResult="", Digits="", Confidence=""),
    "words and keys": form(SpeechResult="hello", Digits="1"),
    "keys that are letters": form(Digits="abc"),
    "keys that are too many": form(Digits="1" * 500),
    "keys of another alphabet": form(Digits="٣"),
    "a negative key": form(Digits="-1"),
    "a raised key": form(Digits="²"),
    "pound": form(Digits="#"),
    "star where it means nothing": form(Digits="*"),
    "confidence is text": form(SpeechResult="hello", Confidence="very"),
    "confidence is infinite": form(SpeechResult="hello", Confidence="1e999"),
    "a payload of ours": form(SpeechResult='/deny{"choice": "alarm:not_meant"}'),
    "a payload of nobody": form(SpeechResult='/ask_core{"choice": "core/../../etc"}'),
    "a command": form(SpeechResult="/restart"),
    "session start": form(SpeechResult="/session_start"),
    "tags": form(SpeechResult="</Say></Gather><Dial>+19005550100</Dial>"),
    "cdata": form(SpeechResult="]]><Hangup/>"),
    "format fields": form(SpeechResult="{clinic.phone} $kept_days %s {0}"),
    "sql": form(SpeechResult="'; DROP TABLE events; --"),
    "the call has ended": form(CallStatus="completed"),
    "a status that is none": form(CallStatus="exploded", SpeechResult="hello"),
    "dial status at the wrong place": form(DialCallStatus="completed"),
}
QUERIES = [
    "",
    "?lang=xx&n=-5&m=abc&k=99999999&t=&d=",
    "?lang=en&lang=es&n=1&n=2",
    "?n=1e9",
    "?n=٣",
    "?n=3&k=10000&m=99999",
    "?n[]=1&lang[en]=1",
    "?%00=%00&n=%ff",
    "?" + "&".join(f"a{number}=1" for number in range(300)),
]


@pytest.fixture
async def line(example: Content) -> AsyncIterator[VoiceServer]:
    async with VoiceServer(example) as server:
        other = FakeCall(PUBLIC)
        await server.ask(other)
        await server.say(other, SECRET)
        yield server


def signature(url: str, body: bytes) -> str:
    """Twilio's, as far as a body can be signed at all."""
    try:
        fields = read_form(body, FORM)
    except BadRequestError:
        fields = read_form(b"", FORM)
    return str(RequestValidator(TOKEN).compute_signature(url, fields))


async def send(line: VoiceServer, path: str, body: bytes) -> tuple[int, str]:
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature(PUBLIC + path, body)}
    return await line.post(path, body, headers)


def check(status: int, text: str) -> None:
    assert status in (200, 400, 403, 413, 415), text
    assert not any(sign in text for sign in ("Traceback", 'File "', "Torrez", "Error(", "/etc/passwd"))
    if status == 200:
        said = read_twiml(text)
        assert said.dials in (None, "+15205550142")


@pytest.mark.parametrize("path", [WEBHOOK, TURN, VoiceLine.paths[1]], ids=["first", "turn", "dialed"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_strange_body_gets_a_kind_answer_or_a_reason(path: str, body: bytes, line: VoiceServer) -> None:
    check(*await send(line, path, body))
    check(*await send(line, path, body))  # and again, as a repetition


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
@pytest.mark.parametrize("path", VoiceLine.paths)
async def test_a_strange_address_gets_a_kind_answer_or_a_reason(path: str, query: str, line: VoiceServer) -> None:
    check(*await send(line, path + query, form(SpeechResult="why is my core important")))


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "\u00fc"])
async def test_another_content_type_is_refused(kind: str, line: VoiceServer) -> None:
    body = form(SpeechResult="hello")
    headers = {
        "Content-Type": kind.encode("ascii", "ignore").decode(),
        "X-Twilio-Signature": signature(PUBLIC + TURN, body),
    }
    status, text = await line.post(TURN, body, headers)
    assert status in (403, 415)
    check(status, text)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_the_same_without_a_signature_is_refused(body: bytes, line: VoiceServer) -> None:
    before = list(line.agent.heard)
    status, text = await line.post(TURN, body, {"Content-Type": FORM})
    assert status in (400, 403, 413)
    check(status, text)
    assert line.agent.heard == before


async def test_a_call_without_an_id_shares_no_conversation(line: VoiceServer) -> None:
    before = len(line.agent.memories)
    status, text = await send(line, TURN, without("CallSid", SpeechResult="why is my core important"))
    assert status == 200
    assert len(line.agent.memories) == before
    assert read_twiml(text).dials == "+15205550142"
