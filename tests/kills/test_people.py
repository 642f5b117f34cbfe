"""What counts as told again, and what a kill explains."""

from __future__ import annotations

from types import SimpleNamespace

from tests.kills.people import ALARM, NOTICE, RESENT_S, Came, Person, beyond, repeated


def _person(*began: str) -> Person:
    said = [Came(float(at), text) for at, text in enumerate(began)]
    return SimpleNamespace(began=said)  # type: ignore[return-value]


def test_the_notice_and_each_answer_are_due_once() -> None:
    came = [Came(1, NOTICE), Came(1, "You wrote: 0 stretch"), Came(2, "You wrote: 0 stretch"), Came(3, NOTICE)]
    assert repeated(_person("0 stretch"), came) == [(1, 2), (1, 3)]


def test_an_alarm_is_due_for_each_message_of_danger() -> None:
    came = [Came(0.5, ALARM), Came(1.5, ALARM), Came(1.8, ALARM), Came(2.5, ALARM)]
    assert repeated(_person("numb", "0 stretch", "numb"), came) == [
        (1.5 - RESENT_S, 1.5),
        (1.8 - RESENT_S, 1.8),
    ]


def test_a_kill_explains_one_repetition_and_only_one_across_it() -> None:
    assert beyond([(1, 3)], kills=[2]) == 0
    assert beyond([(1, 3), (1, 4)], kills=[2]) == 1
    assert beyond([(1, 3), (1, 4)], kills=[2, 2.5]) == 0
    assert beyond([(1, 3)], kills=[4]) == beyond([(1, 3)], kills=[]) == 1
