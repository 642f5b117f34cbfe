"""Quick replies by their ids: what they are called and which intent they stand for."""

import pytest

from spineline.content.choice import ALARM, ANSWER, LINE, TRIAGE, all_choices
from spineline.content.library import Content


@pytest.mark.parametrize(
    ("id", "kind", "name", "intent"),
    [
        ("plank/how_long", ANSWER, "plank/how_long", "ask_core"),
        ("alarm:getting_help", ALARM, "getting_help", "affirm"),
        ("alarm:not_meant", ALARM, "not_meant", "deny"),
        ("line:yes", LINE, "yes", "affirm"),
        ("line:no", LINE, "no", "deny"),
        ("triage:fever", TRIAGE, "fever", "report_mild_pain"),
    ],
)
def test_an_id_tells_the_kind_and_the_intent(id: str, kind: str, name: str, intent: str, content: Content) -> None:
    choice = content.choices[id]
    assert (choice.kind, choice.name, choice.intent) == (kind, name, intent)


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
    assert content.choices[choice].title[language] == title


@pytest.mark.parametrize("id", ["plank/nonsense", "nonsense", "triage:nonsense", "alarm:nonsense", "line:nonsense"])
def test_an_unknown_choice_is_an_error(id: str, content: Content) -> None:
    with pytest.raises(KeyError):
        content.choices[id]


def test_no_id_stands_for_two_choices(content: Content) -> None:
    found = all_choices(
        content.cards,
        content.tiers["replies"],
        content.triage["options"],
        content.lines,
        content.moves.rules["moves"],
        content.check_in.titles,
        content.routines.rules["choices"],
    )
    ids = [choice.id for choice in found]
    assert len(ids) == len(set(ids)) == len(content.choices)
