"""One answer as a text in the shape of every channel."""

import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Turn
from spineline.turns.shape import CHANNELS, is_numbered, text_for


def shaped(name: str, ref: str, content: Content, language: str = "en") -> str:
    return text_for(Speaker(content, language).answer(content.answer(ref)), CHANNELS[name], content)


def test_a_text_is_all_that_is_read_where_everything_can_be_tapped(content: Content) -> None:
    assert (
        shaped("web", "contact/about", content) == Speaker(content, "en").answer(content.answer("contact/about")).text
    )


def test_text_messages_number_the_quick_replies(content: Content) -> None:
    choices = content.answer("contact/about").buttons
    assert shaped("sms", "contact/about", content).split("\n")[-len(choices) :] == [
        f"{number}. {content.answer(ref).ask['en']}" for number, ref in enumerate(choices, 1)
    ]


@pytest.mark.parametrize("name", CHANNELS)
def test_a_number_is_an_answer_wherever_quick_replies_cannot_be_tapped(name: str) -> None:
    assert is_numbered(name) is not CHANNELS[name].taps
    assert is_numbered("terminal"), "the chat in the terminal shows numbers, so one closes an alarm there"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_score_is_not_asked_for_by_numbered_lines(language: str, content: Content) -> None:
    """ "3" must not be able to mean both three of ten and the third line, which is seven to ten."""
    options = content.triage["questions"]["severity"]["options"]
    asked = Speaker(content, language).line("empty_message", [f"triage:{option}" for option in options])
    titles = [content.triage["options"][option][language] for option in options]
    said = text_for(asked, CHANNELS["sms"], content)
    assert said.split("\n")[-len(titles) :] == [f"- {title}" for title in titles]


@pytest.mark.parametrize("name", ["telegram", "sms"])
def test_a_number_to_call_is_said_once_where_it_cannot_be_tapped(name: str, content: Content) -> None:
    assert shaped(name, "contact/about", content).count(content.clinic.phone) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_that_no_part_names_is_said_behind_them(language: str, content: Content) -> None:
    message = Speaker(content, language).line("switched_language", call=True)
    assert text_for(message, CHANNELS["sms"], content).split("\n")[1] == content.line("call_button", language)
    assert content.clinic.phone not in text_for(message, CHANNELS["web"], content)


@pytest.mark.parametrize("name", ["telegram", "sms", "whatsapp"])
def test_an_alarm_names_every_number(name: str, content: Content) -> None:
    reply = respond(Turn("I want to kill myself", "report_red_flag", language="en"), Memory(language="en"), content)
    text = "\n".join(text_for(message, CHANNELS[name], content) for message in reply.messages)
    assert all(number in text for number in ("988", "911"))


def test_every_choice_fits_a_telegram_button(content: Content) -> None:
    assert max(len(choice.encode()) for choice in content.choices) <= 60
