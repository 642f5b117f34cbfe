"""Say it once: no message comes twice word for word, and the safety line stands whole once on a subject."""

from __future__ import annotations

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)


def tap(content: Content, choice: str, memory: Memory) -> Reply:
    return respond(Turn("", "ask_core", choice=choice), memory, content)


def say(content: Content, text: str, intent: str, memory: Memory) -> Reply:
    return respond(Turn(text, intent), memory, content)


def ids(reply: Reply) -> list[str | None]:
    return [part.id for message in reply.messages for part in message.parts]


@each_language
def test_the_safety_line_is_whole_once_then_short_then_gone(language: str, content: Content) -> None:
    first = tap(content, "plank/how", Memory(language))
    other = tap(content, "bird_dog/how", first.memory)
    same = tap(content, "bird_dog/how_long", other.memory)
    assert ids(first)[-1] == "lines.stop_line"
    assert ids(other)[-1] == "lines.stop_line_short"
    assert ids(same) == ["bird_dog/how_long"]


def test_another_subject_has_its_own_safety_line(content: Content) -> None:
    memory = tap(content, "plank/how", Memory("en")).memory
    assert ids(tap(content, "cat_stretch/how", memory))[-1] == "lines.stop_line"


@each_language
def test_an_answer_that_is_asked_for_again_is_short_and_never_the_same(language: str, content: Content) -> None:
    memory, said = Memory(language), list[str]()
    for _ in range(4):
        reply = tap(content, "plank/how", memory)
        memory, said = reply.memory, [*said, reply.messages[0].text]
    assert len(set(said)) == len(said)
    assert ids(reply)[-1] == "short/plank/how"


@each_language
def test_a_greeting_is_said_once(language: str, content: Content) -> None:
    first = say(content, "hola", "greet", Memory(language))
    again = say(content, "hola", "greet", first.memory)
    assert ids(first)[0] == "greet/about"
    assert ids(again)[0] == "lines.greeted_again"


def test_sorry_is_said_in_three_ways(content: Content) -> None:
    memory, said = Memory("en"), list[str | None]()
    for _ in range(3):
        reply = say(content, "blah blah", "nlu_fallback", memory)
        memory, said = reply.memory, [*said, reply.messages[0].card]
    assert len(set(said)) == 3


def test_an_alarm_keeps_its_instruction_in_front(content: Content) -> None:
    text = "i can't feel my crotch and i wet myself"
    first = say(content, text, "nlu_fallback", Memory("en"))
    again = say(content, text, "nlu_fallback", first.memory)
    assert ids(again)[0] == ids(first)[0]


def test_the_language_counts(content: Content) -> None:
    memory = tap(content, "contact/about", Memory("en")).memory
    again = respond(Turn("", "ask_core", choice="contact/about", language="es"), memory, content)
    assert ids(again) == ["contact/about"]
