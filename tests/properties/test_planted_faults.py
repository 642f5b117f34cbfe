"""Each property finds the fault that is planted for it, so that a property that holds says something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.danger.rules import Assessment, RedFlag
from spineline.danger.tiers import Tier
from spineline.dialogue import alarms, choices, conversation, intake
from spineline.turns import turns as turns_module
from spineline.turns.failures import Failures
from spineline.turns.last_words import calling_line
from spineline.turns.turns import Turns
from tests.properties.all_of_them import PROPERTIES
from tests.properties.always_answers import ANSWERS_ALWAYS, ON_EVERY_CHANNEL
from tests.properties.broken_parts import ALARMS_WHATEVER_FAILS, ANSWERS_WHATEVER_FAILS
from tests.properties.closing import CLOSES_BY_CLEAR_WORDS, CLOSES_BY_CLEAR_WORDS_ONLY, NEVER_BECOMES_MILDER
from tests.properties.danger_anywhere import ALARMS_ANYWHERE
from tests.properties.prop import Property

Planting = Callable[[pytest.MonkeyPatch], None]


def a_line_lacks_a_language(patch: pytest.MonkeyPatch) -> None:
    def part(self: Content, id: str, language: str) -> Part:
        is_lost = id.startswith("lines.") and language == "es"
        return self.parts[id, "" if is_lost else language]

    patch.setattr(Content, "part", part)


def a_notice_is_not_filled_in(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        turns_module, "filled_line", lambda name, language, content, **_: calling_line(name, language, content)
    )


def only_the_beginning_is_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intake, "LONGEST_READ", 300)


def the_milder_of_two_signs_counts(patch: pytest.MonkeyPatch) -> None:
    def mildest(self: Assessment) -> tuple[RedFlag, ...]:
        return tuple(flag for flag in self.all if flag.alarms)[-1:]

    patch.setattr(Assessment, "alarms", property(mildest))


def an_error_leads_to_the_safe_text(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turns, "alarm", lambda *_: None)


def a_failing_part_is_not_survived(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def survived(_: Failures, __: str) -> Iterator[None]:
        yield

    patch.setattr(Failures, "survived", survived)


def a_part_of_a_title_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(choices, "_needs_whole_title", lambda _: False)


def a_clear_sentence_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conversation, "said_to_close", lambda *_: None)


def the_latest_sign_takes_over(patch: pytest.MonkeyPatch) -> None:
    def with_sign(_: Any, tier: Tier, flag: str | None) -> dict[str, Any]:
        return {"tier": tier.value, "flag": flag, "open": True}

    patch.setattr(alarms, "with_sign", with_sign)


PLANTED: list[tuple[Property, Planting]] = [
    (ANSWERS_ALWAYS, a_line_lacks_a_language),
    (ON_EVERY_CHANNEL, a_notice_is_not_filled_in),
    (ALARMS_ANYWHERE, only_the_beginning_is_read),
    (ALARMS_ANYWHERE, the_milder_of_two_signs_counts),
    (ALARMS_WHATEVER_FAILS, an_error_leads_to_the_safe_text),
    (ANSWERS_WHATEVER_FAILS, a_failing_part_is_not_survived),
    (CLOSES_BY_CLEAR_WORDS_ONLY, a_part_of_a_title_is_enough),
    (CLOSES_BY_CLEAR_WORDS, a_clear_sentence_is_not_heard),
    (NEVER_BECOMES_MILDER, the_latest_sign_takes_over),
]


@pytest.mark.parametrize(("fact", "plant"), PLANTED, ids=[f"{plant.__name__}" for _, plant in PLANTED])
def test_it_is_found(fact: Property, plant: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert fact.fails()


def test_every_property_has_its_fault() -> None:
    assert {fact.name for fact, _ in PLANTED} == {fact.name for fact in PROPERTIES}
