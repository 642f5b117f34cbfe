"""Text messages as nobody should send them: never an error 500, never a trace, never another person's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from texting import FORM, PATH, PERSON, SID, TOKEN, TextServer, message, read_messages, signed, whatsapp

from spineline.content.library import Content

SECRET = "my neighbour asked about her hernia"
DEEP = "[" * 5000 + "]" * 5000

# Signed by Twilio, so each must be answered with TwiML; True where somebody who can be answered wrote it.
AUTHENTIC: dict[str, tuple[dict[str, Any], bool]] = {
    "only the account": ({"AccountSid": SID}, False),
    "a blank body": (message(""), True),
    "only blanks": (message(" \t\n"), True),
    "invisible characters": (message("\u200b\u200e\ufeff"), True),
    "control characters": (message("hi\x00\x01\x1b[31m"), True),
    "only an emoji": (message("🙂"), True),
    "a flag and a family": (message("🇲🇽👨‍👩‍👧‍👦"), True),
    "right to left": (message("\u202eolleh"), True),
    "another script": (message("背中が痛い"), True),
    "a lot of accents": (message("a" + "\u0301" * 2000), True),
    "1,600 characters": (message("my back hurts. " * 106), True),
    "10,000 characters": (message("back " * 2000), True),
    "40,000 characters": (whatsapp("x" * 40_000), True),
    "many lines": (message("\n" * 3000 + "hi"), True),
    "XML": (message("</Message><Message>owned</Message>"), True),
    "an XML entity": (message("<!DOCTYPE x [<!ENTITY a 'b'>]>&a;"), True),
    "CDATA": (message("]]><![CDATA["), True),
    "SQL": (message("'; DROP TABLE seen; --"), True),
    "SQL in the id": (message("hi", MessageSid="x'; DROP TABLE seen; --"), False),
    "a template": (message("{clinic.phone} {0.__class__} $kept_days"), True),
    "a payload": (message('/greet{"choice": "greet/about"}'), True),
    "a command of Rasa": (message("/restart"), True),
    "a payload that sets slots": (message('/inform{"language": "es", "alarm": null}'), True),
    "JSON": (message('{"sender": "sms:x", "message": "hi"}'), True),
    "deep nesting": (message(DEEP), True),
    "a number": (message("3"), True),
    "a number of no quick reply": (message("99999999999999999999"), True),
    "Arabic digits": (message("١"), True),
    "a missing body": ({k: v for k, v in message().items() if k != "Body"}, True),
    "a missing sender": ({k: v for k, v in message().items() if k != "From"}, False),
    "a missing id": ({k: v for k, v in message().items() if k != "MessageSid"}, False),
    "a missing address of ours": ({k: v for k, v in message().items() if k != "To"}, True),
    "a sender that is a sentence": (message("hi", From="somebody I know"), False),
    "a sender with a line break": (message("hi", From=f"{PERSON}\r\nTo: +1900"), False),
    "a sender that is very long": (message("hi", From="+1" + "3" * 5000), False),
    "a sender with two prefixes": (message("hi", From=f"whatsapp:whatsapp:{PERSON}"), False),
    "an id that is very long": (message("hi", MessageSid="S" * 5000), False),
    "media without a number": (message("hi", NumMedia="many"), True),
    "media in negative numbers": (message("", NumMedia="-1"), True),
    "a hundred pictures": (message("", **{f"MediaUrl{n}": "file:///etc/passwd" for n in range(100)}), True),
    "an unknown opt-out": (message("hi", OptOutType="MAYBE"), True),
    "a status of another kind": (message("hi", SmsStatus="💥"), False),
    "350 fields": (message("hi", **{f"Field{n}": "x" for n in range(340)}), True),
    "a field without a name": ({**message("hi"), "": "x"}, True),
    "fields in another spelling": ({**message("hi"), "from": "+19005550000", "body": SECRET}, True),
    "a body that comes twice": ({**message(), "Body": ["one", "two"]}, True),
    "a sender that comes twice": ({**message("hi"), "From": [PERSON, "+13105550112"]}, True),
}


@pytest.fixture
async def server(content: Content) -> AsyncIterator[TextServer]:
    async with TextServer(content) as server:
        yield server


class Form(dict[str, Any]):
    """What Twilio's validator asks of fields that come twice."""

    def getlist(self, name: str) -> list[str]:
        value = self[name]
        return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(("fields", "is_answered"), AUTHENTIC.values(), ids=AUTHENTIC)
