"""The person: what she tells about herself is kept, said once, and honoured before every exercise."""

from __future__ import annotations

from itertools import product

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.person_words import PersonText, Told
from spineline.dialogue.turn import Entity, Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)

# Eleven conditions as they are told, and what names them in an answer.
CONDITIONS = {
    "pregnant": {"en": ("i'm 5 months pregnant", "pregnan"), "es": ("tengo 5 meses de embarazo", "embarazo")},
    "age": {"en": ("i am 72 years old", "65"), "es": ("ya cumplí 72 años", "65")},
    "minor": {"en": ("i'm 15 and play soccer", "under 18"), "es": ("tengo 15 años", "menor")},
    "surgery": {"en": ("i had a spinal fusion last year", "surg"), "es": ("me operaron de la columna", "operaci")},
    "disc": {"en": ("i've got a bulging disc", "disc"), "es": ("traigo dos hernias, tengo una hernia discal", "disco")},
    "stenosis": {"en": ("i was told i have stenosis", "stenosis"), "es": ("me detectaron estenosis", "estenosis")},
    "osteoporosis": {"en": ("i have osteopenia", "osteoporosis"), "es": ("padezco de osteoporosis", "osteoporosis")},
    "fracture": {
        "en": ("i have a compression fracture from may", "vertebra"),
        "es": ("tengo una vértebra fracturada", "vértebra"),
    },
    "slip": {"en": ("i have spondylolisthesis", "spondylolisthesis"), "es": ("tengo espondilolistesis", "espondilo")},
    "sciatica": {"en": ("i've had sciatica since may", "sciatica"), "es": ("sufro de ciática", "ciática")},
    "scoliosis": {
        "en": ("i was born with it, i have scoliosis", "scoliosis"),
        "es": ("tengo escoliosis", "escoliosis"),
    },
}
EXERCISES = {
    "plank": {"en": "how do i do a plank", "es": "cómo hago la plancha"},
    "crunches": {"en": "are crunches ok", "es": "puedo hacer abdominales"},
    "deadlift": {"en": "is the deadlift safe", "es": "es seguro el peso muerto"},
    "bridge": {"en": "how do i do the bridge", "es": "cómo hago el puente"},
    "bird_dog": {"en": "how many bird dogs", "es": "cuántos perros pájaro hago"},
    "trunk_twist": {"en": "how long do i hold the trunk twist", "es": "cuánto tiempo el giro de tronco"},
}
GRID = [
    pytest.param(condition, exercise, language, id=f"{condition}-{exercise}-{language}")
    for condition, exercise, language in product(CONDITIONS, EXERCISES, LANGUAGES)
]


def exercise_entity(card: str, content: Content) -> tuple[Entity, ...]:
    label, value = content.cards[card].named_by[0]
    return (Entity(label, value),)


def say(content: Content, text: str, memory: Memory, card: str | None = None, intent: str = "out_of_scope") -> Reply:
    if card:
        card_intent = content.cards[card].intents[0]
        return respond(Turn(text, card_intent, entities=exercise_entity(card, content)), memory, content)
    return respond(Turn(text, intent), memory, content)


def text_of(reply: Reply) -> str:
    return "\n".join(message.text for message in reply.messages).lower()


@pytest.mark.parametrize(("condition", "exercise", "language"), GRID)
def test_a_condition_told_with_the_question_is_named(
    condition: str, exercise: str, language: str, content: Content
) -> None:
    told, name = CONDITIONS[condition][language]
    reply = say(content, f"{told}, {EXERCISES[exercise][language]}?", Memory(language), exercise)
    assert name in text_of(reply)


@pytest.mark.parametrize(("condition", "exercise", "language"), GRID)
def test_a_condition_told_one_turn_before_is_named(
    condition: str, exercise: str, language: str, content: Content
) -> None:
    told, name = CONDITIONS[condition][language]
    memory = say(content, told, Memory(language)).memory
    assert name in text_of(say(content, EXERCISES[exercise][language], memory, exercise))


@pytest.mark.parametrize(
    ("told", "exercise", "language"),
    [
        ("i'm pregnant", "bridge", "en"),
        ("i have osteoporosis", "crunches", "en"),
        ("i have a herniated disc", "deadlift", "en"),
        ("tengo osteoporosis", "trunk_twist", "es"),
        ("me operaron de la columna hace 3 semanas", "plank", "es"),
    ],
)
def test_what_is_not_for_somebody_is_not_offered_but_replaced(
    told: str, exercise: str, language: str, content: Content
) -> None:
    memory = say(content, told, Memory(language)).memory
    reply = say(content, EXERCISES[exercise][language], memory, exercise)
    own_text = {text for answer in content.cards[exercise].answers.values() for text in answer.text.values()}
    assert not any(content.fill(text, language) in reply.messages[-1].text for text in own_text)
    assert reply.messages[-1].choices == reply.memory.offered
    for choice in reply.memory.offered:
        assert choice.partition("/")[0] != exercise


