"""The list of danger signs: the likeliest first, nine choices at most, three signs at a time where it is read aloud."""

from collections.abc import Mapping
from typing import Any

import pytest

from spineline.content.choice import TRIAGE
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain
from spineline.dialogue.danger_list import leading, meant, next_page, options
from spineline.dialogue.turn import Entity, Memory, Reply, Turn

WAYS_OUT = ("triage:unsure", "triage:none")
Said = tuple[str, str, bool]


def state_of(*lead: str, **more: Any) -> Mapping[str, Any]:
    return {"pending": "signs", "lead": list(lead), "facts": {}, **more}


def voted(text: str, language: str, content: Content, *, numbered: bool = False, likely: tuple[str, ...] = ()) -> Reply:
    turn = Turn(text, "report_red_flag", safety_vote=True, numbered=numbered, likely=likely)
    return pain.vote_for_danger(turn, (), Memory(language), content)


def answered(text: str, reply: Reply, content: Content, *, numbered: bool = False) -> Reply:
    again = pain.continue_questions(Turn(text, "nlu_fallback", numbered=numbered), reply.memory, content)
    assert again is not None
    return again


def tapped(option: str, reply: Reply, content: Content, *, numbered: bool = False) -> Reply:
    turn = Turn("", "report_mild_pain", choice=f"triage:{option}", numbered=numbered)
    again = pain.continue_questions(turn, reply.memory, content)
    assert again is not None
    return again


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("one side of my face droops since lunch", "stroke"),
        ("tengo la boca chueca", "stroke"),
        ("i keep tripping over my toes", "foot"),
        ("se me cae el pie al caminar", "foot"),
        ("my calf is puffy and warm after the flight", "calf"),
        ("la pantorrilla se me puso roja", "calf"),
        ("the incision smells bad", "wound"),
        ("la herida me está supurando", "wound"),
        ("nothing down there when i have sex", "sexual"),
        ("i don't want to be a burden anymore", "self_harm"),
        ("ya no le veo sentido a vivir así", "self_harm"),
        ("i feel faint and sweaty", "faint"),
        ("swallowed a bunch of tablets", "overdose"),
        ("lost a lot of weight lately", "cancer_sign"),
        ("my kidney side hurts and i vomit", "side"),
    ],
)
def test_what_a_message_may_be_about_is_among_the_first_three(text: str, sign: str, content: Content) -> None:
    assert sign in leading(text, (), content)


def test_what_is_named_comes_before_what_a_model_guesses_and_that_before_hints(content: Content) -> None:
    assert leading("my calf is swollen and my belly too", ["RF17"], content) == ["calf", "fever", "tearing"]


@pytest.mark.parametrize(
    ("flag", "sign"), [("RF07", "chest"), ("RF11", "bladder"), ("RF15", "foot"), ("RF03", "stroke")]
)
def test_a_guessed_flag_leads_with_its_sign(flag: str, sign: str, content: Content) -> None:
    assert sign in leading("something is off", [flag], content)


def test_a_flag_without_a_sign_leads_nothing(content: Content) -> None:
    assert leading("something is off", ["RF26", "RF99"], content) == []


@pytest.mark.parametrize("lead", [(), ("stroke",), ("stroke", "calf", "wound")])
@pytest.mark.parametrize("grouped", [True, False])
def test_every_page_is_short_and_has_the_ways_out(lead: tuple[str, ...], grouped: bool, content: Content) -> None:
    state: Mapping[str, Any] | None = state_of(*lead, grouped=grouped)
    seen: list[str] = []
    while state:
        shown = options(state, content)
        assert shown[-2:] == WAYS_OUT
        assert len(shown) <= 9
        signs = [choice for choice in shown if choice not in (*WAYS_OUT, "triage:other")]
        assert len(signs) <= (3 if grouped else 6)
        seen += signs
        state = next_page(state, "other", content)
    assert len(set(seen)) == len(seen)
    assert seen[: len(lead)] == [f"{TRIAGE}:{sign}" for sign in lead]


def test_none_of_these_counts_for_the_whole_list_only_after_six_signs(content: Content) -> None:
    assert next_page(state_of(), "none", content) is None
    second = next_page(state_of(grouped=True), "none", content)
    assert second is not None
    assert next_page(second, "none", content) is None


def test_every_sign_has_a_title_words_hints_and_a_tier(content: Content) -> None:
    rules = content.triage
    signs = [name for name in rules["signs"] if name != "unsaid"]
    assert set(signs) == set(rules["signs_said"])
    for name in signs:
        assert set(rules["options"][name]) == set(LANGUAGES)
        assert rules["means"][name] == {"sign": name}
        assert all(len(title) <= 28 for title in rules["options"][name].values())


def test_the_signs_stand_in_the_order_of_urgency(content: Content) -> None:
    ranks = [Tier(sign["tier"]).rank for sign in content.triage["signs"].values()]
    assert ranks == sorted(ranks)


def test_every_sign_that_is_tapped_raises_the_alarm_of_its_tier(content: Content) -> None:
    for name, sign in content.triage["signs"].items():
        if name == "unsaid":
            continue
        reply = tapped(name, voted("it feels odd", "en", content), content)
        assert (reply.messages[0].card, reply.messages[0].tier) == ("alarm", Tier(sign["tier"]))
        assert reply.messages[0].flag == sign["flag"]


