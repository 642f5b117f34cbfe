"""Messages: which texts and quick replies they have, whom to call, and where an answer comes from."""

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.render import answer_message, call_link, line_message


@pytest.mark.parametrize(("whom", "url"), [("911", "tel:911"), ("988", "tel:988")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_numbers_can_be_tapped(whom: str, url: str, language: str, content: Content) -> None:
    title, address = call_link(whom, language, content)
    assert address == url
    assert whom in title


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_clinic_is_called_at_its_own_number(language: str, content: Content, example: Content) -> None:
    for clinic in (content, example):
        title, address = call_link("clinic", language, clinic)
        assert (address, clinic.clinic.phone in title) == (clinic.clinic.phone_link, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_answer_ends_with_the_line_on_when_to_stop(language: str, content: Content) -> None:
    text = answer_message(content.answer("plank/how_long"), language, content).text
    assert text.endswith("\n" + content.line("stop_line", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_where_it_comes_from(language: str, content: Content) -> None:
    answer = content.answer("core/why")
    message = answer_message(answer, language, content)
    assert (message.language, message.card, message.sources) == (language, "core/why", answer.sources)


def test_an_answer_that_wants_a_call_offers_it_first(content: Content) -> None:
    message = answer_message(content.answer("contact/about"), "en", content)
    assert message.calls == ("clinic",)


def test_an_answer_can_come_without_quick_replies(content: Content) -> None:
    assert not answer_message(content.answer("core/why"), "en", content, with_replies=False).choices


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_comes_with_its_choices_behind_the_number(language: str, content: Content) -> None:
    message = line_message("too_long", language, content, ("help/about",), call=True)
    assert (message.calls, message.choices) == (("clinic",), ("help/about",))
