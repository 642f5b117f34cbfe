"""Words that are obeyed in text messages: whole messages only, in both languages, however they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from spineline.content.keywords import load_keywords
from spineline.content.library import Content
from spineline.errors import ContentError

# The words that the FCC and the carriers name, and their Spanish ones.
STOP = [*"STOP STOPALL QUIT END REVOKE OPTOUT CANCEL UNSUBSCRIBE ALTO PARAR CANCELAR BAJA".split(), "OPT OUT"]


@pytest.mark.parametrize("word", STOP)
@pytest.mark.parametrize("typed", ["{}", "  {}. ", "{}!!", "¡{}!", "{} 🛑", "*{}*"])
def test_stop_is_stop_however_it_is_typed(word: str, typed: str, content: Content) -> None:
    for text in (word, word.lower(), word.title()):
        assert content.keywords.of(typed.format(text)) == "stop"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Start", "start"),
        ("unstop", "start"),
        ("INICIAR", "start"),
        ("comenzar", "start"),
        ("help", "help"),
        ("Info?", "help"),
        ("AYUDA", "help"),
        ("opt-out", "stop"),
        ("No más mensajes", "stop"),
        ("ya no me manden mensajes.", "stop"),
        ("Stop texting me", "stop"),
    ],
)
def test_other_keywords(text: str, kind: str, content: Content) -> None:
    assert content.keywords.of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "🛑",
        "yes",
        "sí",
        "no",
        "1",
        "when should i stop",
        "cancel my appointment",
        "quiero cancelar mi cita",
        "i need help with my back",
        "ayuda me duele",
        "does it end",
        "baja la espalda",
        "stop " * 500,
    ],
)
def test_sentences_and_answers_are_no_keywords(text: str, content: Content) -> None:
    assert content.keywords.of(text) is None


def test_no_quick_reply_is_a_keyword(content: Content) -> None:
    offered = {button for card in content.cards.values() for a in card.answers.values() for button in a.buttons}
    offered |= {choice for choice in content.choices if "/" not in choice}
    titles = {title for choice in offered for title in content.choices[choice].title.values()}
    assert not [title for title in titles if content.keywords.of(title)]


def test_a_word_with_two_meanings_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yml"
    path.write_text(
        "stop: {en: [End], es: [alto]}\nstart: {en: [end], es: [inicio]}\nhelp: {en: [help], es: [ayuda]}\n"
        "reaction: {en: [liked], es: [le gusta]}\n"
    )
    with pytest.raises(ContentError, match="'end' means stop and start"):
        load_keywords(path)
