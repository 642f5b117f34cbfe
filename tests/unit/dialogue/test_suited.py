"""What is for this person, or is not, asked in general: answered from the table of conditions."""

from __future__ import annotations

import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.person_words import PersonText
from spineline.dialogue.turn import Candidate, Entity, Memory, Reply, Turn

STENOSIS = {"stenosis": True}


def say(content: Content, text: str, memory: Memory, intent: str = "nlu_fallback", **turn: object) -> Reply:
    return respond(Turn(text, intent, **turn), memory, content)  # type: ignore[arg-type]


def cards(reply: Reply) -> list[str | None]:
    return [message.card for message in reply.messages]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("which exercises are good for me", "which"),
        ("can he still work out", "which"),
        ("qué ejercicios puedo hacer", "which"),
        ("puede ella hacerlo también", "which"),
        ("what should i stay away from", "avoid"),
        ("which ones are off limits", "avoid"),
        ("qué debo evitar", "avoid"),
        ("qué no puedo hacer", "avoid"),
        ("what can i do about it", "do"),
        ("que me ayuda", "do"),
        ("so what can i do then", "bare"),
        ("whats wrong with me", "have"),
        ("¿qué tengo?", "have"),
        ("what do i have to bring", None),
        ("how do i keep it from coming back", "prevent"),
        ("para que no me vuelva a doler", "prevent"),
        ("what foods should i avoid", None),
        ("do you take my insurance", None),
        ("¿a qué hora abren?", None),
    ],
)
def test_what_is_asked_in_general(text: str, asked: str | None, content: Content) -> None:
    assert PersonText(content.conditions.rules).asks_what(text) == asked


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("i have stenosis, what exercises are safe", "suited:which"),
        ("mi mamá tiene estenosis, qué debe evitar", "suited:avoid"),
    ],
)
def test_a_condition_is_named_with_what_fits(text: str, card: str, content: Content) -> None:
    reply = say(content, text, Memory("en"))
    assert cards(reply) == [card]
    assert "stenosis" in reply.messages[0].text.lower()
    assert reply.memory.offered == content.conditions.of(STENOSIS)[0].instead


@pytest.mark.parametrize(("chance", "card"), [(0.95, "after_birth/when"), (0.6, "suited:which")])
def test_the_table_is_not_asked_where_an_answer_is_sure(chance: float, card: str, content: Content) -> None:
    text = "my c-section was seven weeks ago, what exercises can i do"
    candidates = (Candidate("after_birth/when", chance),)
    reply = say(content, text, Memory("en", person=STENOSIS), "ask_core", candidates=candidates)
    assert card in cards(reply)


def test_what_was_told_before_counts(content: Content) -> None:
    assert cards(say(content, "what should i avoid", Memory("en", person=STENOSIS))) == ["suited:avoid"]


def test_that_one_means_the_first_that_was_offered(content: Content) -> None:
    reply = say(content, "which exercises can i do", Memory("en", person=STENOSIS))
    assert cards(say(content, "how do i do it", reply.memory)) == ["knee_to_chest/how"]


def test_nothing_is_offered_that_another_condition_forbids(content: Content) -> None:
    reply = say(content, "which exercises can i do", Memory("en", person={"stenosis": True, "pregnant": 30}))
    assert not {"knee_to_chest/how", "pelvic_tilt/how"} & set(reply.memory.offered)


def test_a_question_about_one_exercise_gets_its_own_answer(content: Content) -> None:
    plank = (Entity("exercise", "plank"),)
    reply = say(content, "can i do planks", Memory("en", person=STENOSIS), "ask_core", entities=plank)
    assert cards(reply) == ["plank/safe"]


@pytest.mark.parametrize(
    ("text", "part", "ref"),
    [
        ("what exercises can i do for my back", "back", "core/how"),
        ("qué hago si me duele el cuello", "neck", "soothing/how"),
        ("what can i do for a sore neck", "neck", "soothing/how"),
    ],
)
def test_without_a_condition_it_is_answered_in_general(text: str, part: str, ref: str, content: Content) -> None:
    reply = say(content, text, Memory("en"), "ask_soothing", entities=(Entity("body_part", part),))
    assert cards(reply) == [ref]


def test_who_asks_what_she_has_gets_no_diagnosis(content: Content) -> None:
    reply = say(content, "so what do i have", Memory("en", person=STENOSIS), "help")
    assert cards(reply) == ["why_pain/about"]


@pytest.mark.parametrize(
    ("text", "intent", "part"),
    [("what can i do about my taxes", "out_of_scope", None), ("which exercises for my knee", "ask_core", "knee")],
)
def test_what_is_not_about_the_back_is_not(text: str, intent: str, part: str | None, content: Content) -> None:
    entities = (Entity("body_part", part),) if part else ()
    assert cards(say(content, text, Memory("en"), intent, entities=entities)) not in (["core/how"], ["soothing/how"])


def test_a_sure_answer_goes_before_the_general_one(content: Content) -> None:
    sure = (Candidate("stretching/which", 0.9),)
    assert cards(say(content, "which stretches do i do", Memory("en"), "ask_stretching", candidates=sure)) == [
        "stretching/which"
    ]