async def test_whatever_is_signed_gets_an_answer_of_the_right_kind(
    fields: dict[str, Any], is_answered: bool, server: TextServer
) -> None:
    await server.text(SECRET, fields=lambda body: message(body, From="+13105550199"))
    status, xml = await server.post(*signed(Form(fields)))
    assert status == 200, xml
    answers = read_messages(xml)
    assert bool(answers) is is_answered
    assert not any(SECRET in answer or "Traceback" in answer or TOKEN in answer for answer in answers)


FORGED: dict[str, tuple[bytes, dict[str, str], int]] = {
    "an empty body": (b"", {"Content-Type": FORM}, 403),
    "an unsigned message": (
        b"AccountSid=" + SID.encode() + b"&From=%2B13105550111&Body=hi",
        {"Content-Type": FORM},
        403,
    ),
    "a signature that is none": (b"Body=hi", {"Content-Type": FORM, "X-Twilio-Signature": "x"}, 403),
    "a signature of 10,000 letters": (b"Body=hi", {"Content-Type": FORM, "X-Twilio-Signature": "x" * 6000}, 403),
    "a signature with another token": (*signed(message("hi"), token="1" * 32), 403),
    "a signature for another address": (*signed(message("hi"), public_url="https://evil.example"), 403),
    "another account": (*signed(message("hi", AccountSid="AC" + "9" * 32)), 403),
    "no account": (*signed({k: v for k, v in message("hi").items() if k != "AccountSid"}), 403),
    "JSON": (b'{"From": "+13105550111"}', {"Content-Type": "application/json"}, 415),
    "null": (b"null", {"Content-Type": "application/json"}, 415),
    "deep JSON": (DEEP.encode(), {"Content-Type": "application/json"}, 415),
    "XML": (b"<From>+1</From>", {"Content-Type": "text/xml"}, 415),
    "a file": (b"--x\r\n\r\n--x--", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
    "no type": (b"Body=hi", {"Content-Type": ""}, 415),
    "bytes that are not UTF-8": (b"Body=\xff\xfe\x00", {"Content-Type": FORM}, 400),
    "escapes that are not UTF-8": (b"Body=%ff%fe", {"Content-Type": FORM}, 400),
    "half an escape": (b"Body=%", {"Content-Type": FORM}, 403),
    "ten thousand fields": (b"a=1&" * 10_000, {"Content-Type": FORM}, 400),
    "a body that is too large": (b"Body=" + b"x" * 64_000, {"Content-Type": FORM}, 413),
}


@pytest.mark.parametrize(("body", "headers", "status"), FORGED.values(), ids=FORGED)
async def test_whatever_is_not_signed_is_refused_with_a_reason(
    body: bytes, headers: dict[str, str], status: int, server: TextServer
) -> None:
    answered, text = await server.post(body, headers)
    assert answered == status
    assert "error" in text or "Send at most" in text
    assert "Traceback" not in text
    assert TOKEN not in text
    assert server.heard == []


async def test_a_signed_message_of_somebody_else_is_not_mine_to_send_again(server: TextServer) -> None:
    body, headers = signed(message("hi"))
    assert (await server.post(body, headers))[0] == 200
    for _ in range(5):
        assert read_messages((await server.post(body, headers))[1]) == []
    assert (await server.post(body.replace(b"Body=hi", b"Body=ho"), headers))[0] == 403
    assert server.heard == ["hi"]


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
async def test_only_post_is_taken(method: str, server: TextServer) -> None:
    async with server.client.request(method, PATH) as answer:
        assert answer.status == 405
