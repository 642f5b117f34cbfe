"""What people type, made readable: invisible characters gone, accents folded, words counted."""

import json
from copy import deepcopy

import pytest

from spineline.text.letters import Typed, clean, fold, is_question, with_names, words


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
    ("raw", "plain"),
    [
        ("one\r\ntwo\rthree\x85four\u2028five\vsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("an\u0303o que\u0301", "año qué"),
        ("ｐｌａｎｋ １０", "plank 10"),
        ("𝓹𝓵𝓪𝓷𝓴 ⓟⓛⓐⓝⓚ 🅿🅻🅰🅽🅺 ᴘʟᴀɴᴋ", "plank plank PLANK plank"),
        ("сhest", "chest"),
        ("p\u200dl\u200dank", "plank"),
        ("p̶l̶a̶n̶k̶", "plank"),
        ("can&#39;t&nbsp;plank &amp; R&D", "can't plank & R&D"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ],
    ids=["breaks", "accents", "full width", "styles", "mixed", "joiners", "struck", "entities", "paragraphs"],
)
def test_letters_in_disguise_become_plain(raw: str, plain: str) -> None:
    assert clean(raw) == plain


@pytest.mark.parametrize("text", ["у меня болит спина", "πονάει η μέση μου", "38º ½ № 5 … ™", "1️⃣ ❤️ 🇲🇽", "Ñoño güero"])
def test_other_languages_and_signs_stay_what_they_are(text: str) -> None:
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
    assert list(words(text)) == found


def test_only_given_names_are_filled_in() -> None:
    assert with_names("$days days, a $20 fee, $alud$", days=30) == "30 days, a $20 fee, $alud$"
    assert with_names("¿$minutes minutos?", minutes="$days", days=1) == "¿$days minutos?"


@pytest.mark.parametrize(("text", "asks"), [("why?", True), ("¿ya viene", True), ("no", False), ("", False)])
def test_a_question_is_known_by_its_signs(text: str, asks: bool) -> None:
    assert is_question(text) is asks


@pytest.mark.parametrize("text", ["Why is MY back stiff?", "¿Cuántas planchas, señor?", ""], ids=["en", "es", "empty"])
def test_what_was_typed_reads_like_the_plain_text_and_is_folded_once(text: str) -> None:
    typed = Typed(text)
    assert (typed, fold(typed), words(typed)) == (text, fold(text), words(text))
    assert fold(typed) is fold(typed)
    assert words(typed) is words(typed)


def test_what_was_typed_stays_one_value_on_its_way_through_rasa() -> None:
    typed = Typed("¿Cuántas?")
    assert Typed.of(typed) is typed
    assert typed.strip() is typed
    assert Typed("  hello ").strip() == "hello"
    assert json.loads(json.dumps(typed)) == deepcopy(typed) == typed
