"""A webhook of Twilio is believed only when Twilio's own validator would have signed it for our account."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.requests import Request
from twilio.request_validator import RequestValidator

from spineline.accounts import Twilio
from spineline.channels.http import BadRequestError
from spineline.channels.twilio.requests import MOST_BYTES, MOST_FIELDS, TwilioForm, read_form, read_twilio_request

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "fedcba9876543210" * 2
ACCOUNT = Twilio(SID, TOKEN, "+13105550100")
PUBLIC = "https://chat.clinic.example"
PATH = "/webhooks/twilio/webhook"
FORM = "application/x-www-form-urlencoded"
HELLO = {"AccountSid": SID, "MessageSid": "SM1", "From": "+13105550111", "Body": "hola, ¿qué tal?", "MediaUrl0": ""}


def sign(fields: object, url: str = PUBLIC + PATH, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, fields))


def ask(body: bytes, signature: str | None, path: str = PATH, kind: str = FORM) -> TwilioForm:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = {"content-type": kind, **({"x-twilio-signature": signature} if signature is not None else {})}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    raw_path, _, query = path.encode().partition(b"?")
    scope = {"type": "http", "method": "POST", "raw_path": raw_path, "query_string": query, "headers": raw}
    return asyncio.run(read_twilio_request(Request(scope, receive), ACCOUNT, PUBLIC))


def body_of(fields: object = HELLO) -> bytes:
    return urlencode(fields, doseq=True).encode()  # type: ignore[call-overload, no-any-return]


def refusal(body: bytes, signature: str | None, **more: str) -> BadRequestError:
    with pytest.raises(BadRequestError) as caught:
        ask(body, signature, **more)
    return caught.value


def test_a_signed_request_is_read_with_its_blank_fields() -> None:
    form = ask(body_of(), sign(HELLO))
    assert dict(form) == HELLO


def test_spaces_plus_signs_and_every_alphabet_arrive_whole() -> None:
    fields = {**HELLO, "Body": "1 + 1 = 2 & más… 🙂\n%2B 疼", "From": "whatsapp:+13105550111"}
    assert ask(body_of(fields), sign(fields))["Body"] == fields["Body"]


def test_the_query_is_part_of_what_is_signed() -> None:
    path = f"{PATH}?turn=2&said=a%20b"
    assert ask(body_of(), sign(HELLO, PUBLIC + path), path=path).field("MessageSid") == "SM1"
    assert refusal(body_of(), sign(HELLO, PUBLIC + path), path=f"{PATH}?turn=3").status == 403


@pytest.mark.parametrize("port", ["", ":443"])
def test_twilio_may_sign_with_or_without_the_usual_port(port: str) -> None:
    assert ask(body_of(), sign(HELLO, f"{PUBLIC}{port}{PATH}"))


def test_a_field_that_comes_twice_is_a_list_and_still_signed() -> None:
    twice = read_form(b"AccountSid=" + SID.encode() + b"&Digits=1&Digits=2", FORM)
    form = ask(body_of({"AccountSid": SID, "Digits": ["1", "2"]}), sign(twice))
    assert form.getlist("Digits") == ["1", "2"]
    assert form.field("Digits") == "2"


FORGED = {
    "no signature": None,
    "an empty signature": "",
    "a signature of someone else": sign(HELLO, token="0" * 32),
    "a signature for another address": sign(HELLO, "https://evil.example" + PATH),
    "a signature for another path": sign(HELLO, f"{PUBLIC}/webhooks/voice/webhook"),
    "a signature of plain http": sign(HELLO, "http://chat.clinic.example" + PATH),
    "a signature of another text": sign({**HELLO, "Body": "bye"}),
    "a signature without the blank field": sign({k: v for k, v in HELLO.items() if v}),
    "a signature cut short": sign(HELLO)[:-1],
    "a signature with more behind it": sign(HELLO) + "=",
    "letters that are not ASCII": "ñ" * 28,
}


@pytest.mark.parametrize("signature", FORGED.values(), ids=FORGED)
def test_a_forged_request_is_refused(signature: str | None) -> None:
    error = refusal(body_of(), signature)
    assert error.status == 403
    assert "X-Twilio-Signature" in str(error)
    assert TOKEN not in str(error)


def test_a_changed_sender_is_refused() -> None:
    assert refusal(body_of({**HELLO, "From": "+13105550199"}), sign(HELLO)).status == 403


@pytest.mark.parametrize("sid", ["", "AC" + "f" * 32, None], ids=["blank", "another", "missing"])
def test_another_account_is_refused_even_when_it_is_signed(sid: str | None) -> None:
    fields = {k: v for k, v in {**HELLO, "AccountSid": sid}.items() if v is not None}
    assert refusal(body_of(fields), sign(fields)).status == 403


BROKEN = {
    "bytes that are not UTF-8": (b"AccountSid=\xff\xfe", FORM, 400),
    "escapes that are not UTF-8": (b"AccountSid=%ff%fe", FORM, 400),
    "too many fields": (b"a=1&" * (MOST_FIELDS + 1), FORM, 400),
    "a body that is too large": (b"Body=" + b"a" * MOST_BYTES, FORM, 413),
    "JSON": (b'{"AccountSid": "x"}', "application/json", 415),
    "a form of another kind": (b"--x--", "multipart/form-data; boundary=x", 415),
    "no content type": (b"AccountSid=x", "", 415),
}


@pytest.mark.parametrize(("body", "kind", "status"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_form_is_refused_whatever_is_signed(body: bytes, kind: str, status: int) -> None:
    assert refusal(body, sign({}), kind=kind).status == status


def test_a_charset_behind_the_content_type_is_no_reason_to_refuse() -> None:
    assert ask(body_of(), sign(HELLO), kind=f"{FORM}; charset=UTF-8")


def test_a_blank_body_is_not_ours_even_when_it_is_signed() -> None:
    assert refusal(b"", sign({})).status == 403


def test_a_lone_surrogate_cannot_be_smuggled_in() -> None:
    assert refusal(b"Body=" + quote(b"\xed\xa0\x80").encode(), sign({})).status == 400
