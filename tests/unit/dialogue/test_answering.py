"""Which answers a message gets: the named subject, the kind of question, two questions, follow-ups."""

import pytest

from spineline.content.library import Content
from spineline.dialogue.answering import find_answers, nearest_answers
from spineline.dialogue.turn import Candidate, Entity, Memory, Question, Turn


def ex(value: str, start: int = 0) -> Entity:
    return Entity("exercise", value, start)


def refs(turn: Turn, content: Content, topic: str | None = None) -> list[str]:
    return [answer.ref for answer in find_answers(turn, Memory(topic=topic), content)]


@pytest.mark.parametrize(
    ("text", "intent", "entity", "ref"),
    [
        ("how long do i hold a plank", "ask_core", ex("plank"), "plank/how_long"),
        ("cuanto tiempo aguanto la plancha", "ask_core", ex("plank"), "plank/how_long"),
        ("why are crunches bad", "ask_crunches", ex("crunch"), "crunches/why"),
        ("que hago en vez de abdominales", "ask_crunches", ex("sit up"), "crunches/instead"),
        ("is the neck rotation safe", "ask_stretching", ex("neck rotation"), "neck_rotation/safe"),
        ("which muscles are my core", "ask_core", Entity("muscle", "core"), "core/which"),
        ("how long do i ice", "ask_soothing", Entity("remedy", "ice"), "ice/how_long"),
        ("cuanto peso le subo", "ask_lifting", Entity("topic", "adding weight"), "adding_weight/how_much"),
    ],
)
def test_the_question_about_the_named_thing_is_answered(
    text: str, intent: str, entity: Entity, ref: str, content: Content
) -> None:
    assert refs(Turn(text, intent, entities=(entity,)), content) == [ref]


@pytest.mark.parametrize(
    ("text", "intent", "ref"),
    [
        ("core exercises", "ask_core", "core/about"),
        ("how often should i train it, my middle", "ask_core", "core/how_often"),
        ("por que es importante el core", "ask_core", "core/why"),
        ("hi", "greet", "greet/about"),
    ],
)
def test_the_topic_of_the_intent_answers_where_nothing_is_named(
    text: str, intent: str, ref: str, content: Content
) -> None:
    assert refs(Turn(text, intent), content) == [ref]


def test_two_named_things_both_get_an_answer_in_their_order(content: Content) -> None:
    turn = Turn("bird dog or dead bug", "ask_core", entities=(ex("dead bug", 12), ex("bird dog", 0)))
    assert refs(turn, content) == ["bird_dog/about", "dead_bug/about"]


def test_a_pair_has_one_answer_of_its_own(content: Content) -> None:
    turn = Turn(
        "heat today, ice tomorrow?", "ask_soothing", entities=(Entity("remedy", "heat"), Entity("remedy", "ice", 12))
    )
    assert refs(turn, content) == ["ice_or_heat/about"]


def test_two_questions_both_get_an_answer(content: Content) -> None:
    parts = (
        Question("how long is a plank", "ask_core", (ex("plank"),)),
        Question("are crunches bad", "ask_crunches", (ex("crunch"),)),
    )
    assert refs(Turn("…", "ask_core", parts=parts), content) == ["plank/how_long", "crunches/safe"]


def test_the_second_question_leans_on_the_first(content: Content) -> None:
    parts = (
        Question("how often do i plank", "ask_core", (ex("plank"),)),
        Question("and for how long do i hold it", "ask_core"),
    )
    assert refs(Turn("…", "ask_core", parts=parts), content) == ["plank/how_often", "plank/how_long"]


def test_no_more_than_three_questions_are_answered(content: Content) -> None:
    names = ("plank", "bridge", "dead bug", "bird dog")
    parts = tuple(Question(f"how do i do a {v}", "ask_core", (ex(v),)) for v in names)
    assert refs(Turn("…", "ask_core", parts=parts), content) == ["plank/how", "bridge/how", "dead_bug/how"]


def test_the_same_question_twice_is_answered_once(content: Content) -> None:
    parts = (Question("is a plank safe", "ask_core", (ex("plank"),)),) * 2
    assert refs(Turn("…", "ask_core", parts=parts), content) == ["plank/safe"]


@pytest.mark.parametrize(
    ("text", "intent", "topic", "ref"),
    [
        ("and how many of those?", "ask_crunches", "plank/how", "plank/how_many"),
        ("y cuantas de esas", "ask_crunches", "plank/how", "plank/how_many"),
        ("how often", "nlu_fallback", "hamstring_stretch/how", "hamstring_stretch/how_often"),
        ("es seguro", "nlu_fallback", "ice/how", "ice/safe"),
        ("why?", "ask_why_pain", "core/how", "core/why"),
    ],
)
def test_a_follow_up_means_what_was_just_talked_about(
    text: str, intent: str, topic: str, ref: str, content: Content
) -> None:
    assert refs(Turn(text, intent), content, topic) == [ref]


@pytest.mark.parametrize("text", ["what about the neck one?", "y el del cuello?"])
def test_a_sibling_is_found_by_its_body_part(text: str, content: Content) -> None:
    turn = Turn(text, "ask_stretching", entities=(Entity("body_part", "neck"),))
    assert refs(turn, content, "hamstring_stretch/how_long") == ["neck_rotation/how_long"]


@pytest.mark.parametrize("text", ["and the side plank?", "y la plancha lateral?"])
def test_the_kind_of_question_carries_over(text: str, content: Content) -> None:
    assert refs(Turn(text, "ask_core", entities=(ex("side plank"),)), content, "plank/how_long") == [
        "side_plank/how_long"
    ]


