"""Messages sent in pieces alarm together, and only where the last one adds what was missing."""

from __future__ import annotations

import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.together import LONGEST, read_together
from spineline.dialogue.turn import Kind, Memory, Turn


@pytest.mark.parametrize(
    ("pieces", "flag"),
    [
        (("i want to", "die"), "RF08"),
        (("i cant", "pee", "since yesterday"), None),  # the second one alarmed already
        (("i cant", "pee"), "RF11"),
        (("my legs", "are numb"), "RF14"),
        (("hey", "i cant feel", "my legs"), "RF04"),
        (("I can't fell my legs", "*feel"), "RF04"),
        (("my chest", "hurts"), "RF01"),
        (("no puedo", "orinar"), "RF11"),
        (("quiero", "morirme"), "RF08"),
        (("se me durmió", "la entrepierna"), "RF10"),
        (("mi papá", "no puede", "respirar"), "RF07"),
    ],
)
def test_pieces_alarm_together(pieces: tuple[str, ...], flag: str | None, content: Content) -> None:
    *before, last = pieces
    found = read_together(last, before, content)
    assert (found and found.alarm and found.alarm.id) == flag


@pytest.mark.parametrize(
    "pieces",
    [
        ("how many", "crunches"),
        ("hi", "my back is sore", "since leg day"),
        ("what stretch", "for my chest"),
        ("i cant", "do a pull up yet"),
        ("no fever", "no numbness"),
        ("me duele", "la espalda", "un poquito"),
        ("quiero", "estirar las piernas"),
        ("gracias", "adiós"),
    ],
)
def test_ordinary_pieces_stay_quiet(pieces: tuple[str, ...], content: Content) -> None:
    *before, last = pieces
    assert read_together(last, before, content) is None


def test_what_was_said_before_does_not_alarm_again(content: Content) -> None:
    assert read_together("thanks", ["my chest hurts"], content) is None
    assert read_together("it was a joke", ["i want to", "die"], content) is None


def test_long_messages_are_no_pieces(content: Content) -> None:
    assert read_together("pee", ["i cant " + "really " * LONGEST], content) is None
    assert read_together("pee " + "now " * LONGEST, ["i cant"], content) is None


@pytest.mark.parametrize(("pieces", "language"), [(("i cant", "pee"), "en"), (("no puedo", "orinar"), "es")])
def test_a_turn_alarms_over_its_pieces(pieces: tuple[str, str], language: str, content: Content) -> None:
    turn = Turn(pieces[1], "nlu_fallback", language=language, recent=(pieces[0],))
    reply = respond(turn, Memory(language), content)
    assert reply.messages[0].kind is Kind.ALARM
    assert respond(Turn(pieces[1], "nlu_fallback"), Memory(language), content).messages[0].kind is not Kind.ALARM
