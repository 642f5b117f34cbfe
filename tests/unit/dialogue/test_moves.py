"""Moves over the last answer: read as whole messages, before any intent misreads them."""

from __future__ import annotations

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.moves import _MOVES
from spineline.dialogue.turn import Entity, Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)

SAID = {
    "more": ["more", "Tell me more please", "go on", "más", "dígame más", "siga"],
    "another": [
        "what else",
        "another one",
        "can you show me another",
        "i don't like that one",
        "otro",
        "ese no me gusta",
        "¿qué más?",
        "deme otro ejercicio",
    ],
    "easier": [
        "too hard",
        "make it easier",
        "I can't do that",
        "i can't hold it that long",
        "no aguanto tanto",
        "está muy pesada",
        "más fácil",
        "está muy difícil",
        "no puedo hacerlo",
    ],
    "harder": ["too easy", "make it harder", "más difícil", "muy fácil"],
    "shorter": ["too long", "in short", "tldr", "muy largo", "más corta", "resuma"],
    "again": ["repeat that", "say that again", "repita", "otra vez"],
    "slower": ["slow down", "step by step", "I don't understand", "más despacio", "paso a paso", "no entiendo"],
    "why": ["why?", "how come", "¿por qué?", "¿para qué sirve?"],
    "best": [
        "which is best",
        "which one should I do first",
        "what do i start with",
        "which is safer",
        "con cuál empiezo",
        "¿cuál es mejor?",
        "¿cuál me recomienda?",
    ],
    "back": ["go back", "the previous one", "regrese", "lo de antes"],
    "did_it": ["I did that", "done", "I tried it", "ya lo hice", "listo"],
    "helped": ["it helped", "that worked great", "sí me ayudó", "me siento mejor"],
    "not_helped": ["it did not help", "didn't work", "no me ayudó", "no sirve"],
    "dizzy": ["it makes me dizzy", "i get lightheaded when i do it", "me mareo", "me da mareo"],
    "now": ["what now", "and then?", "what's next", "¿y luego?", "¿y ahora qué?", "¿qué sigue?"],
    "yes": ["yes", "sure", "sí", "claro que sí"],
    "no": ["no thanks", "nope", "no gracias"],
    "ok": ["ok", "got it", "I see", "de acuerdo", "entiendo"],
    "already_said": ["you already said that", "you keep repeating yourself", "eso ya lo dijo", "lo mismo otra vez"],
}


def say(content: Content, text: str, memory: Memory, intent: str = "cancel", **turn: object) -> Reply:
    return respond(Turn(text, intent, **turn), memory, content)  # type: ignore[arg-type]


def tap(content: Content, choice: str, memory: Memory) -> Reply:
    return respond(Turn("", "ask_core", choice=choice), memory, content)


def after(content: Content, ref: str, language: str = "en") -> Memory:
    return tap(content, ref, Memory(language)).memory


def card(reply: Reply) -> str | None:
    return reply.messages[0].card


@pytest.mark.parametrize(("move", "text"), [(move, text) for move, texts in SAID.items() for text in texts])
def test_a_move_is_known_by_its_words(move: str, text: str, content: Content) -> None:
    assert content.moves.of(text) == move


@pytest.mark.parametrize(
    "text",
    [
        "more pain today",
        "it hurts when i do that",
        "how many",
        "cancel my appointment",
        "adiós",
        "i can't do that because my leg gives out",
        "me duele más",
        "stop",
    ],
)
def test_other_messages_are_no_moves(text: str, content: Content) -> None:
    assert content.moves.of(text) is None


def test_every_move_leads_somewhere(content: Content) -> None:
    assert set(_MOVES) == set(content.moves.rules["moves"]) == set(SAID)


@each_language
@pytest.mark.parametrize("move", SAID)
def test_a_move_can_be_tapped(move: str, language: str, content: Content) -> None:
    assert content.choices[f"move:{move}"].title[language]
    assert tap(content, f"move:{move}", after(content, "plank/how", language)).messages


@pytest.mark.parametrize("text", ["more", "y luego", "what else", "ok"])
def test_without_an_answer_before_nothing_is_moved_over(text: str, content: Content) -> None:
    assert card(say(content, text, Memory("en"))) != "plank/how"


@pytest.mark.parametrize(("text", "language"), [("more", "en"), ("y luego", "es"), ("ya", "es")])
def test_no_move_is_taken_for_stop_or_goodbye(text: str, language: str, content: Content) -> None:
    for intent in ("cancel", "goodbye"):
        reply = say(content, text, after(content, "plank/how", language), intent)
        assert card(reply) not in ("cancel/about", "goodbye/about") or content.moves.of(text) is None


@each_language
def test_more_gives_every_answer_of_the_card_once(language: str, content: Content) -> None:
    memory, given = after(content, "plank/how", language), ["plank/how"]
    for _ in range(7):
        reply = say(content, "more", memory)
        memory, given = reply.memory, [*given, str(card(reply))]
    assert sorted(given[:8]) == sorted(answer.ref for answer in content.cards["plank"].answers.values())


