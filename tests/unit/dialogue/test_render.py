"""Messages: quick replies and their payloads, call buttons, fixed lines, and where an answer comes from."""

import json

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.render import (
    answer_message,
    call_button,
    choice_payload,
    choice_title,
    line_message,
    quick_replies,
)


@pytest.mark.parametrize(
    ("choice", "intent"),
    [
        ("plank/how_long", "ask_core"),
        ("alarm:getting_help", "affirm"),
        ("alarm:not_meant", "deny"),
        ("line:yes", "affirm"),
        ("line:no", "deny"),
        ("triage:fever", "report_mild_pain"),
    ],
)
def test_a_payload_carries_the_intent_and_the_choice(choice: str, intent: str, content: Content) -> None:
    payload = choice_payload(choice, content)
    assert payload.startswith(f"/{intent}{{")
    assert json.loads(payload.removeprefix(f"/{intent}")) == {"choice": choice}


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


def test_an_unknown_choice_is_an_error(content: Content) -> None:
    with pytest.raises(KeyError):
        quick_replies(["plank/nonsense"], "en", content)


@pytest.mark.parametrize(("whom", "url"), [("911", "tel:911"), ("988", "tel:988")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_numbers_can_be_tapped(whom: str, url: str, language: str, content: Content) -> None:
    button = call_button(whom, language, content)
    assert button.url == url
    assert whom in button.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_clinic_is_called_at_its_own_number(language: str, content: Content, example: Content) -> None:
    for clinic in (content, example):
        button = call_button("clinic", language, clinic)
        assert (button.url, clinic.clinic.phone in button.title) == (clinic.clinic.phone_link, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_answer_ends_with_the_line_on_when_to_stop(language: str, content: Content) -> None:
    text = answer_message(content.answer("plank/how_long"), language, content).text
    assert text.endswith("\n" + content.line("stop_line", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_where_it_comes_from(language: str, content: Content) -> None:
    answer = content.answer("core/why")
    assert answer_message(answer, language, content).data == {
        "language": language,
        "card": "core/why",
        "sources": list(answer.sources),
    }


def test_an_answer_that_wants_a_call_offers_it_first(content: Content) -> None:
    message = answer_message(content.answer("contact/about"), "en", content)
    assert message.buttons[0].url == content.clinic.phone_link


def test_an_answer_can_come_without_quick_replies(content: Content) -> None:
    assert not answer_message(content.answer("core/why"), "en", content, with_replies=False).buttons


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_comes_with_its_choices_behind_the_number(language: str, content: Content) -> None:
    message = line_message("too_long", language, content, ("help/about",), call=True)
    titles = [button.title for button in message.buttons]
    assert titles == [content.line("call_button", language), content.answer("help/about").ask[language]]
