""" "Are you thinking of ending your life?": yes, no and unsure are heard; and how it went afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import is_open, raise_alarm
from spineline.dialogue.checkin import AWAY_MIN
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Kind, Memory, Reply, Turn
from spineline.turns.last_words import alarm

NOON = 29_000_000
each_language = pytest.mark.parametrize("language", ["en", "es"])


def asked(content: Content, language: str, tier: Tier = Tier.CRISIS_988, flag: str = "RF40") -> Memory:
    return raise_alarm(tier, flag, Memory(language), content).memory


def say(content: Content, text: str, memory: Memory, intent: str = "nlu_fallback", at: int = 0) -> Reply:
    return respond(Turn(text, intent, language=memory.language, at=at), memory, content)


def flags(memory: Memory) -> list[str]:
    found = memory.alarm or {}
    return [found["flag"], *(flag for _, flag in found.get("also", ()))]


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yeah",
        "I guess so",
        "sometimes",
        "maybe",
        "not sure",
        "yes and no",
        "every day",
        "I think about it",
        "sí",
        "si",
        "a veces",
        "no sé",
        "tal vez",
        "creo que sí",
        "lo he pensado",
        "todos los días",
        "pues sí",
    ],
)
def test_yes_and_unsure_bring_what_protects(text: str, content: Content) -> None:
    reply = say(content, text, asked(content, "en"))
    assert flags(reply.memory) == ["RF08"]
    assert is_open(reply.memory)
    (message,) = reply.messages
    assert "988" in message.text
    assert message.calls == ("988", "911")


@pytest.mark.parametrize(
    "text",
    [
        "yes. all the pills i have, tonight",
        "yeah, i want to kill myself",
        "sí, y estoy sola",
        "pues sí... ya no quiero vivir",
    ],
)
def test_what_follows_a_yes_takes_nothing_from_it(text: str, content: Content) -> None:
    reply = say(content, text, asked(content, "en"))
    assert flags(reply.memory) == ["RF08"]
    assert reply.messages[0].flag == "RF08"


@pytest.mark.parametrize("text", ["yes, i called 988", "sí, ya llamé al 988"])
def test_a_yes_that_says_help_is_there_closes_as_before(text: str, content: Content) -> None:
    assert not is_open(say(content, text, asked(content, "en")).memory)


def test_a_worse_sign_beside_a_yes_comes_first(content: Content) -> None:
    reply = say(content, "yes, and my chest is being crushed right now", asked(content, "en"))
    assert reply.messages[0].tier is Tier.CALL_911


@pytest.mark.parametrize("text", ["no. i am just tired of all of it", "no, nadie me extrañaría"])
def test_what_follows_a_no_may_take_it_back(text: str, content: Content) -> None:
    assert is_open(say(content, text, asked(content, "en")).memory)


def test_who_has_told_of_it_is_not_asked_again(content: Content) -> None:
    told = say(content, "yes", asked(content, "en")).memory
    reply = raise_alarm(Tier.CRISIS_988, "RF40", told, content)
    assert flags(reply.memory) == ["RF08"]
    assert content.part("tiers.notes.RF40.instead.do", "en").read not in reply.messages[0].text


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "nope",
        "not really",
        "no, never",
        "I don't think so",
        "I'm not suicidal",
        "i would never do that",
        "no, para nada",
        "nunca",
        "claro que no",
        "no me quiero morir",
        "nunca haría eso",
        "nada de eso",
    ],
)
def test_a_no_is_believed_with_988_in_view(text: str, content: Content) -> None:
    reply = say(content, text, asked(content, "es"))
    assert not is_open(reply.memory)
    (message,) = reply.messages
    assert message.kind is Kind.CLOSING
    assert message.calls == ("988",)
    assert "988" in message.text


@pytest.mark.parametrize("text", ["why do you ask", "leave me alone", "what", "no puedo hablar", "who are you", "help"])
def test_anything_else_leaves_the_question_open(text: str, content: Content) -> None:
    assert flags(say(content, text, asked(content, "en")).memory) == ["RF40"]


@pytest.mark.parametrize("text", ["no", "nope", "para nada"])
def test_a_no_closes_nothing_where_it_was_said_plainly(text: str, content: Content) -> None:
    assert is_open(say(content, text, asked(content, "en", flag="RF08")).memory)
    assert is_open(say(content, text, asked(content, "en", Tier.CALL_911, "RF01")).memory)


def test_a_no_leaves_the_other_alarm_open(content: Content) -> None:
    both = raise_alarm(Tier.CALL_911, "RF01", asked(content, "en"), content).memory
    reply = say(content, "no", both)
    assert flags(reply.memory) == ["RF01"]
    assert reply.messages[0].tier is Tier.CALL_911


def test_no_but_with_more_danger_stays_an_alarm(content: Content) -> None:
    reply = say(content, "no, but I want to die", asked(content, "en"))
    assert is_open(reply.memory)
    assert "RF08" in flags(reply.memory)


@each_language
def test_who_had_help_is_asked_how_it_went_before_anything_else(language: str, content: Content) -> None:
    text = {"en": "i called 911", "es": "ya llamé al 911"}[language]
    closed = say(content, text, replace(asked(content, language, Tier.CALL_911, "RF01"), at=NOON), at=NOON).memory
    assert not is_open(closed)
    reply = say(content, {"en": "hello", "es": "hola"}[language], closed, "greet", at=NOON + AWAY_MIN)
    assert [message.card for message in reply.messages] == ["checkin:after_alarm"]
    reached = say(content, {"en": "yes", "es": "sí"}[language], reply.memory, "affirm", at=NOON + AWAY_MIN + 1)
    assert [message.card for message in reached.messages] == ["checkin:after_help"]
    missed = say(content, "no", reply.memory, "deny", at=NOON + AWAY_MIN + 1)
    assert missed.messages[0].tier is Tier.CALL_911
    assert is_open(missed.memory)


@each_language
def test_a_crisis_is_followed_up_with_988_in_view_and_only_once(language: str, content: Content) -> None:
    text = {"en": "i am talking to the lifeline", "es": "ya llamé al 988"}[language]
    closed = say(content, text, replace(asked(content, language), at=NOON), at=NOON).memory
    back = say(content, "how do i do a plank", closed, "ask_plank", at=NOON + AWAY_MIN)
    assert back.messages[0].card == "checkin:after_crisis"
    assert back.messages[0].calls == ("988",)
    assert len(back.messages) > 1
    again = say(content, "thanks", back.memory, "thanks", at=NOON + 3 * AWAY_MIN)
    assert again.messages[0].card != "checkin:after_crisis"


def test_a_misunderstanding_is_not_followed_up(content: Content) -> None:
    closed = say(content, "that was a misunderstanding", asked(content, "en", Tier.CALL_911, "RF01"), at=NOON).memory
    assert not is_open(closed)
    reply = say(content, "hello", replace(closed, at=NOON), "greet", at=NOON + AWAY_MIN)
    assert reply.messages[0].card != "checkin:after_alarm"


@each_language
def test_what_is_said_without_the_engine_names_every_sign(language: str, content: Content) -> None:
    danger: Assessment = content.red_flags.assess("I took the whole bottle of oxy, I'm so sleepy, I want to die")
    message = alarm(danger.alarms, Memory(language), content)
    notes = {part.id for part in message.parts}
    assert {"tiers.notes.RF30", "tiers.notes.RF08"} <= notes
