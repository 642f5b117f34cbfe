"""Quick replies by their ids: what they are called and which intent they stand for."""

import pytest

from spineline.content.library import Content
from spineline.dialogue.choice import ALARM, ANSWER, LINE, TRIAGE, Choice, all_choices, choice_title


@pytest.mark.parametrize(
    ("id", "choice", "intent"),
    [
        ("plank/how_long", Choice(ANSWER, "plank/how_long"), "ask_core"),
        ("alarm:getting_help", Choice(ALARM, "getting_help"), "affirm"),
        ("alarm:not_meant", Choice(ALARM, "not_meant"), "deny"),
        ("line:yes", Choice(LINE, "yes"), "affirm"),
        ("line:no", Choice(LINE, "no"), "deny"),
        ("triage:fever", Choice(TRIAGE, "fever"), "report_mild_pain"),
    ],
)
def test_an_id_tells_the_kind_and_the_intent(id: str, choice: Choice, intent: str, content: Content) -> None:
    assert Choice.of(id) == choice
    assert choice.intent(content) == intent


@pytest.mark.parametrize(
    ("choice", "language", "title"),
    [
        ("alarm:getting_help", "en", "I am getting help"),
        ("alarm:not_meant", "es", "No quise decir eso"),
        ("line:yes", "es", "Sí"),
        ("triage:none", "en", "None of these"),
    ],
)
def test_a_choice_has_a_title_in_each_language(choice: str, language: str, title: str, content: Content) -> None:
    assert choice_title(choice, content)[language] == title


@pytest.mark.parametrize("id", ["plank/nonsense", "nonsense", "triage:nonsense", "alarm:nonsense", "line:nonsense"])
def test_an_unknown_choice_is_an_error(id: str, content: Content) -> None:
    with pytest.raises(KeyError):
        choice_title(id, content)


def test_no_id_stands_for_two_choices(content: Content) -> None:
    ids = list(all_choices(content))
    assert len(ids) == len(set(ids))
