"""Whatever fails behind the channel, a person gets a text with the clinic's number, in time, in their language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from engines import EngineOf, asks
from faulty import DANGER, PHONE, SAID, TELLING, cards, hang, make_turns, say_ok, texts
from patience import LONG_S, NEVER_S, SHORT_S, let_others_run, without_hanging
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from replies import says

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.engine.rasa_engine import RasaEngine
from spineline.environment import current_content
from spineline.keep.database import PATIENT_S
from spineline.keep.notices import Notices
from spineline.settings import Settings
from spineline.stores.locks import FairLocks
from spineline.turns import turns as turns_module
from spineline.turns.engine import Asked, Say
from spineline.turns.metrics import Metrics
from spineline.turns.turns import ALARM_WAIT_S, Turns

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


async def _raise(_: Asked, __: Say) -> None:
    raise RuntimeError("secret words of a patient")


async def _silent(_: Asked, __: Say) -> None:
    return None


async def _raise_something_worse(_: Asked, __: Say) -> None:
    raise asyncio.CancelledError


def _says(message: Any) -> Callable[[Asked, Say], Awaitable[None]]:
    """Rasa with this answer, through the collector that keeps what is none."""

    async def handle(user: UserMessage) -> None:
        await user.output_channel.send_response(user.sender_id, message)

    return RasaEngine(lambda: SimpleNamespace(handle_message=handle), current_content()).answer


BROKEN = {
    "an error": _raise,
    "a hang": hang,
    "silence": _silent,
    "a cancellation": _raise_something_worse,
    "an empty text": _says({"text": "  "}),
    "a text that is none": _says({"text": 5}),
    "no text": _says({"custom": {"a": 1}}),
    "no message at all": _says(None),
    "a server without a model": RasaEngine(Agent, current_content()).answer,
}


@LANGUAGES
@pytest.mark.parametrize("on_message", BROKEN.values(), ids=BROKEN)
async def test_whatever_rasa_does_there_is_an_answer(content: Content, language: str, on_message: Any) -> None:
    turns = make_turns(content, deadline_s=SHORT_S)
    replies = await without_hanging(asks(turns, on_message).answer(SAID[language], "rest:anna", "rest"))
    assert PHONE in texts(replies)
    assert TELLING[language] in texts(replies)
    assert texts(replies).count(PHONE) == 1, "one language is enough when it is known"
    assert replies[-1].calls == ("clinic", "911")


@LANGUAGES
@pytest.mark.parametrize("on_message", BROKEN.values(), ids=BROKEN)
async def test_whatever_rasa_does_an_emergency_gets_advice(content: Content, language: str, on_message: Any) -> None:
    turns = make_turns(content, deadline_s=NEVER_S, alarm_wait_s=SHORT_S)  # so it is not the deadline that ends it
    replies = await without_hanging(asks(turns, on_message).answer(DANGER[language], "rest:anna", "rest"))
    assert cards(replies)[0] == "alarm"
    assert replies[0].text.startswith(content.tiers["ED_NOW"]["do"][language])


@LANGUAGES
@pytest.mark.parametrize("tier", [None, Tier.ROUTINE, Tier.CALL_TODAY], ids=["no tier", "routine", "today"])
async def test_something_milder_than_the_danger_is_not_passed_on(
    content: Content, language: str, tier: Tier | None
) -> None:
    async def calm(_: Asked, say: Say) -> None:
        say(says("All is well.", language, tier=tier))

    engine = EngineOf(calm)
    turns = make_turns(content, engine)
    replies = await turns.answer(DANGER[language], "rest:anna", "rest")
    assert replies[0].text.startswith(content.tiers["ED_NOW"]["do"][language])
    assert "All is well." not in texts(replies)
    await turns.stop()
    assert [message.card for _, said in engine.recorded for message in said] == ["alarm"], "and the alarm is open"


async def test_an_engine_may_answer_an_emergency_with_something_more_urgent(content: Content) -> None:
    async def worse(_: Asked, say: Say) -> None:
        say(says("Call 911.", tier=Tier.CALL_911))

    replies = await asks(make_turns(content), worse).answer(DANGER["en"], "rest:anna", "rest")
    assert "Call 911." in texts(replies)


def test_an_emergency_waits_a_third_of_a_second_unless_a_test_says_otherwise(content: Content) -> None:
    turns = Turns(content, Settings(), EngineOf(hang), Notices(), Metrics())
    assert turns._alarm_wait_s == ALARM_WAIT_S == 0.3


async def test_the_language_of_the_last_answer_is_remembered(content: Content) -> None:
    turns = make_turns(content)
    await asks(turns, _says({"text": "Sí.", "metadata": {"language": "es"}})).answer("1", "rest:anna", "rest")
    replies = await asks(turns, _raise).answer("2", "rest:anna", "rest")
    assert texts(replies) == content.line("safe_text", "es")


async def test_both_languages_are_spoken_when_none_is_known(content: Content) -> None:
    replies = await asks(make_turns(content), _raise).answer("???", "rest:anna", "rest")
    assert texts(replies) == f"{content.line('safe_text', 'en')}\n{content.line('safe_text', 'es')}"


@LANGUAGES
async def test_an_emergency_does_not_wait_for_a_turn_that_hangs(content: Content, language: str) -> None:
    locks, turns, done = FairLocks(), make_turns(content, alarm_wait_s=SHORT_S), list[str]()
    has_begun, gate = asyncio.Event(), asyncio.Event()

    async def locked(message: Asked, say: Say) -> None:
        async with locks.lock(message.conversation):
            if "hang" in str(message.text):
                has_begun.set()
                await gate.wait()
            done.append(str(message.text))

    first = asyncio.ensure_future(asks(turns, locked).answer("hang", "rest:anna", "rest"))
    await has_begun.wait()
    replies = await asks(turns, locked).answer(DANGER[language], "rest:anna", "rest")
    assert not first.done(), "the alarm comes while the turn before it still hangs"
    assert cards(replies)[0] == "alarm"
    gate.set()
    assert PHONE in texts(await first)
    await turns.stop()
    assert done == ["hang", DANGER[language]], "the emergency is handled by Rasa as soon as the lock is free"


async def test_a_lock_that_is_never_released_does_not_silence_anybody(content: Content) -> None:
    locks = FairLocks()

    async def locked(message: Asked, say: Say) -> None:
        async with locks.lock(message.conversation):
            await say_ok(message, say)

    turns, hasty = make_turns(content, EngineOf(locked)), make_turns(content, EngineOf(locked), deadline_s=SHORT_S)
    async with locks.lock("rest:anna"):
        assert PHONE in texts(await hasty.answer(SAID["en"], "rest:anna", "rest"))
        assert texts(await turns.answer(SAID["en"], "rest:ben", "rest")) == "ok"
    assert texts(await turns.answer(SAID["en"], "rest:anna", "rest")) == "ok"


async def test_what_was_said_before_a_failure_is_kept(content: Content) -> None:
    async def say_and_fail(message: Asked, say: Say) -> None:
        await say_ok(message, say)
        raise OSError("disk full")

    assert texts(await asks(make_turns(content), say_and_fail).answer("hello", "rest:anna", "rest")) == "ok"


async def test_a_notice_file_that_fails_silences_nobody(content: Content) -> None:
    turns = make_turns(content)
    await turns.database.close()
    assert texts(await asks(turns, say_ok).answer("hello", "rest:anna", "rest")) == "ok"


@pytest.mark.parametrize(("said", "waits"), [(SAID["en"], True), (DANGER["en"], False)], ids=["calm", "in danger"])
async def test_who_is_calm_waits_to_be_told_the_notice_once(
    said: str, waits: bool, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content)

    async def late(_: str, within_s: float) -> bool:
        if within_s < PATIENT_S:
            raise asyncio.TimeoutError
        return True

    monkeypatch.setattr(turns.keeper._notices, "were_given", late)
    told = cards(await asks(turns, say_ok).answer(said, "rest:anna", "rest"))
    assert ("privacy_notice" not in told) == waits


class SlowClock:
    """Stands still unless told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(turns_module, "perf_counter", lambda: self.now)
        monkeypatch.setattr(turns_module, "LEAST_S", SHORT_S)

    async def passes(self, *_: Any) -> None:
        self.now += LONG_S


