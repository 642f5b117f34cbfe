"""A message as programs read it, and back again: words for people, ids for the way through Rasa."""

import json
from dataclasses import replace
from typing import Any

import pytest
from replies import says

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message
from spineline.dialogue.wire import noted, pressed, printed, read_message

each_language = pytest.mark.parametrize("language", LANGUAGES)


def through_rasa(message: Message, content: Content) -> Message:
    return read_message(json.loads(json.dumps(noted(message, content))), content)


@each_language
def test_an_answer_comes_back_as_it_was(language: str, content: Content) -> None:
    message = replace(Speaker(content, language).answer(content.answer("plank/how")), intent="ask_core")
    assert through_rasa(message, content) == message


def test_an_alarm_in_both_languages_comes_back_with_every_part_in_its_own(content: Content) -> None:
    (message,) = raise_alarm(Tier.ED_NOW, "RF10", Memory(), content).messages
    assert through_rasa(message, content) == message


@each_language
@pytest.mark.parametrize("wish", ["forget", "tell"])
def test_a_wish_about_data_comes_back(wish: str, language: str, content: Content) -> None:
    message = replace(Speaker(content, language).line("forgotten"), wish=wish)
    assert through_rasa(message, content) == message


def test_the_words_of_a_person_come_back(content: Content) -> None:
    message = says("Anna from the desk: 310-555-0100.", calls=("clinic",))
    assert through_rasa(message, content) == message


@pytest.mark.parametrize(
    "metadata",
    [None, {}, {"parts": [["gone/about", "en"]]}, {"parts": [["plank/how", "en"], ["gone/about", "en"]]}],
    ids=["none", "empty", "an id that is gone", "one of two is gone"],
)
def test_what_has_no_known_ids_is_its_text(metadata: Any, content: Content) -> None:
    message = read_message({"text": "As it was.", "metadata": metadata}, content)
    assert (message.text, message.language, message.parts[0].id) == ("As it was.", LANGUAGES[0], None)


def test_a_choice_that_is_gone_is_not_offered(content: Content) -> None:
    said = {"text": "What?", "metadata": {"choices": ["gone/about", "plank/how"]}}
    assert read_message(said, content).choices == ("plank/how",)


@each_language
def test_programs_get_words_payloads_and_links(language: str, content: Content) -> None:
    message = Speaker(content, language).answer(content.answer("contact/about"))
    said = printed(message, content)
    call, first, *_ = said["buttons"]
    assert said["text"] == message.text
    assert call == {
        "title": content.line("call_button", language),
        "payload": content.clinic.phone_link,
        "type": "web_url",
        "url": content.clinic.phone_link,
    }
    assert first == {
        "title": content.answer(message.choices[0]).ask[language],
        "payload": content.choices[message.choices[0]].payload,
    }
    assert said["metadata"] == {"language": language, "card": "contact/about", "sources": ["clinic_article"]}


def test_programs_are_told_how_urgent_it_is(content: Content) -> None:
    (message,) = raise_alarm(Tier.ED_NOW, "RF10", Memory("en"), content).messages
    told = printed(message, content)["metadata"]
    assert (told["card"], told["tier"], told["flag"]) == ("alarm", "ED_NOW", "RF10")


def test_only_what_a_button_sends_is_a_choice(content: Content) -> None:
    choices = list(content.choices)
    assert [pressed(content.choices[choice].payload, content) for choice in choices] == choices
    for text in ("plank/how", '/greet{"choice": "plank/how"}', '/ask_core{"choice": "plank/how"} and more', "/x", ""):
        assert pressed(text, content) is None
