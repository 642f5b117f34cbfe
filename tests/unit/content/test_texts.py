"""Every text has a name, and two forms: as it is read and as it is said."""

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.texts import SENTENCE_END, free_part
from spineline.text.letters import spelled

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_an_answer_is_said_in_its_own_spoken_words(language: str, content: Content) -> None:
    answer, part = content.answer("hamstring_stretch/how_long"), content.part("hamstring_stretch/how_long", language)
    assert part.read == content.fill(answer.text[language], language)
    assert part.said == content.fill(answer.say[language], language)


@each_language
def test_a_line_with_a_spoken_form_is_said_in_it(language: str, content: Content) -> None:
    part = content.part("lines.stop_line", language)
    assert part.read == content.lines["stop_line"][language]
    assert part.said == content.spoken["lines.stop_line"][language]


@each_language
def test_every_other_text_is_said_as_it_is_read(language: str, content: Content) -> None:
    part = content.part("lines.other_language", language)
    assert part.said == spelled(part.read)


@each_language
def test_numbers_to_call_are_named_as_written_and_said_digit_by_digit(language: str, content: Content) -> None:
    part = content.part("lines.safe_text", language)
    assert part.numbers == (content.clinic.phone, "911")
    assert "9 1 1" in part.said
    assert "911" not in part.said


def test_numbers_that_are_no_telephone_numbers_are_not_spelled() -> None:
    part = free_part("Call 310-555-0100, or 911. Hold 30 seconds.", "en")
    assert part.said == "Call 3 1 0, 5 5 5, 0 1 0 0, or 9 1 1. Hold 30 seconds."
    assert part.numbers == ("310-555-0100", "911")


@each_language
def test_names_are_filled_in_for_readers_and_listeners(language: str, content: Content) -> None:
    part = content.part("lines.known_about_you", language).filled(messages=3, since="2026-11-28", kept_days=30)
    for text in (part.read, part.said):
        assert all(value in text for value in ("3", "2026-11-28", "30"))
        assert "$" not in text


def test_an_unknown_name_is_an_error(content: Content) -> None:
    with pytest.raises(KeyError):
        content.part("lines.nonsense", "en")


@pytest.mark.parametrize("text", ["Ask for Dr. Example at the desk.", "Pida a la Dra. Ejemplo en recepción."])
def test_the_short_form_of_doctor_ends_no_sentence(text: str) -> None:
    assert SENTENCE_END.split(text) == [text]


def test_a_number_ends_a_sentence_like_a_word() -> None:
    assert SENTENCE_END.split("Do 10. Rest then.") == ["Do 10.", "Rest then."]