def test_another_is_an_exercise_of_the_same_family(content: Content) -> None:
    reply = say(content, "another one", after(content, "plank/how"))
    other = content.cards[str(card(reply)).partition("/")[0]]
    assert other.family == "core"
    assert other.id != "plank"
    assert card(reply) == f"{other.id}/how"


def test_another_is_for_this_person(content: Content) -> None:
    memory = tap(content, "plank/how", Memory("en", person={"pregnant": 30})).memory
    for _ in range(4):
        reply = say(content, "another one", memory)
        memory = reply.memory
        assert "on_back" not in content.cards[str(card(reply)).partition("/")[0]].movements


@each_language
@pytest.mark.parametrize("move", ["easier", "harder"])
def test_an_exercise_has_an_easier_and_a_harder_form(move: str, language: str, content: Content) -> None:
    reply = tap(content, f"move:{move}", after(content, "plank/how", language))
    assert reply.messages[0].parts[0].id == f"moves.variations.plank.{move}"


def test_every_exercise_has_one(content: Content) -> None:
    exercises = [
        c.id for c in content.cards.values() if set(c.movements) - {"general", "remedy", "name"} and c.named_by
    ]
    assert set(content.moves.rules["variations"]) >= {name for name in exercises if name != "adding_weight"}


def test_too_long_gets_the_short_form(content: Content) -> None:
    reply = say(content, "too long", after(content, "plank/how"))
    assert reply.messages[0].parts[0].id == "short/plank/how"


def test_step_by_step_numbers_the_sentences(content: Content) -> None:
    text = say(content, "step by step", after(content, "plank/how")).messages[0].text
    assert text.startswith("1. ")
    assert "\n2. " in text


def test_go_back_leads_to_the_subject_before(content: Content) -> None:
    memory = tap(content, "heat/how", after(content, "plank/how")).memory
    assert card(say(content, "go back", memory)) == "plank/how"


@pytest.mark.parametrize(
    ("text", "language", "denied"),
    [("not crunches, planks", "en", 4), ("sin abdominales, plancha", "es", 4), ("crunches no, plancha", "es", 0)],
)
def test_not_this_but_that_means_that(text: str, language: str, denied: int, content: Content) -> None:
    entities = (Entity("exercise", "crunches", denied), Entity("exercise", "plank", len(text) - 6))
    reply = say(content, text, after(content, "crunches/why", language), "deny", entities=entities)
    assert card(reply) == "plank/why"


def test_a_waiting_question_about_pain_is_no_place_for_moves(content: Content) -> None:
    waiting = {"pending": "signs", "facts": {}}
    memory = Memory("en", topic="plank/how", triage=waiting)
    assert card(say(content, "no", memory, "deny")) != "move:no_then"


def test_a_danger_sign_comes_before_a_move(content: Content) -> None:
    reply = say(content, "i can't feel my crotch", after(content, "plank/how"))
    assert card(reply) == "alarm"


@each_language
def test_what_did_not_help_leads_to_other_ways_and_the_number(language: str, content: Content) -> None:
    reply = say(content, "no me ayudó" if language == "es" else "it did not help", after(content, "ice/how", language))
    assert "clinic" in reply.messages[0].calls
    assert not any(choice.startswith("ice/") for choice in reply.memory.offered)


def test_too_hard_twice_leads_to_another_exercise(content: Content) -> None:
    first = say(content, "too hard", after(content, "bird_dog/how"))
    assert card(first) == "bird_dog/easier"
    again = card(say(content, "still too hard", first.memory)) or ""
    assert again
    assert not again.startswith("bird_dog/")


def test_back_does_not_lead_to_a_greeting(content: Content) -> None:
    greeted = say(content, "hello", Memory("en"), "greet").memory
    core = respond(Turn("", "ask_core", choice="core/why"), greeted, content).memory
    assert card(say(content, "go back", core)) == "core/why"


def test_another_exercise_of_a_topic_is_one_of_those_it_named(content: Content) -> None:
    assert card(say(content, "another one", after(content, "core/how"))) == "bird_dog/how"


def test_harder_again_is_another_exercise(content: Content) -> None:
    first = say(content, "harder", after(content, "core/how"))
    assert card(say(content, "harder", first.memory)) != card(first)


def test_the_reason_is_that_of_the_topic_where_a_card_has_none(content: Content) -> None:
    assert card(say(content, "why", after(content, "ice_or_heat/about"))) == "soothing/why"


def test_what_is_meant_and_not_known_is_not_taken_for_what_is_denied(content: Content) -> None:
    belt = (Entity("topic", "lifting belt", 6),)
    reply = say(
        content, "not a belt, i mean straps", after(content, "lifting_belt/when"), "out_of_scope", entities=belt
    )
    assert card(reply) != "lifting_belt/instead"


@each_language
def test_who_gets_dizzy_is_told_to_stop(language: str, content: Content) -> None:
    reply = say(content, "me mareo" if language == "es" else "it makes me dizzy", after(content, "plank/how", language))
    assert "911" in reply.messages[0].text
    assert reply.messages[0].calls == ("clinic",)
