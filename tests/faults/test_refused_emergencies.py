"""An emergency that comes while the limits refuse is answered, and stays open like every other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from engines import asks
from fake_rasa import FakeRasa
from faulty import DANGER, SAID, cards, make_turns, say_ok
from patience import let_others_run
from rasa.shared.core.events import SlotSet, UserUttered

from spineline.content.library import Content
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import Turns

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
PEOPLE = 200


class Gate:
    """Turns that do not end before somebody opens."""

    def __init__(self) -> None:
        self._open = asyncio.Event()

    async def __call__(self, message: Asked, say: Say) -> None:
        await self._open.wait()
        await say_ok(message, say)

    def open(self) -> None:
        self._open.set()


async def _too_fast(turns: Turns) -> None:
    await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest")
    await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest")


async def _busy(turns: Turns) -> None:
    turns.limits._most = 0


async def _stopping(turns: Turns) -> None:
    turns.limits.is_stopping = True


REFUSING = {"too fast": _too_fast, "busy": _busy, "stopping": _stopping}


def _turns(content: Content, **settings: Any) -> Turns:
    return make_turns(content, FakeRasa(content), **settings)


async def _events(turns: Turns, sender: str) -> list[Any]:
    tracker = await turns.engine.store.retrieve_full_tracker(sender)
    return list(tracker.events) if tracker else []


async def _open_alarm(turns: Turns, sender: str) -> Any:
    alarms = [e.value for e in await _events(turns, sender) if isinstance(e, SlotSet) and e.key == "alarm"]
    return alarms[-1] if alarms else None


@LANGUAGES
@pytest.mark.parametrize("refuse", REFUSING.values(), ids=REFUSING)
async def test_it_is_written_down_with_an_open_alarm(content: Content, refuse: Any, language: str) -> None:
    turns = _turns(content, rate_per_session="1/minute")
    await refuse(turns)
    assert cards(await asks(turns, say_ok).answer(DANGER[language], "rest:anna", "rest")) == ["alarm"]
    await turns.stop()
    assert (await _open_alarm(turns, "rest:anna"))["open"] is True
    said = [e.text for e in await _events(turns, "rest:anna") if isinstance(e, UserUttered)]
    assert said == [DANGER[language]]


@LANGUAGES
async def test_its_buttons_can_be_pressed(content: Content, language: str) -> None:
    turns, heard = _turns(content), list[str | None]()
    turns.limits.is_stopping = True
    (alarm,) = await asks(turns, say_ok).answer(DANGER[language], "rest:anna", "rest")
    turns.limits.is_stopping = False

    async def hear(message: Asked, say: Say) -> None:
        heard.append(message.choice)
        await say_ok(message, say)

    await asks(turns, hear).answer(content.choices[alarm.choices[0]].payload, "rest:anna", "rest")
    assert heard == [alarm.choices[0]]


@LANGUAGES
async def test_without_danger_nothing_is_kept(content: Content, language: str) -> None:
    turns = _turns(content)
    turns.limits.is_stopping = True
    negated = {"en": "I am not numb and I can pee fine", "es": "no estoy dormido y orino bien"}
    for text in (SAID[language], negated[language]):
        assert cards(await asks(turns, say_ok).answer(text, "rest:anna", "rest")) == ["busy"]
    await turns.stop()
    assert await _events(turns, "rest:anna") == []


async def test_as_many_as_come_at_once_are_all_written_down(content: Content) -> None:
    turns, gate = _turns(content, most_in_flight=8), Gate()
    busy = [asyncio.ensure_future(asks(turns, gate).answer(SAID["en"], f"rest:{n}", "rest")) for n in range(8)]
    await let_others_run()
    people = [f"rest:person {n}" for n in range(PEOPLE)]
    answers = await asyncio.gather(*(asks(turns, say_ok).answer(DANGER["en"], person, "rest") for person in people))
    assert [cards(answer) for answer in answers] == [["alarm"]] * PEOPLE
    gate.open()
    await asyncio.gather(*busy)
    await turns.stop()
    assert [p for p in people if not (await _open_alarm(turns, p) or {}).get("open")] == []


async def test_a_flood_is_not_read_and_leaves_nothing(content: Content) -> None:
    turns = _turns(content, rate_per_session="1/minute")
    for _ in range(10):
        await asks(turns, say_ok).answer(SAID["en"], "rest:anna", "rest")
    assert cards(await asks(turns, say_ok).answer(DANGER["en"], "rest:anna", "rest")) == ["too_fast"]
    await turns.stop()
    assert await _open_alarm(turns, "rest:anna") is None
