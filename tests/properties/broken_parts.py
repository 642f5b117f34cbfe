"""No failing part, and no two of them, turn an alarm into something weaker or an answer into silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import faulty
from hypothesis import strategies as st
from in_turns import Remembering, finished, turns_around

from spineline.dialogue.turn import Message
from spineline.turns import turns as turns_module
from spineline.turns.engine import Asked, Say
from spineline.turns.turns import Turns
from tests.properties import plays
from tests.properties.danger_anywhere import alarms_first
from tests.properties.plays import Played
from tests.properties.pools import Danger, Sentence, calm, content, dangers, taught
from tests.properties.prop import Property

_HOUR = 3600
_DEADLINE_S = 0.02  # nobody waits longer here, so that what hangs costs little; an answer in time is never needed
PARTS = (
    *faulty.PARTS,
    "keeper._notices.were_given",
    "keeper._notices.give",
    "_places.place",
    "failures._counter",
    "engine.store",
    "engine.store hangs",
    "engine.record",
    "logger",
)


async def _hang(*_: Any, **__: Any) -> None:
    await asyncio.sleep(_HOUR)


async def _say_nothing(*_: Any, **__: Any) -> None:
    return None


Answers = Callable[[Asked, Say], Coroutine[Any, Any, None]]


def _then(second: Answers) -> Callable[[Answers], Answers]:
    def both(first: Answers) -> Answers:
        async def answer(asked: Asked, say: Say) -> None:
            await first(asked, say)
            await second(asked, say)

        return answer

    return both


async def _raise(*_: Any) -> None:
    raise RuntimeError("words of a patient")


ENGINES: dict[str, Callable[[Answers], Answers]] = {
    "answers": lambda answers: answers,
    "raises": lambda _: _raise,
    "hangs": lambda _: _hang,
    "is silent": lambda _: _say_nothing,
    "raises after the answer": _then(_raise),
    "hangs after the answer": _then(_hang),
}


def broken(stack: ExitStack, turns: Turns, part: str) -> None:
    """Make one part raise at every use."""
    if part == "logger":
        stack.enter_context(patch.object(turns_module, "logger", None))
        return
    if part == "engine.store hangs":
        stack.enter_context(patch.object(turns.engine, "store", SimpleNamespace(delete=_hang, export=_hang)))
        return
    stack.enter_context(patch.object(*faulty.place_of(turns, part), _hang if part == "engine.record" else faulty.fail))


def _replies(text: str, played: Played, engine: str, parts: Collection[str], is_stopping: bool) -> list[Message]:
    behind = Remembering(content(), played.memory)
    behind.answer = ENGINES[engine](behind.answer)  # type: ignore[method-assign]
    turns = turns_around(behind, content(), deadline_s=_DEADLINE_S)
    turns.limits.is_stopping = is_stopping
    with ExitStack() as stack:
        stack.enter_context(patch.object(turns_module, "ALARM_WAIT_S", _DEADLINE_S))
        for part in parts:
            broken(stack, turns, part)
        return finished(turns.answer(text, "rest:anna", "rest"))


def alarms_whatever_fails(
    danger: Danger, played: Played, engine: str, parts: Collection[str], is_stopping: bool
) -> None:
    """An emergency meets the alarm of its tier, with its numbers."""
    alarms_first(_replies(danger.text, played, engine, parts, is_stopping), danger.tier)


def answers_whatever_fails(text: str, played: Played, engine: str, parts: Collection[str], is_stopping: bool) -> None:
    """Everybody else gets words."""
    replies = _replies(text, played, engine, parts, is_stopping)
    assert replies
    assert all(reply.text.strip() for reply in replies)


def _texts() -> st.SearchStrategy[str]:
    wishes = [one.text for one in taught() if _is_wish(one)]
    return st.sampled_from(calm()) | st.sampled_from([*wishes, "link my chats", "delete my data", "borre mis datos"])


def _is_wish(sentence: Sentence) -> bool:
    return sentence.intent == "ask_privacy"


_faults: dict[str, st.SearchStrategy[Any]] = {
    "played": plays.memories(3),
    "engine": st.sampled_from(sorted(ENGINES)),
    "parts": st.sets(st.sampled_from(PARTS), max_size=2),
    "is_stopping": st.sampled_from([False, False, True]),
}
ALARMS_WHATEVER_FAILS = Property(
    "no failing part turns an alarm into something weaker",
    alarms_whatever_fails,
    {"danger": st.sampled_from(dangers()), **_faults},
    few=150,
)
ANSWERS_WHATEVER_FAILS = Property(
    "whatever part fails, there is an answer",
    answers_whatever_fails,
    {"text": _texts(), **_faults},
    few=150,
)
