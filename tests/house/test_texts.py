"""Every text that people read: complete, short, honest, in both languages, leading somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from text_rules import FORBIDDEN, NUMBERS, answers

from spineline.content.check import check_everything
from spineline.content.choice import REPLIES
from spineline.content.library import ROOT, Content
from spineline.content.signing import SIGNED
from spineline.nlu.spacy_ruler import named_things
from spineline.text.letters import fold
from spineline.text.yaml_file import read_yaml

MOST_WORDS = 70
LONGEST_PAYLOAD = 64  # bytes that a Telegram button can carry


def every_text(content: Content) -> Iterator[tuple[str, str]]:
    for answer in answers(content):
        for language, text in answer.text.items():
            yield f"{answer.ref} {language}", content.fill(text, language)
            yield f"{answer.ref} {language} say", content.fill(answer.say[language], language)
    for path in ("tiers", "alarm_questions", "lines", "triage", "conditions", "moves", "checkin", "routines"):
        yield from _leaves(path, read_yaml(ROOT / f"content/{path}.yml"))


def _leaves(where: str, data: object) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield where, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(f"{where}.{key}", value)


def test_everything_is_complete_for_every_clinic() -> None:
    assert "complete in both languages" in check_everything()


def test_no_answer_is_longer_than_seventy_words(content: Content) -> None:
    long = {
        f"{a.ref} {lang}": n
        for a in answers(content)
        for lang, t in a.text.items()
        if (n := len(t.split())) > MOST_WORDS
    }
    assert not long


def test_a_question_about_a_number_gets_it_in_the_first_sentence(content: Content) -> None:
    for answer in answers(content):
        if answer.ref.partition("/")[2] in NUMBERS:
            for language, text in answer.text.items():
                first = re.split(r"(?<=[.!?])\s", text)[0]
                assert re.search(r"\d", first), f"{answer.ref} {language}: {first}"


def test_topic_answers_lead_on_by_two_to_four_quick_replies(content: Content) -> None:
    for card in content.cards.values():
        for answer in card.answers.values():
            least = 2 if card.intents[0].startswith("ask_") else 0
            assert least <= len(answer.buttons) <= 4, answer.ref
            assert answer.ref not in answer.buttons, f"{answer.ref} leads to itself"


def test_topic_answers_name_their_sources(content: Content) -> None:
    about_the_chat = {"ask_privacy", "ask_contact", "ask_hours_location", "ask_cost_insurance", "ask_doctor"}
    for card in content.cards.values():
        if card.intents[0].startswith("ask_") and card.intents[0] not in about_the_chat:
            for answer in card.answers.values():
                assert answer.sources, f"{answer.ref} names no source"


def test_every_source_is_used(content: Content) -> None:
    used = {source for answer in answers(content) for source in answer.sources}
    other = "\n".join((ROOT / f"content/{name}.yml").read_text() for name in (*SIGNED, "red_flags"))
    unused = [s for s in read_yaml(ROOT / "content/sources.yml") if s not in used and not re.search(rf"\b{s}\b", other)]
    assert not unused


def test_no_title_stands_for_two_things(content: Content) -> None:
    for language in ("en", "es"):
        titles = [fold(a.ask[language]) for a in answers(content)]
        twice = {t for t in titles if titles.count(t) > 1}
        assert not twice, f"{language}: {twice}"


def test_every_quick_reply_has_a_title_and_a_payload_that_fits(content: Content) -> None:
    for choice in content.choices:
        assert set(content.choices[choice].title) >= {"en", "es"}
        assert len(content.choices[choice].payload.encode()) <= LONGEST_PAYLOAD, choice


def strings_of_code(source: str) -> set[str]:
    """The strings that a program says; a word in a comment, a docstring or a variable's name is none."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone)
    return {node.value for node in strings if isinstance(node.value, str)}


def strings_of_data(data: Any) -> set[str]:
    """The keys and values of a file of content, at any depth."""
    if isinstance(data, dict):
        return strings_of_data([*data, *data.values()])
    return set().union(*map(strings_of_data, data)) if isinstance(data, list) else {str(data)}


