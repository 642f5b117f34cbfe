"""Messages: which texts and quick replies they have, whom to call, and where an answer comes from."""

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker


@pytest.mark.parametrize(("whom", "url"), [("911", "tel:911"), ("988", "tel:988")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_numbers_can_be_tapped(whom: str, url: str, language: str, content: Content) -> None:
    title, address = Speaker(content, language).call(whom)
    assert address == url
    assert whom in title


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_clinic_is_called_at_its_own_number(language: str, content: Content, example: Content) -> None:
    for clinic in (content, example):
        title, address = Speaker(clinic, language).call("clinic")
        assert (address, clinic.clinic.phone in title) == (clinic.clinic.phone_link, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_answer_ends_with_the_line_on_when_to_stop(language: str, content: Content) -> None:
    text = Speaker(content, language).answer(content.answer("plank/how_long")).text
    assert text.endswith("\n" + content.line("stop_line", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_where_it_comes_from(language: str, content: Content) -> None:
    answer = content.answer("core/why")
    message = Speaker(content, language).answer(answer)
    assert (message.language, message.card, message.sources) == (language, "core/why", answer.sources)


def test_an_answer_that_wants_a_call_offers_it_first(content: Content) -> None:
    message = Speaker(content, "en").answer(content.answer("contact/about"))
    assert message.calls == ("clinic",)


def test_an_answer_can_come_without_quick_replies(content: Content) -> None:
    assert not Speaker(content, "en").answer(content.answer("core/why"), with_replies=False).choices


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_comes_with_its_choices_behind_the_number(language: str, content: Content) -> None:
    message = Speaker(content, language).line("too_long", ("help/about",), call=True)
    assert (message.calls, message.choices) == (("clinic",), ("help/about",))


@pytest.mark.parametrize(("known", "spoken"), [("es", "es"), ("en", "en"), (None, LANGUAGES[0]), ("fr", LANGUAGES[0])])
def test_who_speaks_no_language_of_ours_is_spoken_to_in_the_first(
    known: str | None, spoken: str, content: Content
) -> None:
    assert Speaker.to(known, content) == Speaker(content, spoken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_quick_replies_are_called_by_their_titles(language: str, content: Content) -> None:
    titles = [content.answer(ref).ask[language] for ref in ("core/why", "plank/how")]
    assert Speaker(content, language).replies(("core/why", "plank/how")) == titles
