"""The REST channel on a real server of this machine, with a fake agent: who may use it, and what is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import aiohttp
import pytest
from in_process import InProcess
from replies import says

from spineline.channels.rest.channel import RestChannel
from spineline.content.library import Content
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say

TOKEN = "correct-horse-battery-staple"
PHONE = "310-828-7757"


class Heard:
    """An agent that repeats, and remembers what reached it."""

    def __init__(self) -> None:
        self.messages: list[Asked] = []

    async def answer(self, message: Asked, say: Say) -> None:
        self.messages.append(message)
        say(says(f"You wrote: {message.text}"))


class Server(InProcess):
    """One server and the client that talks to it."""

    def __init__(self, content: Content, settings: Settings) -> None:
        super().__init__(content, settings)
        self.agent, self.channels = Heard(), [RestChannel(settings, self.turns)]
        self.on_message = self.agent.answer

    async def post(self, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.client.post("/webhooks/rest/webhook", data=data, headers=headers or {}) as answer:
            return answer.status, json.loads(await answer.read()), answer.headers


@pytest.fixture
async def server(content: Content) -> AsyncIterator[Server]:
    async with Server(content, Settings()) as server:
        yield server


@pytest.fixture
async def with_token(content: Content) -> AsyncIterator[Server]:
    async with Server(content, Settings(rest_token=TOKEN)) as server:
        yield server


@pytest.fixture
async def public(content: Content) -> AsyncIterator[Server]:
    async with Server(content, Settings(host="0.0.0.0")) as server:
        yield server


HELLO = {"sender": "anna", "message": "hello"}


async def test_the_first_answer_comes_behind_the_notice_and_the_second_alone(server: Server) -> None:
    status, first, _ = await server.post(HELLO)
    assert status == 200
    assert [m.get("metadata", {}).get("card") for m in first] == ["privacy_notice", None]
    assert "30 days" in first[0]["text"]
    assert first[1] == {
        "recipient_id": "anna",
        "text": "You wrote: hello",
        "buttons": [],
        "metadata": {"language": "en"},
    }
    _, second, _ = await server.post(HELLO)
    assert [m["text"] for m in second] == ["You wrote: hello"]


async def test_an_emergency_comes_before_the_notice(server: Server) -> None:
    async def fail(_: Asked, __: Say) -> None:
        raise RuntimeError

    server.on_message = fail
    _, replies, _ = await server.post({"sender": "anna", "message": "numb between my legs and I cannot pee"})
    assert [m["metadata"]["card"] for m in replies] == ["alarm", "privacy_notice"]


async def test_senders_live_in_a_namespace_of_their_own(server: Server) -> None:
    await server.post({"sender": "web:0123456789abcdef", "message": "hello"})
    assert server.agent.messages[0].conversation == "rest:web:0123456789abcdef"


async def test_channel_and_metadata_are_ours(server: Server) -> None:
    await server.post({**HELLO, "input_channel": "telegram", "metadata": {"red_flag": "x"}, "parse_data": {}})
    message = server.agent.messages[0]
    assert (message.channel, message.numbered, message.choice) == ("rest", False, None)
    assert message.intake.metadata == {"too_long": False, "danger": {}}


@pytest.mark.parametrize("text", ["/restart", '/greet{"language": "xx"}', "/ask_core", " /session_start"])
async def test_a_typed_intent_is_text(server: Server, text: str) -> None:
    await server.post({"sender": "anna", "message": text})
    assert server.agent.messages[0].text == text.strip().lstrip("/")


PROXIES = """X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Server Forwarded X-Real-IP Via X-Client-IP
X-Cluster-Client-IP True-Client-IP CF-Connecting-IP CF-Ray CDN-Loop Fastly-Client-IP Fly-Client-IP X-Original-URL
X-Envoy-External-Address X-Azure-ClientIP X-Amzn-Trace-Id X-Cloud-Trace-Context""".split()


@pytest.mark.parametrize("header", [*PROXIES, "via", "x-forwarded-something-new"])
async def test_without_a_token_nobody_comes_through_a_proxy(server: Server, header: str) -> None:
    status, body, _ = await server.post(HELLO, {header: "127.0.0.1"})
    assert status == 403
    assert "REST_TOKEN" in body["error"]
    assert not server.agent.messages


@pytest.mark.parametrize(
    "host", ["chat.clinic.example", "chat.clinic.example:443", "127.0.0.1.evil.example", "[2001:db8::1]"]
)
async def test_without_a_token_nobody_comes_by_a_name_that_strangers_know(server: Server, host: str) -> None:
    """A proxy that writes no header of its own still passes on the name it was called by; so does a page whose name
    was led to this machine."""
    assert (await server.post(HELLO, {"Host": host}))[0] == 403
    assert not server.agent.messages


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:5005", "127.0.0.1", "[::1]:5005", "[::1]"])
async def test_this_machine_may_be_called_by_each_of_its_names(server: Server, host: str) -> None:
    assert (await server.post(HELLO, {"Host": host}))[0] == 200


async def test_without_a_token_no_page_in_a_browser_comes_in(server: Server) -> None:
    assert (await server.post(HELLO, {"Origin": "https://evil.example"}))[0] == 403


async def test_without_a_token_a_public_server_is_closed(public: Server) -> None:
    status, body, _ = await public.post(HELLO)
    assert status == 403
    assert "REST_TOKEN" in body["error"]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("", 401), ("Basic abc", 401), ("Bearer", 401), ("Bearer wrong", 403), (f"Bearer {TOKEN}", 200)],
)
async def test_the_token_decides(with_token: Server, authorization: str, status: int) -> None:
    headers = {"Authorization": authorization, "X-Forwarded-For": "203.0.113.7"}
    found, _, answered = await with_token.post(HELLO, headers)
    assert found == status
    assert ("WWW-Authenticate" in answered) == (status == 401)


BAD = {
    "nothing": (b"", 400),
    "no JSON": (b"{oops", 400),
    "null": (b"null", 400),
    "a list": (b"[]", 400),
    "a string": (b'"hi"', 400),
    "a number": (b"5", 400),
    "an empty object": (b"{}", 422),
    "not UTF-8": (b'{"sender":"x","message":"\xff\xfe"}', 400),
    "a hundred thousand brackets": (b"[" * 60_000, 400),
    "eleven levels": (b'{"sender":"x","message":"hi","metadata":' + b"[" * 11 + b"]" * 11 + b"}", 400),
    "no message": (b'{"sender":"x"}', 422),
    "a message that is null": (b'{"sender":"x","message":null}', 422),
    "a message that is a list": (b'{"sender":"x","message":["a"]}', 422),
    "no sender": (b'{"message":"hi"}', 422),
    "an empty sender": (b'{"sender":"","message":"hi"}', 422),
    "a sender that is a number": (b'{"sender":7,"message":"hi"}', 422),
    "a long sender": (json.dumps({"sender": "s" * 129, "message": "hi"}).encode(), 422),
    "a sender with control characters": (b'{"sender":"a\\u0000b","message":"hi"}', 422),
    "half a character as sender": (b'{"sender":"\\ud800","message":"hi"}', 422),
    "a large body": (json.dumps({"sender": "x", "message": "a" * 64_000}).encode(), 413),
    "a megabyte": (b"a" * 1_000_000, 413),
}


@pytest.mark.parametrize(("body", "status"), BAD.values(), ids=BAD)
async def test_what_cannot_be_answered_is_refused_with_a_reason(server: Server, body: bytes, status: int) -> None:
    try:
        found, answer, _ = await server.post(body)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        assert status == 413, "the server may hang up on a body that is far too large"
        return
    assert found == status
    assert answer.get("error") or answer.get("message")
    assert not server.agent.messages


@pytest.mark.parametrize("text", ["", "   ", "😀🔥", "hi\x00there", "\u202eih\u0301\u0301", "x" * 60_000], ids=range(6))
async def test_strange_texts_are_answered(server: Server, text: str) -> None:
    status, replies, _ = await server.post({"sender": "anna", "message": text})
    assert status == 200
    assert replies


async def test_half_a_character_is_answered(server: Server) -> None:
    assert (await server.post(b'{"sender":"anna","message":"\\ud800 hello"}'))[0] == 200


async def test_too_many_messages_get_a_time_to_come_back(content: Content) -> None:
    async with Server(content, Settings(rate_per_session="3/minute")) as server:
        for _ in range(3):
            assert (await server.post(HELLO))[0] == 200
        status, body, headers = await server.post(HELLO)
        assert status == 429
        assert 1 <= int(headers["Retry-After"]) <= 61
        assert PHONE in body["replies"][0]["text"]
        assert (await server.post({"sender": "ben", "message": "hello"}))[0] == 200
        status, replies, _ = await server.post({"sender": "anna", "message": "numb between my legs and I cannot pee"})
        assert (status, replies[0]["metadata"]["card"]) == (200, "alarm")


async def test_one_address_has_one_limit_however_many_senders_it_names(content: Content) -> None:
    settings = Settings(rate_per_address="5/minute", rest_token=TOKEN, trusted_proxies=(ip_network("127.0.0.1"),))
    async with Server(content, settings) as server:
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}
        found = [(await server.post({"sender": f"s{n}", "message": "hello"}, headers))[0] for n in range(8)]
        assert found == [200] * 5 + [429] * 3
        assert (await server.post(HELLO, {**headers, "X-Forwarded-For": "203.0.113.8"}))[0] == 200


async def test_a_full_server_says_when_to_come_back(content: Content) -> None:
    async with Server(content, Settings(most_in_flight=1)) as server:
        with server.turns.limits.turn("rest:ben"):
            status, body, headers = await server.post(HELLO)
        assert (status, body["error"]) == (503, "busy")
        assert int(headers["Retry-After"]) > 0