def test_a_question_that_stands_alone_forgets_the_kind_before(content: Content) -> None:
    assert refs(
        Turn("tell me of the side plank", "ask_core", entities=(ex("side plank"),)), content, "plank/how_long"
    ) == ["side_plank/about"]


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
def test_what_is_not_understood_gets_no_answer(intent: str, content: Content) -> None:
    assert refs(Turn("the price of tea in china", intent), content) == []


def test_an_unclear_message_that_asks_about_a_named_thing_is_answered(content: Content) -> None:
    assert refs(Turn("how long plank", "nlu_fallback", entities=(ex("plank"),)), content) == ["plank/how_long"]


def test_a_named_thing_in_talk_about_something_else_is_not_answered(content: Content) -> None:
    assert refs(Turn("is my plank of wood ready", "out_of_scope", entities=(ex("plank"),)), content) == []


def test_a_body_part_alone_names_no_card(content: Content) -> None:
    turn = Turn("where are you, my neck asks", "ask_contact", entities=(Entity("body_part", "neck"),))
    assert refs(turn, content) == ["contact/about"]


@pytest.mark.parametrize("intent", ["ask_core", "nlu_fallback"])
def test_an_everyday_word_does_not_hide_the_exercise_that_is_meant(content: Content, intent: str) -> None:
    entities = (ex("walking"), ex("dead bug"))
    assert refs(Turn("walk me through a dead bug", intent, entities=entities), content) == ["dead_bug/how"]


def ranked(*chances: tuple[str, float]) -> tuple[Candidate, ...]:
    return tuple(Candidate(*one) for one in chances)


def test_the_answer_that_is_most_likely_asked_for_is_given(content: Content) -> None:
    turn = Turn("lie down and lift the hips", "ask_core", candidates=ranked(("bridge/how", 0.9), ("plank/how", 0.1)))
    assert refs(turn, content) == ["bridge/how"]


def test_a_refusal_is_not_an_answer(content: Content) -> None:
    turn = Turn("what is a good lasagna", "ask_core", candidates=ranked(("out_of_scope/about", 0.9), ("core/why", 0.1)))
    assert refs(turn, content) == []


def test_an_answer_that_the_content_no_longer_has_is_passed_over(content: Content) -> None:
    candidates = ranked(("jousting/how", 0.9), ("plank/how", 0.1))
    assert refs(Turn("how do i joust", "ask_core", candidates=candidates), content) == []


def test_between_answers_none_is_given_and_the_nearest_are_known(content: Content) -> None:
    candidates = ranked(
        ("core/why", 0.19), ("out_of_scope/about", 0.18), ("core/how", 0.15), ("ice/why", 0.1), ("ice/how", 0.01)
    )
    turn = Turn("core", "nlu_fallback", candidates=candidates)
    assert refs(turn, content) == []
    assert [answer.ref for answer in nearest_answers(turn.whole, content)] == ["core/why", "core/how", "ice/why"]


def test_what_the_words_name_is_likelier(content: Content) -> None:
    candidates = ranked(("side_plank/how_long", 0.5), ("plank/how_long", 0.2))
    turn = Turn("how long plank", "ask_core", entities=(ex("plank"),), candidates=candidates)
    assert refs(turn, content) == ["plank/how_long"]


def test_a_follow_up_stays_with_its_subject_unless_another_is_sure(content: Content) -> None:
    likely, sure = ranked(("ice/how_long", 0.6)), ranked(("hours_location/when", 0.95))
    assert refs(Turn("and how long?", "ask_soothing", candidates=likely), content, "plank/how") == ["plank/how_long"]
    turn = Turn("and when are you open?", "ask_hours_location", candidates=sure)
    assert refs(turn, content, "plank/how") == ["hours_location/when"]


@pytest.mark.parametrize("text", ["hello there", "pues ahi sigue"])
def test_small_talk_is_given_only_where_it_is_sure(text: str, content: Content) -> None:
    sure = text == "hello there"
    turn = Turn(text, "greet", candidates=(Candidate("greet/about", 0.99 if sure else 0.6),))
    assert refs(turn, content) == (["greet/about"] if sure else [])


def test_so_leans_on_nothing(content: Content) -> None:
    turn = Turn(
        "so can i deadlift", "ask_lifting", entities=(ex("deadlift"),), candidates=(Candidate("deadlift/safe", 0.9),)
    )
    assert refs(turn, content, "squat/about") == ["deadlift/safe"]


def test_what_else_is_asked_once(content: Content) -> None:
    turn = Turn("what about squats", "ask_lifting", entities=(ex("squat"),))
    assert refs(turn, content, "lifting_belt/instead") == ["squat/about"]


def test_a_follow_up_with_a_subject_of_its_own_is_about_that(content: Content) -> None:
    turn = Turn("y estirar la pierna", "ask_stretching", candidates=(Candidate("hamstring_stretch/about", 0.4),))
    assert refs(turn, content, "bird_dog/how") == ["hamstring_stretch/about"]


def test_a_number_that_a_subject_lacks_is_that_of_exercise_in_general(content: Content) -> None:
    assert refs(Turn("how many", "out_of_scope"), content, "older_people/about") == ["training_amount/how_many"]


def test_a_verdict_is_no_subject(content: Content) -> None:
    assert refs(Turn("and which ones", "nlu_fallback"), content, "triage_visit/about") == []
    assert refs(Turn("how long", "nlu_fallback"), content, "triage_visit/about") == ["mild_pain/how_long"]
