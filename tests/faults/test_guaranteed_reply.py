"""Whatever fails behind the channel, a person gets a text with the clinic's number, in time, in their language."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from faulty import DANGER, DEADLINE_S, PHONE, SAID, TELLING, cards, hang, make_turns, say_ok, texts
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content
from spineline.stores.locks import FairLocks
from spineline.turns.turns import ALARM_WAIT_S, Turns

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


async def _raise(_: UserMessage) -> None:
    raise RuntimeError("secret words of a patient")


async def _silent(_: UserMessage) -> None:
    return None


async def _raise_something_worse(_: UserMessage) -> None:
    raise asyncio.CancelledError


def _says(message: Any) -> Callable[[UserMessage], Awaitable[None]]:
    async def say(user: UserMessage) -> None:
        await user.output_channel.send_response(user.sender_id, message)

    return say


BROKEN = {
    "an error": _raise,
    "a hang": hang,
    "silence": _silent,
    "a cancellation": _raise_something_worse,
    "an empty text": _says({"text": "  "}),
    "a text that is none": _says({"text": 5}),
    "no text": _says({"custom": {"a": 1}}),
    "no message at all": _says(None),
    "a server without a model": Agent().handle_message,
}


@LANGUAGES
@pytest.mark.parametrize("on_message", BROKEN.values(), ids=BROKEN)
async def test_whatever_rasa_does_there_is_an_answer(content: Content, language: str, on_message: Any) -> None:
    turns = make_turns(content)
    started = time.monotonic()
    replies = await turns.answer(SAID[language], "rest:anna", "rest", on_message)
    assert time.monotonic() - started < DEADLINE_S + 0.5
    assert PHONE in texts(replies)
    assert TELLING[language] in texts(replies)
    assert texts(replies).count(PHONE) == 1, "one language is enough when it is known"
    assert any(b.get("url", "").startswith("tel:") for b in replies[-1]["buttons"])


@LANGUAGES
@pytest.mark.parametrize("on_message", BROKEN.values(), ids=BROKEN)
async def test_whatever_rasa_does_an_emergency_gets_advice(content: Content, language: str, on_message: Any) -> None:
    turns = make_turns(content)
    started = time.monotonic()
    replies = await turns.answer(DANGER[language], "rest:anna", "rest", on_message)
    assert time.monotonic() - started < ALARM_WAIT_S + 0.4
    assert cards(replies)[0] == "alarm"
    assert replies[0]["text"].startswith(content.tiers["ED_NOW"]["do"][language])


async def test_the_language_of_the_last_answer_is_remembered(content: Content) -> None:
    turns = make_turns(content)
    await turns.answer("1", "rest:anna", "rest", _says({"text": "Sí.", "metadata": {"language": "es"}}))
    replies = await turns.answer("2", "rest:anna", "rest", _raise)
    assert texts(replies) == content.line("safe_text", "es")


async def test_both_languages_are_spoken_when_none_is_known(content: Content) -> None:
    replies = await make_turns(content).answer("???", "rest:anna", "rest", _raise)
    assert texts(replies) == f"{content.line('safe_text', 'en')}\n{content.line('safe_text', 'es')}"


@LANGUAGES
async def test_an_emergency_does_not_wait_for_a_turn_that_hangs(content: Content, language: str) -> None:
    locks, turns, done = FairLocks(), make_turns(content, deadline_s=1.0), list[str]()

    async def locked(message: UserMessage) -> None:
        async with locks.lock(message.sender_id):
            if "hang" in str(message.text):
                await asyncio.sleep(3600)
            done.append(str(message.text))

    first = asyncio.ensure_future(turns.answer("hang", "rest:anna", "rest", locked))
    await asyncio.sleep(0.3)
    started = time.monotonic()
    replies = await turns.answer(DANGER[language], "rest:anna", "rest", locked)
    assert time.monotonic() - started < ALARM_WAIT_S + 0.1
    assert cards(replies)[0] == "alarm"
    assert PHONE in texts(await first)
    await turns.stop()
    assert done == [DANGER[language]], "the emergency is handled by Rasa as soon as the lock is free"


async def test_a_lock_that_is_never_released_does_not_silence_anybody(content: Content) -> None:
    locks, turns = FairLocks(), make_turns(content)

    async def locked(message: UserMessage) -> None:
        async with locks.lock(message.sender_id):
            await say_ok(message)

    async with locks.lock("rest:anna"):
        assert PHONE in texts(await turns.answer(SAID["en"], "rest:anna", "rest", locked))
        assert texts(await turns.answer(SAID["en"], "rest:ben", "rest", locked)) == "ok"
    assert texts(await turns.answer(SAID["en"], "rest:anna", "rest", locked)) == "ok"


async def test_what_was_said_before_a_failure_is_kept(content: Content) -> None:
    async def say_and_fail(message: UserMessage) -> None:
        await say_ok(message)
        raise OSError("disk full")

    assert texts(await make_turns(content).answer("hello", "rest:anna", "rest", say_and_fail)) == "ok"


@pytest.mark.parametrize("part", ["_reader", "people", "limits", "keeper", "metrics"])
async def test_parts_of_the_guard_itself_may_fail(content: Content, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = make_turns(content)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    names = {"_reader": "read", "people": "saw", "limits": "turn", "keeper": "fulfil", "metrics": "answered"}
    monkeypatch.setattr(getattr(turns, part), names[part], fail)
    replies = await turns.answer("hello", "rest:anna", "rest", say_ok)
    assert PHONE in texts(replies) or texts(replies) == "ok"


async def test_a_notice_file_that_fails_silences_nobody(content: Content) -> None:
    turns = make_turns(content)
    turns.keeper._notices.close()
    assert texts(await turns.answer("hello", "rest:anna", "rest", say_ok)) == "ok"


async def test_stopping_waits_for_answers_and_takes_nothing_new(content: Content) -> None:
    turns = make_turns(content)

    async def slow(message: UserMessage) -> None:
        await asyncio.sleep(0.3)
        await say_ok(message)

    running = asyncio.ensure_future(turns.answer("hello", "rest:anna", "rest", slow))
    await asyncio.sleep(0.05)
    stopping = asyncio.ensure_future(turns.stop())
    await asyncio.sleep(0)
    late = await turns.answer("hello", "rest:ben", "rest", slow)
    assert cards(late) == ["busy"]
    assert cards(await turns.answer(DANGER["en"], "rest:ben", "rest", slow))[0] == "alarm"
    await stopping
    assert running.done()
    assert texts(running.result()) == "ok"


@LANGUAGES
async def test_who_is_too_fast_still_gets_an_alarm(content: Content, language: str) -> None:
    turns = make_turns(content, rate_per_session="2/minute")
    replies = [await turns.answer(SAID[language], "rest:anna", "rest", say_ok) for _ in range(4)]
    assert cards(replies[-1]) == ["too_fast"]
    assert PHONE in texts(replies[-1])
    assert cards(await turns.answer(DANGER[language], "rest:anna", "rest", say_ok)) == ["alarm"]


async def test_danger_at_the_end_of_a_very_long_message_is_seen(content: Content) -> None:
    raw = "my back story goes on. " * 400 + DANGER["en"]
    assert cards(await make_turns(content).answer(raw, "rest:anna", "rest", hang))[0] == "alarm"


@pytest.fixture
def turns(content: Content) -> Turns:
    return make_turns(content)


async def test_only_buttons_that_were_sent_can_be_pressed(turns: Turns) -> None:
    core, crunches = '/ask_core{"choice": "core/why"}', '/ask_crunches{"choice": "crunches/about"}'
    heard = list[str]()

    async def offer(message: UserMessage) -> None:
        heard.append(str(message.text))
        offer = {"text": "Pick.", "buttons": [{"title": "Core", "payload": core}]}
        await message.output_channel.send_response(message.sender_id, offer)

    for raw in (crunches, core, crunches, "/restart", '/greet{"language": "xx"}'):
        await turns.answer(raw, "rest:anna", "rest", offer)
    assert heard == [crunches, core, crunches[1:], "restart", 'greet{"language": "xx"}']
