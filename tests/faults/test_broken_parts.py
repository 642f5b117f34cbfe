"""Once there are words they are said: a part behind that is broken changes no alarm and swallows no answer."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from engines import asks
from fake_rasa import FakeRasa
from faulty import DANGER, PARTS, PHONE, SAID, cards, fail, hang, make_turns, place_of, say_ok, texts
from patience import LONG_S, SHORT_S

from spineline import failures
from spineline.content.library import Content
from spineline.keep import database as database_module
from spineline.turns import turns as turns_module
from spineline.turns.turns import ALARM_WAIT_S

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
NEVER_S = LONG_S  # what takes so long waits for ever


async def _hang_long(*_: Any) -> None:
    await asyncio.sleep(3600)


@LANGUAGES
@pytest.mark.parametrize("part", PARTS)
async def test_an_alarm_stays_an_alarm(
    content: Content, part: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content, alarm_wait_s=SHORT_S)
    monkeypatch.setattr(*place_of(turns, part), fail)
    replies = await asks(turns, hang).answer(DANGER[language], "rest:anna", "rest")
    assert "alarm" in cards(replies)
    assert content.tiers["ED_NOW"]["do"][language] in texts(replies)


@LANGUAGES
@pytest.mark.parametrize("part", PARTS)
async def test_an_alarm_in_rasas_words_stays_one(
    content: Content, part: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content)
    monkeypatch.setattr(*place_of(turns, part), fail)
    replies = await asks(turns, FakeRasa(content).answer).answer(DANGER[language], "rest:anna", "rest")
    assert "alarm" in cards(replies)


@LANGUAGES
@pytest.mark.parametrize("part", sorted({*PARTS} - {"limits.turn", "metrics.in_flight.track_inprogress"}))
async def test_an_answer_stays_an_answer(
    content: Content, part: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content)
    monkeypatch.setattr(*place_of(turns, part), fail)
    assert texts(await asks(turns, say_ok).answer(SAID[language], "rest:anna", "rest")).startswith("ok")


@pytest.mark.parametrize("part", ["limits.turn", "metrics.in_flight.track_inprogress"])
async def test_without_a_turn_there_is_still_the_clinics_number(
    content: Content, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content)
    monkeypatch.setattr(*place_of(turns, part), fail)
    assert PHONE in texts(await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest"))


@LANGUAGES
@pytest.mark.parametrize("part", ["people.saw", "metrics.answered", "linking.meant", "people.get", "metrics.failed"])
async def test_a_refused_alarm_stays_an_alarm(
    content: Content, part: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content, FakeRasa(content))
    turns.limits.is_stopping = True
    monkeypatch.setattr(*place_of(turns, part), fail)
    assert cards(await asks(turns, hang).answer(DANGER[language], "rest:anna", "rest")) == ["alarm"]
    await turns.stop()


async def test_a_log_that_cannot_be_written_silences_nobody(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = make_turns(content, alarm_wait_s=SHORT_S)
    monkeypatch.setattr(turns_module, "logger", None)
    monkeypatch.setattr(failures, "get_logger", None)
    assert texts(await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest")) == "ok"
    assert "alarm" in cards(await asks(turns, hang).answer(DANGER["en"], "rest:anna", "rest"))
    turns.limits.is_stopping = True
    assert cards(await asks(turns, hang).answer(DANGER["en"], "rest:anna", "rest")) == ["alarm"]


async def test_a_promise_about_data_is_not_said_when_nobody_could_keep_it(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content, FakeRasa(content))
    monkeypatch.setattr(turns.keeper, "fulfil", fail)
    replies = await turns.answer("delete my data", "rest:anna", "rest")
    assert content.line("forgotten", "en") not in texts(replies)
    assert PHONE in texts(replies)


@pytest.mark.parametrize("wish", ["delete my data", "borre mis datos", "what do you know about me"])
async def test_a_store_that_hangs_keeps_nobody_waiting_past_the_deadline(
    content: Content, wish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = make_turns(content, FakeRasa(content), deadline_s=SHORT_S)
    for name in ("delete", "export"):
        monkeypatch.setattr(turns.engine.store, name, _hang_long)
    replies = await asyncio.wait_for(turns.answer(wish, "rest:anna", "rest"), NEVER_S)
    assert PHONE in texts(replies)
    assert not any(message.wish for message in replies)


async def test_a_deletion_that_takes_longer_is_not_left_half_done(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, is_free = make_turns(content, FakeRasa(content)), asyncio.Event()
    deleted, left_s = list[str](), iter((LONG_S, SHORT_S))  # for the engine, and for the deletion
    monkeypatch.setattr(turns, "_left", lambda _: next(left_s, LONG_S))

    async def delete(sender: str) -> None:
        await is_free.wait()
        deleted.append(sender)

    monkeypatch.setattr(turns.engine.store, "delete", delete)
    await asyncio.wait_for(turns.answer("delete my data", "rest:anna", "rest"), NEVER_S)
    assert not deleted
    is_free.set()
    await turns.stop()
    assert deleted == ["rest:anna"]


async def test_a_failure_is_counted_and_its_place_is_logged(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, said = make_turns(content), list[dict[str, Any]]()
    logger = SimpleNamespace(error=lambda event, **told: said.append(told))
    monkeypatch.setattr(failures, "get_logger", lambda _: logger)
    monkeypatch.setattr(*place_of(turns, "people.saw"), fail)
    await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest")
    (told,) = said
    assert (told["where"], told["error"]) == ("people", "RuntimeError")
    assert told["at"].startswith("spineline/turns/turns.py:")
    assert turns.metrics.failures.labels("RuntimeError")._value.get() == 1


@pytest.mark.hangs
async def test_a_database_that_has_just_kept_an_emergency_waiting_leaves_the_engine_half_as_long(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look, the engine, the disk and the messenger have half a second together."""
    monkeypatch.setattr(database_module, "HANGS_S", NEVER_S)
    turns, gate = make_turns(content, alarm_wait_s=ALARM_WAIT_S), threading.Event()
    assert turns._alarm_waits_s() == ALARM_WAIT_S
    turns.database._thread.submit(gate.wait, LONG_S)
    with pytest.raises(asyncio.TimeoutError):
        await turns.database.read(lambda _: None, SHORT_S)
    gate.set()
    assert turns._alarm_waits_s() == ALARM_WAIT_S / 2