async def test_what_comes_before_the_engine_is_a_part_of_the_deadline(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while the disk hangs: two seconds for the database, and then the engine hangs as well."""
    clock, turns = SlowClock(monkeypatch), make_turns(content, deadline_s=LONG_S)
    monkeypatch.setattr(turns.linking, "answer", clock.passes)
    said = await asyncio.wait_for(asks(turns, hang).answer(SAID["en"], "rest:anna", "rest"), LONG_S / 2)
    assert PHONE in texts(said)


async def test_a_wish_that_hangs_has_what_the_engine_left_of_the_deadline(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, turns = SlowClock(monkeypatch), make_turns(content, deadline_s=LONG_S)

    async def slow(_: Asked, say: Say) -> None:
        await clock.passes()
        say(says("Deleted.", wish="forget"))

    async def never(*_: object) -> None:
        await asyncio.sleep(NEVER_S)

    monkeypatch.setattr(turns.keeper, "fulfil", never)
    said = await asyncio.wait_for(asks(turns, slow).answer("delete my data", "rest:anna", "rest"), LONG_S / 2)
    assert PHONE in texts(said)


async def test_stopping_waits_for_answers_and_takes_nothing_new(content: Content) -> None:
    turns, has_begun, gate = make_turns(content, alarm_wait_s=SHORT_S), asyncio.Event(), asyncio.Event()

    async def slow(message: Asked, say: Say) -> None:
        has_begun.set()
        await gate.wait()
        await say_ok(message, say)

    running = asyncio.ensure_future(asks(turns, slow).answer("hello", "rest:anna", "rest"))
    await has_begun.wait()
    stopping = asyncio.ensure_future(turns.stop())
    await let_others_run()
    assert not stopping.done()
    late = await asks(turns, slow).answer("hello", "rest:ben", "rest")
    assert cards(late) == ["busy"]
    assert cards(await asks(turns, slow).answer(DANGER["en"], "rest:ben", "rest"))[0] == "alarm"
    gate.set()
    await stopping
    assert running.done()
    assert texts(running.result()) == "ok"


@LANGUAGES
async def test_who_is_too_fast_still_gets_an_alarm(content: Content, language: str) -> None:
    turns = make_turns(content, rate_per_session="2/minute")
    replies = [await asks(turns, say_ok).answer(SAID[language], "rest:anna", "rest") for _ in range(4)]
    assert cards(replies[-1]) == ["too_fast"]
    assert PHONE in texts(replies[-1])
    assert cards(await asks(turns, say_ok).answer(DANGER[language], "rest:anna", "rest")) == ["alarm"]


async def test_danger_at_the_end_of_a_very_long_message_is_seen(content: Content) -> None:
    raw = "my back story goes on. " * 400 + DANGER["en"]
    turns = make_turns(content, alarm_wait_s=SHORT_S)
    assert cards(await asks(turns, hang).answer(raw, "rest:anna", "rest"))[0] == "alarm"


@pytest.fixture
def turns(content: Content) -> Turns:
    return make_turns(content)


async def test_only_buttons_that_were_sent_can_be_pressed(turns: Turns) -> None:
    core, crunches = '/ask_core{"choice": "core/why"}', '/ask_crunches{"choice": "crunches/about"}'
    title = turns.content.answer("crunches/about").ask["en"]
    heard = list[tuple[str, str | None]]()

    async def offer(message: Asked, say: Say) -> None:
        heard.append((message.text, message.choice))
        say(says("Pick.", choices=("core/why",)))

    for raw in (crunches, core, crunches, "/restart", '/greet{"language": "xx"}'):
        await asks(turns, offer).answer(raw, "rest:anna", "rest")
    tapped = [("", "crunches/about"), ("", "core/why")]
    assert heard == [*tapped, (title, None), ("restart", None), ('greet{"language": "xx"}', None)]
