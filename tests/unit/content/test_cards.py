"""Cards: read whole or refused with everything that is wrong; the nearest kind of answer is given."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.content.cards import Card, defaults, load_cards
from spineline.content.library import Content
from spineline.errors import ContentError

ANSWER: dict[str, Any] = {
    "ask": {"en": "Plank", "es": "Plancha"},
    "en": "Hold still.",
    "es": "No se mueva.",
    "say": {"en": "Hold still.", "es": "No se mueva."},
}
CARD: dict[str, Any] = {
    "title": {"en": "Plank", "es": "Plancha"},
    "intents": ["ask_core"],
    "answers": {"about": ANSWER},
    "reviewed": {"by": "", "on": ""},
}


def loaded(folder: Path, **cards: Any) -> dict[str, Card]:
    for name, card in cards.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    return load_cards(folder)


def with_answer(**changes: Any) -> dict[str, Any]:
    """The card whose only answer has these fields changed; None takes a field away."""
    answer = {name: value for name, value in {**ANSWER, **changes}.items() if value is not None}
    return {**CARD, "answers": {"about": answer}}


def test_an_answer_is_known_by_its_card_and_kind(tmp_path: Path) -> None:
    assert loaded(tmp_path, plank=CARD)["plank"].answers["about"].ref == "plank/about"


def test_a_card_is_named_by_one_thing_or_by_several(tmp_path: Path) -> None:
    named = {"exercise": ["crunch", "sit up"], "muscle": "core"}
    card = loaded(tmp_path, plank={**CARD, "named_by": named})["plank"]
    assert card.named_by == (("exercise", "crunch"), ("exercise", "sit up"), ("muscle", "core"))


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        ({**CARD, "titel": 1}, "'titel' is not a field of a card. Did you mean 'title'?"),
        ({**CARD, "intents": []}, "'intents' is missing"),
        ({**CARD, "answers": {}}, "no answer 'about'"),
        ({**CARD, "answers": {"about": ANSWER, "how_lng": ANSWER}}, "Did you mean 'how_long'?"),
        (with_answer(es=None), "no es text"),
        (with_answer(en="  "), "no en text"),
        (with_answer(say={"en": "Hold still."}), "no es 'say'"),
        (with_answer(ask={"en": "Plank"}), "no es text (answer or 'ask')"),
        (with_answer(source=["x"]), "Did you mean 'sources'?"),
        ({**CARD, "answers": {"about": "Hold still."}}, "expected ask, en, es"),
        ({**CARD, "family": "cor"}, "family 'cor' is not a card"),
        (with_answer(buttons=["plank/abuot"]), "button 'plank/abuot' leads nowhere. Did you mean 'plank/about'?"),
        ([], "expected title, intents, answers"),
        ({name: value for name, value in CARD.items() if name != "reviewed"}, "'reviewed' is missing"),
        ({**CARD, "reviewed": {"on": ""}}, "reviewed"),
    ],
    ids=[
        "mistyped field",
        "no intent",
        "no answer",
        "mistyped kind",
        "no spanish",
        "blank english",
        "nothing to say in spanish",
        "title in one language",
        "mistyped field of an answer",
        "answer as text",
        "unknown family",
        "dangling button",
        "a list",
        "no place to sign",
        "sign-off without a name",
    ],
)
def test_what_is_wrong_is_said_with_the_file(card: Any, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, plank=card)
    assert problem in str(caught.value)
    assert "plank.yml: " in str(caught.value)


def test_problems_of_all_cards_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, plank=with_answer(es=None), squat=with_answer(en=None))
    assert len(caught.value.problems) == 2


def test_two_cards_cannot_answer_the_same_intent_as_a_whole(tmp_path: Path) -> None:
    cards = loaded(tmp_path, **{name: {**CARD, "default_for": "ask_core"} for name in ("plank", "core")})
    with pytest.raises(ContentError, match="ask_core has a default card already"):
        defaults(cards)


@pytest.mark.parametrize(
    ("kind", "given"),
    [("how_long", "how_long"), ("which", "about"), ("when", "how_often"), (None, "about")],
    ids=["a kind it has", "which -> about", "when -> how often", "no kind"],
)
def test_the_nearest_kind_of_answer_is_given(kind: str | None, given: str, content: Content) -> None:
    assert content.cards["plank"].answer(kind, content.questions.nearest).ref == f"plank/{given}"


def test_every_card_answers_every_kind_of_question(content: Content) -> None:
    for card in content.cards.values():
        for kind in content.questions.nearest:
            assert card.answer(kind, content.questions.nearest).ref.startswith(f"{card.id}/")