def test_what_is_offered_instead_is_allowed_for_that_condition(content: Content) -> None:
    for condition in content.conditions.table:
        for ref in condition.instead:
            assert not set(content.card(ref).movements) & set(condition.avoid), f"{condition.id}: {ref}"


def test_every_exercise_says_how_it_moves_the_body(content: Content) -> None:
    assert not [card.id for card in content.cards.values() if card.line == "stop_line" and not card.movements]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("im 28 weeks pregnant", {"pregnant": 28}),
        ("estoy embarazada de 6 meses", {"pregnant": 26}),
        ("i'm 70", {"age": 70}),
        ("tengo 66 años", {"age": 66}),
        ("i had a discectomy 3 weeks ago", {"surgery": 3}),
        ("me operaron de la columna hace 2 años", {"surgery": 104}),
        ("im on blood thinners", {"thinners": True}),
        ("i have a pacemaker", {"pacemaker": True}),
        ("tengo diabetes y artritis", {"diabetes": True, "arthritis": True}),
        ("soy enfermera", {"heavy_work": True}),
        ("i sit at a desk all day", {"desk": True}),
        ("no equipment here", {"no_equipment": True}),
    ],
)
def test_what_is_said_of_oneself_is_kept(text: str, facts: dict[str, object], content: Content) -> None:
    assert say(content, text, Memory()).memory.person == facts


@pytest.mark.parametrize(
    "text",
    [
        "do i have a herniated disc?",
        "can i get a slipped disc from squats",
        "what is stenosis",
        "¿tengo estenosis?",
        "qué es la osteoporosis",
        "i don't have osteoporosis",
        "no tengo ciática",
        "my wife is pregnant",
        "mi hija está embarazada",
        "my dad is 80",
        "do i need surgery",
        "me operaron de la rodilla",
        "a 7 out of 10",
        "i'm 7",
        "tengo 3 días con dolor",
        "is the plank safe in pregnancy",
        "if i get pregnant can i train",
        "tell me about the surgery at your clinic",
        "alternatives to fusion",
        "put me through to the front desk",
        "can i speak with a nurse",
        "abs after pregnancy",
        "should a 70 year old run",
        "my 12 year old wants to lift",
        "mi apá tiene 71",
        "hacen operaciones de cuello",
    ],
)
def test_what_is_asked_denied_or_said_of_others_is_not_kept(text: str, content: Content) -> None:
    assert not PersonText(content.conditions.rules).told(text).own


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("i'm not pregnant anymore", "pregnant"),
        ("ya no estoy embarazada", "pregnant"),
        ("no tengo diabetes", "diabetes"),
    ],
)
def test_what_was_told_is_taken_back_by_saying_so(text: str, fact: str, content: Content) -> None:
    reply = say(content, text, Memory("en", person={fact: True, "age": 70}))
    assert reply.memory.person == {"age": 70}
    assert [part.id for part in reply.messages[0].parts] == [f"conditions.facts.{fact}.gone"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("my dad has stenosis, is the plank ok for him?", "en"), ("mi papá tiene estenosis, ¿le sirve la plancha?", "es")],
)
def test_a_third_person_counts_for_that_question_only(text: str, language: str, content: Content) -> None:
    first = say(content, text, Memory(language, person={"pregnant": 20}), "plank")
    assert "stenosis" in text_of(first).replace("estenosis", "stenosis")
    assert "pregnan" not in text_of(first)
    assert first.memory.person == {"pregnant": 20}
    assert "stenosis" not in text_of(say(content, EXERCISES["plank"][language], first.memory, "plank"))


@each_language
@pytest.mark.parametrize("condition", ["disc", "stenosis", "sciatica", "slip"])
def test_a_diagnosis_is_no_report_of_pain(condition: str, language: str, content: Content) -> None:
    told, _ = CONDITIONS[condition][language]
    reply = say(content, told, Memory(language), intent="report_mild_pain")
    assert [message.card for message in reply.messages] == ["told"]
    assert reply.memory.triage is None


@pytest.mark.parametrize(
    ("text", "language"), [("i have a herniated disc and it hurts", "en"), ("tengo ciática y me duele", "es")]
)
def test_a_diagnosis_that_hurts_is_one(text: str, language: str, content: Content) -> None:
    reply = say(content, text, Memory(language), intent="report_mild_pain")
    assert reply.memory.triage is not None
    assert reply.memory.person


@each_language
def test_it_is_said_once_that_something_is_kept(language: str, content: Content) -> None:
    told = CONDITIONS["pregnant"][language][0]
    kept = content.part("conditions.facts.pregnant.kept", language).read
    first = say(content, f"{told}, {EXERCISES['plank'][language]}?", Memory(language), "plank")
    again = say(content, f"{told}, {EXERCISES['bird_dog'][language]}?", first.memory, "bird_dog")
    assert first.messages[0].text.startswith(kept)
    assert kept not in text_of(again)


