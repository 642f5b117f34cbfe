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
        ("I am getting help!", ALARM, "alarm:getting_help"),
        ("ya estoy recibiendo ayuda", ALARM, "alarm:getting_help"),
        ("that is not what i meant", ALARM, "alarm:not_meant"),
        ("no quise decir eso", ALARM, "alarm:not_meant"),
        ("Fever or chills", SIGNS, "triage:fever"),
        ("calentura o escalofríos", SIGNS, "triage:fever"),
        ("none of these", SIGNS, "triage:none"),
        ("nada de esto", SIGNS, "triage:none"),
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


@pytest.mark.parametrize(
    "text",
    ["help", "Help!", "ayuda", "I am", "estoy", "ya", "ya estoy", "no", "what?", "that", "meant", "eso", "quise", "is"],
)
def test_a_word_of_a_title_closes_no_alarm(text: str, content: Content) -> None:
    assert typed_choice(text, ALARM, content) is None


@pytest.mark.parametrize(
    "text",
    [
        "no one",
        "one second",
        "one second please",
        "just one second",
        "no uno",
        "one more",
        "un segundo",
        "the one time",
    ],
)
def test_a_number_that_means_something_else_presses_nothing(text: str, content: Content) -> None:
    assert typed_choice(text, ALARM, content) is None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("no 2", "alarm:not_meant"),
        ("No. 1 please", "alarm:getting_help"),
        ("please 2", "alarm:not_meant"),
        ("the second one please", "alarm:not_meant"),
        ("por favor la 1", "alarm:getting_help"),
        ("the one", "alarm:getting_help"),
    ],
)
def test_words_beside_a_number_leave_it_one(text: str, choice: str, content: Content) -> None:
    assert typed_choice(text, ALARM, content) == choice


@pytest.mark.parametrize("text", ["I am getting help?", "¿Ya estoy recibiendo ayuda?", "That is not what I meant ?"])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_title_as_a_question_closes_no_alarm(text: str, numbered: bool, content: Content) -> None:
    assert typed_choice(text, ALARM, content, numbered) is None


def test_a_title_as_a_question_still_asks_for_its_card(content: Content) -> None:
    assert typed_choice("Is the plank safe?", ("plank/how", "plank/safe"), content) == "plank/safe"


@pytest.mark.parametrize("text", ["none", "these", "of these", "nada", "de esto", "esto", "no", "or", "y"])
def test_a_word_of_a_title_never_says_that_there_is_no_danger(text: str, content: Content) -> None:
    assert typed_choice(text, (*SIGNS, "triage:chest"), content) is None


@pytest.mark.parametrize("text", ["1", "3", "7", "8", "number two", "uno", "1 and 2"])
@pytest.mark.parametrize("offered", [SIGNS, ALARM, ("line:yes", "line:no")], ids=["signs", "alarm", "yes or no"])
def test_a_number_presses_nothing_about_danger_where_no_numbers_are_shown(
    text: str, offered: tuple[str, ...], content: Content
) -> None:
    assert typed_choice(text, offered, content, numbered=False) is None


@pytest.mark.parametrize(
    ("text", "choice"),
    [("the second one", "triage:fever"), ("la primera", "triage:numb"), ("third", "triage:none")],
)
def test_an_ordinal_means_its_sign_on_a_screen_too(text: str, choice: str, content: Content) -> None:
    assert typed_choice(text, SIGNS, content, numbered=False) == choice
    assert typed_choice(text, ALARM, content, numbered=False) is None


@pytest.mark.parametrize("text", ["bad", "worse", "question", "or", "Both", "fuerte", "numb", "peor", "weak"])
def test_a_word_of_a_title_presses_no_danger_sign(text: str, content: Content) -> None:
    offered = ("triage:injury", "triage:weaker", "triage:numb", "triage:legs", "triage:other", "triage:unsure")
    assert typed_choice(text, offered, content, numbered=False) is None


def test_a_number_still_means_a_question_where_no_numbers_are_shown(content: Content) -> None:
    assert typed_choice("2", PLANK, content, numbered=False) == "plank/how_long"


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1 and 4", "triage:numb"),
        ("#2 and #5", "triage:chest"),
        ("3, 2", "triage:fever"),
        ("uno y dos", "triage:numb"),
        ("yes 2", "triage:fever"),
        ("sí, el 2", "triage:fever"),
        ("3 and 4", "triage:none"),
    ],
)
def test_of_several_numbers_the_most_urgent_counts(text: str, choice: str, content: Content) -> None:
    assert typed_choice(text, (*SIGNS, "triage:chest"), content) == choice


@pytest.mark.parametrize("text", ["5/10", "2/10", "1 and 12", "3 weeks"])
def test_a_score_is_no_list_of_numbers(text: str, content: Content) -> None:
    assert typed_choice(text, (*SIGNS, "triage:chest"), content) is None


def test_a_long_message_is_no_choice(content: Content) -> None:
    assert typed_choice("how long do i have to hold the plank then", PLANK, content) is None


def test_nothing_is_chosen_when_nothing_was_offered(content: Content) -> None:
    assert typed_choice("1", (), content) is None
