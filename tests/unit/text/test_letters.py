"""What people type, made readable: invisible characters gone, accents folded, words counted."""

import pytest

from spineline.text.letters import clean, fold, words


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("hi\x00 there\x07", "hi there"),
        ("\u200bplank\ufeff", "plank"),
        ("\u202eespalda\u202c", "espalda"),
        ("a\ud800b", "ab"),
        ("  cuello \n", "cuello"),
        ("", ""),
        ("\x00\x01\u200b", ""),
    ],
    ids=["control", "zero width", "direction marks", "broken surrogate", "outer spaces", "empty", "invisible only"],
)
def test_invisible_characters_are_removed(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@pytest.mark.parametrize(
    "raw", ["<b>cuello</b>", "<img src='x' onerror='y'>cuello", "cuello<br/>", '<A HREF="http://x.example">cuello</a >']
)
def test_html_tags_are_removed(raw: str) -> None:
    assert clean(raw) == "cuello"


@pytest.mark.parametrize(
    "text", ["one\ntwo", "one\ttwo", "👩\u200d⚕️ hola", "¿Cuánto duele?", "pain <3 or >5", "<i cant pee>"]
)
def test_what_can_be_seen_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿CUÁNTAS?", "¿cuantas?"),
        ("Niñez", "ninez"),
        ("pingüino", "pinguino"),
        ("n\u0303o", "no"),
        ("PLANK", "plank"),
        ("💪🏽", "💪🏽"),
        ("", ""),
    ],
    ids=["spanish capitals", "eñe", "diaeresis", "combining mark", "english", "emoji", "empty"],
)
def test_accents_and_case_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_offsets_survive_folding_of_composed_spanish() -> None:
    text = "¿Cuántos días después de la operación? Ñoño güero"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How long?", ["how", "long"]),
        ("¡Ay, mi cuello!", ["ay", "mi", "cuello"]),
        ("I can't", ["i", "can't"]),
        ("it’s sore", ["it’s", "sore"]),
        ("leg_raise 3x10", ["leg", "raise", "3x10"]),
        ("?!... 👍🏽 --", []),
        ("", []),
    ],
    ids=["english", "spanish", "apostrophe", "curly apostrophe", "underscore", "only punctuation", "empty"],
)
def test_words_are_found_without_punctuation(text: str, found: list[str]) -> None:
    assert words(text) == found