@pytest.fixture(scope="module")
def named_in_code() -> set[str]:
    files = (ROOT / "spineline").rglob("*.py")
    return set().union(*(strings_of_code(path.read_text(encoding="utf8")) for path in files))


def test_a_name_in_a_comment_or_in_a_longer_word_is_not_used() -> None:
    source = "'''About core.'''\ndef busy(core):  # yes\n    return f\"{core}_known\" if core == \"no\" else \"yes \""
    assert strings_of_code(source) == {"_known", "no", "yes "}


def test_every_answer_can_be_reached_by_asking_or_tapping(content: Content, named_in_code: set[str]) -> None:
    from spineline.dialogue.conversation import _WAYS_ON

    reachable = {b for a in answers(content) for b in a.buttons} | set(_WAYS_ON) | set(REPLIES) | named_in_code
    reachable |= strings_of_data(read_yaml(ROOT / "content/triage.yml"))
    for card in content.cards.values():
        asked_for = card.default_for or card.named_by or card.pair or card.id in reachable
        for answer in card.answers.values():
            assert asked_for or answer.ref in reachable, f"{answer.ref} is dead: nothing leads to it"


def test_every_line_is_said_somewhere(content: Content, named_in_code: set[str]) -> None:
    said = named_in_code | {card.line for card in content.cards.values()}
    built = re.compile(r"_(known|unknown|spoken|short)$|^call_")
    assert not [name for name in content.lines if not built.search(name) and name not in said]


def test_no_surface_form_names_two_things() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for label, value, surface in named_things(ROOT / "content/entities"):
        other = seen.setdefault(fold(surface), (label, value))
        assert other == (label, value), f"'{surface}' names {other} and {(label, value)}"


def test_cards_are_named_by_entities_that_exist(content: Content) -> None:
    known = {(label, value) for label, value, _ in named_things(ROOT / "content/entities")}
    for card in content.cards.values():
        assert set(card.named_by) <= known, card.id


def test_no_text_diagnoses_clears_doses_or_poses_as_a_clinician(content: Content) -> None:
    for where, text in every_text(content):
        found = FORBIDDEN.search(text)
        assert not found, f"{where}: '{found and found[0]}'"


@pytest.mark.parametrize(
    "text",
    [
        "You have sciatica.",
        "You are fine.",
        "Usted tiene una hernia.",
        "I diagnose you.",
        "Take 400 mg.",
        "Soy su doctora.",
    ],
)
def test_the_lint_catches_what_it_is_for(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_no_clinic_data_stands_in_texts_or_code(content: Content, example: Content) -> None:
    private = [
        value
        for c in (content, example)
        for value in (c.clinic.name, c.clinic.phone, c.clinic.phone_e164, c.clinic.doctor)
    ]
    folders = [ROOT / "content", ROOT / "spineline", ROOT / "actions", ROOT / "web"]
    files = [
        p
        for f in folders
        for p in f.rglob("*")
        if p.suffix in (".yml", ".py", ".js", ".html", ".css") and p.name != "sources.yml"
    ]
    for path in files:
        text = path.read_text(encoding="utf8")
        for value in private:
            assert value not in text, f"{path.relative_to(ROOT)} names {value}: it belongs into clinics/"


def test_unknown_fields_are_said_to_be_unknown_and_known_ones_are_given(content: Content, example: Content) -> None:
    unknown = content.fill("{clinic.hours_line} {clinic.address_line}", "en")
    assert "don't have" in unknown
    assert content.clinic.phone in unknown
    assert example.clinic.hours is not None
    assert example.clinic.hours["es"] in example.fill("{clinic.hours_line}", "es")


def test_profiles_lie_where_the_readme_says() -> None:
    assert {p.parent.name for p in Path(ROOT / "clinics").glob("*/clinic.yml")} >= {"spine_institute", "example"}
