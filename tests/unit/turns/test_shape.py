"""One answer in the shape of every channel."""

import pytest
from replies import as_reply

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.render import answer_message, line_message
from spineline.dialogue.turn import Memory, Turn
from spineline.text.letters import spelled
from spineline.turns.shape import CHANNELS, shape


def shaped(name: str, ref: str, content: Content, language: str = "en") -> tuple[str, list[str], int]:
    (message,) = shape([as_reply(answer_message(content.answer(ref), language, content))], CHANNELS[name], content)
    return message.text, [choice.id for choice in message.choices], len(message.links)


def test_buttons_stay_buttons_where_they_can_be_tapped(content: Content) -> None:
    text, choices, links = shaped("web", "contact/about", content)
    assert choices[0] == "hours_location/about"
    assert links == 1
    assert "1." not in text


def test_text_messages_number_the_quick_replies(content: Content) -> None:
    text, choices, links = shaped("sms", "contact/about", content)
    assert text.split("\n")[-4:] == [
        f"{number}. {content.answer(ref).ask['en']}" for number, ref in enumerate(choices, 1)
    ]
    assert links == 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_score_is_not_asked_for_by_numbered_lines(language: str, content: Content) -> None:
    """ "3" must not be able to mean both three of ten and the third line, which is seven to ten."""
    options = content.triage["questions"]["severity"]["options"]
    asked = line_message("empty_message", language, content, [f"triage:{option}" for option in options])
    (said,) = shape([as_reply(asked)], CHANNELS["sms"], content)
    titles = [content.triage["options"][option][language] for option in options]
    assert said.text.split("\n")[-len(titles) :] == [f"- {title}" for title in titles]


def test_a_number_to_call_is_said_once_where_it_cannot_be_tapped(content: Content) -> None:
    text, _, links = shaped("telegram", "contact/about", content)
    assert text.count(content.clinic.phone) == 1
    assert links == 0


@pytest.mark.parametrize("name", ["telegram", "sms", "whatsapp", "voice"])
def test_an_alarm_names_every_number(name: str, content: Content) -> None:
    reply = respond(Turn("I want to kill myself", "report_red_flag", language="en"), Memory(language="en"), content)
    text = "\n".join(message.text for message in shape(map(as_reply, reply.messages), CHANNELS[name], content))
    numbers = ("9 8 8", "9 1 1") if name == "voice" else ("988", "911")
    assert all(number in text for number in numbers)


def test_callers_hear_the_spoken_text_and_a_short_stop_line(content: Content) -> None:
    answer = content.answer("hamstring_stretch/how_long")
    text, _, _ = shaped("voice", answer.ref, content)
    assert answer.say["en"] in text
    assert content.line("stop_line_spoken", "en") in text
    assert content.line("stop_line", "en") not in text


def test_numbers_to_call_are_spelled() -> None:
    assert (
        spelled("Call 310-828-7757, or 911. Hold 30 seconds.")
        == "Call 3 1 0, 8 2 8, 7 7 5 7, or 9 1 1. Hold 30 seconds."
    )


def test_every_choice_fits_a_telegram_button(content: Content) -> None:
    ids = [answer.ref for card in content.cards.values() for answer in card.answers.values()]
    ids += [f"triage:{option}" for option in content.triage["options"]]
    assert max(len(choice.encode()) for choice in ids) <= 60
