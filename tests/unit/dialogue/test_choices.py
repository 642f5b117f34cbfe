"""A typed answer to quick replies: a number or words of a title, in either language, and nothing else."""

import pytest

from spineline.content.library import Content
from spineline.dialogue.choices import typed_choice

PLANK = ("plank/how", "plank/how_long", "plank/safe", "side_plank/about")
ALARM = ("alarm:getting_help", "alarm:not_meant")
SIGNS = ("triage:numb", "triage:fever", "triage:none", "triage:skip")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "plank/how"),
        ("2.", "plank/how_long"),
        ("the second one", "plank/how_long"),
        ("number three please", "plank/safe"),
        ("option 4", "side_plank/about"),
        ("one", "plank/how"),
        ("la segunda", "plank/how_long"),
        ("el número dos por favor", "plank/how_long"),
        ("TERCERA", "plank/safe"),
        ("cuatro", "side_plank/about"),
    ],
)
def test_a_typed_number_means_the_quick_reply(text: str, choice: str, content: Content) -> None:
    assert typed_choice(text, PLANK, content) == choice


@pytest.mark.parametrize(
    ("text", "offered", "choice"),
    [
        ("getting help", ALARM, "alarm:getting_help"),
        ("recibiendo ayuda", ALARM, "alarm:getting_help"),
        ("not what i meant", ALARM, "alarm:not_meant"),
        ("no quise decir eso", ALARM, "alarm:not_meant"),
        ("Fever", SIGNS, "triage:fever"),
        ("calentura", SIGNS, "triage:fever"),
        ("none of these", SIGNS, "triage:none"),
        ("nada de esto", SIGNS, "triage:none"),
        ("saltar", SIGNS, "triage:skip"),
        ("side", PLANK, "side_plank/about"),
        ("lateral", PLANK, "side_plank/about"),
    ],
)
def test_words_of_a_title_mean_it_in_either_language(
    text: str, offered: tuple[str, ...], choice: str, content: Content
) -> None:
    assert typed_choice(text, offered, content) == choice


@pytest.mark.parametrize(
    "text",
    ["0", "5", "99", "1 and 2", "plank", "the", "is", "10 minutes", "my neck hurts", "", "👍", "¿?", "²"],
)
def test_what_means_none_or_several_is_no_choice(text: str, content: Content) -> None:
    assert typed_choice(text, PLANK, content) is None


def test_a_long_message_is_no_choice(content: Content) -> None:
    assert typed_choice("how long do i have to hold the plank then", PLANK, content) is None


def test_nothing_is_chosen_when_nothing_was_offered(content: Content) -> None:
    assert typed_choice("1", (), content) is None
