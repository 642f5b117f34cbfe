"""Text messages as carriers count them, cut where a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spineline.channels.twilio.texts.parts import (
    LONGEST_WHATSAPP,
    MOST_SEGMENTS,
    fits_sms,
    fits_whatsapp,
    parts,
    plain,
    segments,
)
from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker
from spineline.turns.shape import CHANNELS, text_for

COUNTED = {
    "nothing": ("", 0),
    "one letter": ("a", 1),
    "a full segment": ("a" * 160, 1),
    "one letter more": ("a" * 161, 2),
    "two full segments": ("a" * 306, 2),
    "three begun": ("a" * 307, 3),
    "é, ñ, ü, ¿ and ¡ are in the telephones' alphabet": ("¿é¡ñü" * 32, 1),
    "á is not": ("á" + "a" * 69, 1),
    "á and one letter more": ("á" + "a" * 70, 2),
    "í, ó and ú are not either": ("íóú" + "a" * 131, 2),
    "a euro sign takes two places": ("€" * 80, 1),
    "81 of them do not fit": ("€" * 81, 2),
    "no sign is torn between segments": ("a" * 152 + "€" + "a" * 153, 3),
    "brackets take two places": ("[" * 80 + "a", 2),
    "an emoji takes two places": ("🙂" * 35, 1),
    "36 of them do not fit": ("🙂" * 36, 2),
    "no emoji is torn between segments": ("a" * 66 + "🙂" + "a" * 67, 3),
    "line breaks count": ("a\n" * 80, 1),
}


@pytest.mark.parametrize(("text", "count"), COUNTED.values(), ids=COUNTED)
def test_segments_are_counted_as_carriers_do(text: str, count: int) -> None:
    assert segments(text) == count


def test_typographic_signs_do_not_cost_more() -> None:
    text = plain("“Don’t” – wait…\u00a0now • go")
    assert text == '"Don\'t" - wait... now - go'
    assert segments(text * 6) == 1


def test_spanish_keeps_its_accents() -> None:
    assert plain("¿Cuánto? Sí, está aquí, según él.") == "¿Cuánto? Sí, está aquí, según él."


def three(text: str) -> bool:
    return len(text) <= 40


def test_short_texts_share_a_message() -> None:
    assert parts(["One.", "Two."], three) == ["One.\n\nTwo."]


def test_a_text_that_does_not_fit_begins_a_new_message() -> None:
    assert parts(["a" * 30, "b" * 30], three) == ["a" * 30, "b" * 30]


def test_long_texts_are_cut_between_lines() -> None:
    assert parts(["The first line is here.\nAnd the second is here."], three) == [
        "The first line is here.",
        "And the second is here.",
    ]


def test_long_lines_are_cut_between_sentences() -> None:
    assert parts(["Call 911. Do not drive. Stay with someone. Wait."], three) == [
        "Call 911. Do not drive.",
        "Stay with someone. Wait.",
    ]


def test_a_title_is_no_end_of_a_sentence() -> None:
    cut = parts(["Please do ask for the name of Dr. Hyun Bae. He knows."], three)
    assert not any(part.endswith("Dr.") for part in cut)


def test_a_numbered_list_stays_together() -> None:
    text = "Something to read first, quite long.\n1. One way\n2. Another way\n3. A third"
    assert parts([text], three) == ["Something to read first, quite long.", "1. One way\n2. Another way\n3. A third"]


def test_long_sentences_are_cut_between_words_and_long_words_anywhere() -> None:
    cut = parts(["word " * 20 + "x" * 90], three)
    assert all(three(part) for part in cut)
    assert "".join(cut).replace(" ", "") == "word" * 20 + "x" * 90


def test_what_follows_a_long_line_keeps_its_distance() -> None:
    text = "One sentence of this line. Another sentence of it.\nEnd."
    assert parts([text], three) == ["One sentence of this line.", "Another sentence of it.\nEnd."]


def test_nothing_becomes_no_message() -> None:
    assert parts(["", "  \n "], fits_sms) == []


@given(st.lists(st.text(st.sampled_from("aé á.\n1🙂€?"), max_size=900), max_size=3))
def test_whatever_is_said_arrives_whole_and_in_order(texts: list[str]) -> None:
    made = parts(texts, fits_sms)
    assert all(0 < segments(message) <= MOST_SEGMENTS for message in made)
    assert "".join("".join(made).split()) == "".join("".join(texts).split())


@pytest.mark.parametrize(("name", "language", "most"), [("sms", "en", 2), ("sms", "es", 4), ("whatsapp", "es", 1)])
def test_every_answer_arrives_in_few_messages(name: str, language: str, most: int, content: Content) -> None:
    fits = fits_sms if name == "sms" else fits_whatsapp
    for answer in (answer for card in content.cards.values() for answer in card.answers.values()):
        said = text_for(Speaker(content, language).answer(answer), CHANNELS[name], content)
        made = parts([plain(said)], fits)
        assert len(made) <= most, answer.ref
        assert all(map(fits, made)), answer.ref


def test_whatsapp_takes_1600_characters() -> None:
    assert fits_whatsapp("á" * LONGEST_WHATSAPP)
    assert not fits_whatsapp("🙂" * (LONGEST_WHATSAPP // 2) + "a")