@pytest.mark.parametrize("text", ["yes", "sí", "creo que sí", "unfortunately yes", "kinda"])
def test_a_yes_means_the_most_urgent_of_those_that_lead(text: str, content: Content) -> None:
    reply = voted("my face and my foot feel weird", "en", content, likely=("RF15", "RF03"))
    assert answered(text, reply, content).messages[0].tier is Tier.CALL_911
    assert meant("unsaid", state_of("calf", "side"), content).flag == "RF23"
    assert meant("unsaid", state_of(), content).tier is Tier.ED_NOW


@pytest.mark.parametrize("text", ["i don't know", "not sure", "maybe", "no sé", "quizás", "prefiero no decir"])
def test_unsure_is_asked_once_more_in_other_words_and_then_a_yes(text: str, content: Content) -> None:
    first = voted("my face feels weird", "es", content)
    second = answered(text, first, content)
    assert second.messages[0].text == content.triage["questions"]["signs"]["again"]["es"]
    assert answered(text, second, content).messages[0].flag == "RF03"


def test_something_else_shows_more_signs_and_then_counts_as_unsure(content: Content) -> None:
    reply, shown = voted("it feels odd", "en", content), []
    while reply.messages[0].card == "triage:signs" and "triage:other" in reply.memory.offered:
        shown += reply.memory.offered[:-3]
        reply = tapped("other", reply, content)
    assert len(shown) >= 6
    assert reply.messages[0].card == "triage:signs"
    asked = tapped("other", reply, content)
    assert asked.messages[0].text == content.triage["questions"]["signs"]["again"]["en"]
    assert tapped("other", asked, content).messages[0].tier is Tier.ED_NOW


def test_where_choices_have_numbers_three_signs_come_at_a_time(content: Content) -> None:
    first = voted("it feels odd", "en", content, numbered=True)
    assert len(first.memory.offered) == 5
    second = tapped("none", first, content, numbered=True)
    assert second.messages[0].text == content.triage["questions"]["signs"]["more"]["en"]
    assert tapped("none", second, content, numbered=True).messages[0].card == "triage:severity"


@pytest.mark.parametrize("told", ["i'm pregnant and", "i take blood thinners and", "me operaron de la espalda y"])
def test_what_was_said_before_the_list_leads_to_a_person_after_none(told: str, content: Content) -> None:
    reply = answered("none of these", voted(f"{told} it feels odd", "en", content), content)
    assert reply.messages[0].tier is Tier.CALL_TODAY


NO_SEVERE_PAIN = """
i have no pain
no pain, i just want to prevent it
it doesn't hurt
no tengo dolor
no me duele nada
""".strip().splitlines()
MILD_PAIN = """
it is not severe
the pain is not that bad
it's a 3 out of 10
i can walk and sleep
no es tan fuerte el dolor
me duele pero puedo caminar
un dolorcito de 2 de 10
""".strip().splitlines()
SEVERE_PAIN = """
the pain is killing me
worst back pain of my life
it hurts so bad i can't walk
9 out of 10
no aguanto el dolor
el dolor está insoportable
me duele muchísimo la espalda
i can't sleep from the pain
""".strip().splitlines()


def cards(text: str, content: Content, entities: tuple[Entity, ...] = ()) -> list[str | None]:
    turn = Turn(text, "report_severe_pain", entities=entities)
    report = pain.reported(turn, content)
    return [message.card for message in report(turn, Memory("en"), content).messages] if report else []


@pytest.mark.parametrize("text", NO_SEVERE_PAIN)
def test_no_pain_is_no_report_of_pain(text: str, content: Content) -> None:
    assert cards(text, content) == ["no_pain"]


@pytest.mark.parametrize("text", MILD_PAIN)
def test_pain_that_is_said_to_be_mild_is_not_severe(text: str, content: Content) -> None:
    assert cards(text, content) == ["pain_acknowledged", "triage:signs"]


@pytest.mark.parametrize("text", SEVERE_PAIN)
def test_severe_pain_brings_the_number_first(text: str, content: Content) -> None:
    assert cards(text, content) == ["severe_pain/about", "triage:signs"]


@pytest.mark.parametrize("text", ["i sat for a long time", "estuve mucho tiempo sentado", "i only have 3 days"])
def test_severe_pain_needs_pain(text: str, content: Content) -> None:
    assert cards(text, content) == []


@pytest.mark.parametrize(
    ("level", "card"), [("none", "pain_acknowledged"), ("mild", "pain_acknowledged"), ("severe", "severe_pain/about")]
)
def test_the_level_that_is_named_decides(level: str, card: str, content: Content) -> None:
    assert cards("my back, you know", content, (Entity("pain_level", level),))[0] == card


def test_a_risk_that_is_known_stays_known_when_they_begin_again(content: Content) -> None:
    state = {"pending": None, "verdict": "triage_call/about", "facts": {"score": 3, "days": 2, "risk": "thinners"}}
    reply = pain.report_mild(Turn("it is getting worse", "report_mild_pain"), Memory("en", triage=state), content)
    assert (reply.memory.triage or {})["facts"] == {"risk": "thinners", "trend": "worse"}
