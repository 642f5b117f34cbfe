"""The pain questions as a form: several answers at once, and the way back to the question before."""

from __future__ import annotations

import pytest

from spineline.content.choice import BACK
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain
from spineline.dialogue.intake import take_in
from spineline.dialogue.recall import known_memory
from spineline.dialogue.turn import Memory, Reply, Turn


def payloads(content: Content, *options: str) -> str:
    return "\n".join(content.choices[f"triage:{option}"].payload for option in options)


def tapped(content: Content, before: Reply, *options: str) -> Reply:
    intake = take_in(payloads(content, *options), content)
    turn = Turn("", "report_mild_pain", choice=intake.choice, also=intake.also)
    after = pain.continue_questions(turn, known_memory(before.memory, content), content)
    assert after is not None
    return after


def typed(content: Content, before: Reply, text: str) -> Reply | None:
    return pain.continue_questions(Turn(text, "nlu_fallback"), known_memory(before.memory, content), content)


def card(reply: Reply | None) -> str | None:
    assert reply is not None
    return reply.messages[-1].card


@pytest.fixture
def signs(content: Content) -> Reply:
    return pain.report_mild(Turn("my back hurts", "report_mild_pain"), Memory("en"), content)


@pytest.mark.parametrize(
    ("options", "choice"),
    [
        (("fever", "chest", "numb"), "triage:chest"),
        (("none", "fever"), "triage:fever"),
        (("unsure", "bladder"), "triage:bladder"),
        (("bones", "pregnant", "thinners"), "triage:pregnant"),
        (("thinners", "bones"), "triage:thinners"),
    ],
    ids=str,
)
def test_of_several_taps_the_most_urgent_decides(options: tuple[str, ...], choice: str, content: Content) -> None:
    intake = take_in(payloads(content, *options), content)
    assert intake.choice == choice
    assert {intake.choice, *intake.also} == {f"triage:{option}" for option in options}


def test_one_line_that_is_no_quick_reply_makes_all_of_it_text(content: Content) -> None:
    intake = take_in(payloads(content, "none") + "\nI cannot hold my pee", content)
    assert intake.choice is None
    assert intake.red_flag, "what is typed below is read"


def test_only_answers_of_a_question_go_together(content: Content) -> None:
    mixed = content.choices["core/why"].payload + "\n" + payloads(content, "none")
    assert take_in(mixed, content).choice is None


def test_several_signs_raise_the_most_urgent_and_tell_the_others(signs: Reply, content: Content) -> None:
    (alarm,) = tapped(content, signs, "fever", "numb", "chest").messages
    (chest,) = tapped(content, signs, "chest").messages
    assert alarm.tier is Tier.CALL_911
    assert alarm.flag == chest.flag
    names = {part.id for part in alarm.parts} - {part.id for part in chest.parts}
    assert len(names) == 2, "a note for each of the other signs"


def test_thoughts_of_self_harm_keep_their_line_beside_another_sign(signs: Reply, content: Content) -> None:
    (alarm,) = tapped(content, signs, "chest", "self_harm").messages
    assert alarm.tier is Tier.CALL_911
    assert "988" in alarm.calls


def asked(content: Content, signs: Reply, *answers: str) -> Reply:
    reply = signs
    for answer in answers:
        reply = tapped(content, reply, answer)
    return reply


@pytest.mark.parametrize("words", ["back", "Go back, please.", "let me change my answer", "volver", "La anterior"])
def test_back_leads_to_the_question_before(words: str, signs: Reply, content: Content) -> None:
    course = asked(content, signs, "none", "moderate")
    assert card(course) == "triage:course"
    severity = typed(content, course, words)
    assert card(severity) == "triage:severity"
    assert severity is not None
    assert "score" not in (severity.memory.triage or {})["facts"], "it is asked anew"
    assert card(tapped(content, severity, "moderate")) == "triage:course"


def test_back_twice_leads_to_the_danger_signs_which_can_be_told_now(signs: Reply, content: Content) -> None:
    reply = asked(content, signs, "none", "moderate", "back", "back")
    assert card(reply) == "triage:signs"
    assert tapped(content, reply, "bladder").messages[0].tier is Tier.ED_NOW


def test_back_at_the_first_question_asks_it_again(signs: Reply, content: Content) -> None:
    assert card(tapped(content, signs, "back")) == "triage:signs"


def test_a_risk_that_was_told_meanwhile_is_kept(signs: Reply, content: Content) -> None:
    course = asked(content, signs, "none", "mild")
    memory = course.memory
    told = {**(memory.triage or {}), "facts": {**(memory.triage or {})["facts"], "risk": "thinners"}}
    before = pain.continue_questions(Turn("", "report_mild_pain", choice=BACK), Memory("en", triage=told), content)
    assert before is not None
    assert (before.memory.triage or {})["facts"]["risk"] == "thinners"


@pytest.mark.parametrize("words", ["my lower back", "it came back", "going back to work hurts", "me volvió el dolor"])
def test_a_back_that_hurts_is_no_way_back(words: str, signs: Reply, content: Content) -> None:
    course = asked(content, signs, "none", "moderate")
    after = typed(content, course, words)
    assert after is None or card(after) != "triage:severity"
