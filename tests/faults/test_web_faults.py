"""The website's chat when its file fails, when earlier messages hang, and when the server stops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from faulty import DANGER, PHONE, SAID, hang, say_ok
from patience import NEVER_S, alarm_at_once, until
from web_server import WebServer, replies_to, reply_to

from spineline.channels.web.chats import MOST_EMERGENCIES, MOST_UNANSWERED, Chats
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content
from spineline.dialogue.intake import Intake
from spineline.turns.engine import Asked, Say

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
ERRORS = pytest.mark.parametrize("error", ["database or disk is full", "database is locked", "disk I/O error"])
READS = pytest.mark.parametrize("reads", [True, False], ids=["readable", "unreadable"])


@pytest.fixture
async def server(content: Content, tmp_path: Path) -> AsyncIterator[WebServer]:
    async with WebServer(content, tmp_path, deadline_s=NEVER_S) as server:
        alarm_at_once(server.turns)
        yield server


async def _silent(_: Asked, __: Say) -> None:
    """Nothing comes back, so that the turn has to find words of its own."""


def _fail(server: WebServer, error: str, reads: bool = True) -> None:
    server.db.error, server.db.reads = error, reads


@LANGUAGES
@ERRORS
@READS
async def test_an_alarm_arrives_although_nothing_can_be_written(
    server: WebServer, language: str, error: str, reads: bool
) -> None:
    session = await server.begin(language)
    server.on_message = _silent
    _fail(server, error, reads)
    assert await server.say(session, "message-1", DANGER[language]) == "got"
    (event,) = await server.poll(session)
    assert event["reply"]["card"] == "alarm"
    assert event["reply"]["text"].startswith(server.content.tiers["ED_NOW"]["do"][language])
    assert await server.poll(session) == [event], "kept until the browser has it"
    assert await server.say(session, "message-1", DANGER[language]) == "done", "answered once"
    assert server.turns.metrics.failures.labels("OperationalError")._value.get() >= 1


@ERRORS
@READS
async def test_ordinary_answers_and_safe_texts_arrive_too(server: WebServer, error: str, reads: bool) -> None:
    async def fails(_: Asked, __: Say) -> None:
        raise RuntimeError

    session = await server.begin()
    _fail(server, error, reads)
    await server.say(session, "message-1", SAID["en"])
    assert (await server.poll(session))[-1]["reply"]["text"] == "ok"
    server.on_message = fails
    await server.say(session, "message-2", SAID["en"])
    (event,) = await server.poll(session, since=1)
    assert PHONE in event["reply"]["text"]
    assert event["seq"] == 2


@ERRORS
@READS
async def test_a_socket_that_is_open_gets_the_alarm_with_the_next_number(
    server: WebServer, error: str, reads: bool
) -> None:
    session = await server.begin()
    async with server.socket() as socket:
        await socket.send_str(json.dumps({"session": session, "since": 0}))
        await socket.send_str(json.dumps({"id": "message-1", "text": SAID["en"]}))
        assert (await reply_to(socket, "message-1"))["seq"] == 1
        server.on_message = _silent
        _fail(server, error, reads)
        await socket.send_str(json.dumps({"id": "message-2", "text": DANGER["en"]}))
        event = await reply_to(socket, "message-2")
        assert (event["seq"], event["reply"]["card"]) == (2, "alarm")


@ERRORS
@READS
async def test_a_chat_begins_although_nothing_can_be_written(server: WebServer, error: str, reads: bool) -> None:
    server.on_message = _silent
    _fail(server, error, reads)
    session = await server.begin("es")
    await server.ask("message", session=session, language="es")
    assert await server.say(session, "message-1", DANGER["es"]) == "got"
    (event,) = await server.poll(session)
    assert event["reply"]["card"] == "alarm"


@LANGUAGES
async def test_an_emergency_waits_for_no_earlier_message(server: WebServer, language: str) -> None:
    server.on_message = hang
    session = await server.begin(language)
    for number in range(MOST_UNANSWERED):
        assert await server.say(session, f"hanging-{number}", SAID[language]) == "got"
    assert await server.say(session, "too-many", SAID[language]) == "busy"
    assert await server.say(session, "emergency", DANGER[language]) == "got"
    (event,) = await server.poll(session)  # with a deadline of minutes, nothing but the alarm can come
    assert (event["to"], event["reply"]["card"], event["last"]) == ("emergency", "alarm", True)


async def test_long_danger_waits_for_no_earlier_message_either(server: WebServer) -> None:
    server.on_message = hang
    session = await server.begin()
    await server.say(session, "hanging-1", SAID["en"])
    await server.say(session, "emergency", "my back story goes on. " * 60 + DANGER["en"])
    (event,) = await server.poll(session)
    assert (event["to"], event["reply"]["card"]) == ("emergency", "alarm")


async def test_emergencies_cannot_pile_up_without_end(server: WebServer) -> None:
    async def never(*_: Any) -> list[dict[str, Any]]:
        await asyncio.Event().wait()
        return []

    async def take_in(text: str, session: str) -> Intake:
        return await server.turns.take_in(text, session)

    chats = Chats(server.outbox, load_widget(ROOT, server.content), take_in, never, server.turns.failures)
    said = [await chats.say("anna", f"message-{n}", DANGER["en"]) for n in range(MOST_EMERGENCIES + 1)]
    assert said == ["got"] * MOST_EMERGENCIES + ["busy"]
    assert await chats.say("anna", "message-0", DANGER["en"]) == "got", "a repetition is no second message"


async def test_other_messages_stay_in_order_around_an_emergency(server: WebServer) -> None:
    gate, session, heard = asyncio.Event(), await server.begin(), list[str]()

    async def gated(message: Asked, say: Say) -> None:
        heard.append(str(message.text))
        if message.text == "first":
            await gate.wait()
        await say_ok(message, say)

    server.on_message = gated
    await server.say(session, "message-1", "first")
    await until(lambda: heard)
    await server.say(session, "message-2", DANGER["en"])
    assert [event["to"] for event in await server.poll(session)] == ["message-2"]
    await server.say(session, "message-3", "third")
    gate.set()
    events = list[dict[str, Any]]()
    while len(events) < 3:
        events = await server.poll(session)
    assert [(event["seq"], event["to"]) for event in events] == [(1, "message-2"), (2, "message-1"), (3, "message-3")]
    assert heard == ["first", DANGER["en"], "third"]


async def test_a_reader_that_fails_silences_nobody(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(server.turns._reader, "read", fail)
    session = await server.begin()
    await server.say(session, "message-1", DANGER["en"])
    assert (await server.poll(session))[-1]["reply"]["card"] == "alarm"


async def test_a_language_that_cannot_be_told_silences_nobody(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(server.outbox, "take_language", fail)
    session = await server.begin("es")
    await server.say(session, "message-1", SAID["es"])
    assert (await server.poll(session))[-1]["reply"]["text"] == "ok"


@LANGUAGES
async def test_who_has_asked_is_answered_before_the_server_stops(server: WebServer, language: str) -> None:
    gate, begun = asyncio.Event(), asyncio.Event()

    async def gated(message: Asked, say: Say) -> None:
        begun.set()
        await gate.wait()
        await say_ok(message, say)

    server.on_message = gated
    session = await server.begin()
    async with server.socket() as socket:
        await socket.send_str(json.dumps({"session": session, "since": 0}))
        await socket.send_str(json.dumps({"id": "message-1", "text": SAID[language]}))
        await begun.wait()
        await socket.send_str(json.dumps({"id": "message-2", "text": DANGER[language]}))
        stopping = asyncio.ensure_future(server.application.drain())
        await asyncio.sleep(0)
        await server.say(session, "message-3", DANGER[language])
        gate.set()
        await stopping
        answers = await replies_to(socket, "message-3", "message-1")
    assert [answer["reply"].get("card") for answer in answers] == ["alarm", None]


@pytest.mark.parametrize("card", [{"a": 1}, ["plank/how"], None, 7, "no/such"])
async def test_a_rating_of_what_is_no_answer_is_refused(server: WebServer, card: object) -> None:
    session = await server.begin()
    with pytest.raises(AssertionError, match="422"):
        await server.ask("helped", session=session, card=card, helped=True)