@each_language
def test_a_condition_has_its_whole_line_once_then_a_short_one(language: str, content: Content) -> None:
    memory = Memory(language, person={"disc": True})
    first = say(content, EXERCISES["plank"][language], memory, "plank")
    second = say(content, EXERCISES["bird_dog"][language], first.memory, "bird_dog")
    assert first.messages[0].parts[0].id == "conditions.conditions.disc.line"
    assert second.messages[0].parts[0].id == "conditions.conditions.disc.short"


@pytest.mark.parametrize(("text", "language"), [("what do you know about me", "en"), ("qué sabe de mí", "es")])
def test_what_is_kept_is_shown_to_who_asks(text: str, language: str, content: Content) -> None:
    reply = say(content, text, Memory(language, person={"pregnant": 20, "desk": True}), intent="ask_privacy")
    for fact in ("pregnant", "desk"):
        assert content.part(f"conditions.facts.{fact}.known", language).read in reply.messages[-1].text


def test_an_alarm_is_said_without_anything_before_it(content: Content) -> None:
    reply = say(content, "i'm pregnant and i can't feel my legs and lost control of my bladder", Memory("en"))
    assert reply.messages[0].parts[0].id.startswith("tiers.")  # type: ignore[union-attr]
    assert reply.memory.person == {"pregnant": True}


def test_a_tap_tells_nothing(content: Content) -> None:
    assert respond(Turn("", "ask_core", choice="plank/how"), Memory("en"), content).memory.person == {}


def test_who_tells_nothing_is_told_of_nothing() -> None:
    assert not Told().own


def test_a_statement_and_a_question_without_a_comma_are_told_apart(content: Content) -> None:
    reply = say(content, "tengo osteoporosis puedo hacer abdominales?", Memory("es"), "crunches")
    assert reply.memory.person == {"osteoporosis": True}


def test_after_an_exercise_that_is_not_for_her_that_one_is_the_first_of_the_others(content: Content) -> None:
    reply = say(content, "are crunches ok", Memory("en", person={"osteoporosis": True}), "crunches")
    assert say(content, "how do i do that one", reply.memory).messages[0].card == "bridge/how"


def test_what_is_known_is_not_announced_again(content: Content) -> None:
    reply = say(content, "i'm pregnant", Memory("en", person={"pregnant": 22}))
    assert "keep in mind" not in text_of(reply)
    assert reply.memory.person == {"pregnant": 22}


@pytest.mark.parametrize("text", ["its been 4 months now actually", "ya van 4 meses"])
def test_how_long_ago_can_be_told_later(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en", person={"surgery": 5}), intent="report_mild_pain")
    assert reply.memory.person == {"surgery": 17}


def test_a_list_of_conditions_is_told_of_oneself(content: Content) -> None:
    told = PersonText(content.conditions.rules).told("tengo 70 años, azúcar y presión alta")
    assert set(told.own) == {"age", "diabetes", "pressure"}


def test_a_list_about_somebody_else_is_not(content: Content) -> None:
    assert not PersonText(content.conditions.rules).told("mi papá tiene 70 años, diabetes y presión alta").own


def test_who_tells_something_and_gets_no_answer_is_told_what_changes(content: Content) -> None:
    reply = say(content, "i have diabetes does that matter", Memory("en", topic="ice/how"))
    assert reply.messages[0].card == "told"
    assert "numb skin" in text_of(reply)


@pytest.mark.parametrize(("text", "age"), [("can my kid use it too", 12), ("para mi niño también", 12)])
def test_a_child_is_under_age(text: str, age: int, content: Content) -> None:
    assert PersonText(content.conditions.rules).told(text).named == {"age": age}


@each_language
def test_the_name_of_a_condition_brings_its_line(language: str, content: Content) -> None:
    told = CONDITIONS["stenosis"][language]
    memory = Memory(language, person={"stenosis": True})
    reply = respond(Turn("", "ask_why_pain", choice="spine_condition/safe"), memory, content)
    assert told[1] in text_of(reply)


@pytest.mark.parametrize(
    ("person", "risk"),
    [
        ({"pregnant": 20}, "pregnant"),
        ({"age": 15}, "minor"),
        ({"osteoporosis": True}, "bones"),
        ({"thinners": True}, "thinners"),
    ],
)
def test_a_risk_that_was_told_is_not_asked_for(person: dict[str, object], risk: str, content: Content) -> None:
    reply = say(content, "my back hurts", Memory("en", person=person), intent="report_mild_pain")
    assert (reply.memory.triage or {})["facts"]["risk"] == risk
