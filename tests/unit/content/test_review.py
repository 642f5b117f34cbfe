"""`make review`: everything that can be said stands on the clinician's page, in both languages."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, Content
from spineline.content.review import write_review
from spineline.content.said_texts import texts_of
from spineline.content.signing import parts
from spineline.text.yaml_file import read_yaml


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("review") / "review.html"
    write_review(path, "example")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_on_the_page(language: str, page: str, example: Content) -> None:
    texts = {a.ref: a.text[language] for card in example.cards.values() for a in card.answers.values()}
    assert not [ref for ref, text in texts.items() if escape(example.fill(text, language)) not in page]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_there_as_it_is_heard(language: str, page: str, example: Content) -> None:
    texts = {a.ref: a.say[language] for card in example.cards.values() for a in card.answers.values()}
    assert not [ref for ref, text in texts.items() if escape(example.fill(text, language)) not in page]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["says", "wishes", "options", "instead_of"])
def test_every_sentence_of_the_telephone_line_is_on_the_page(part: str, language: str, page: str) -> None:
    texts = read_yaml(ROOT / "content/voice.yml")[part]
    assert not [name for name, text in texts.items() if escape(text[language]) not in page]


def test_every_word_that_is_obeyed_is_on_the_page(page: str) -> None:
    for said in read_yaml(ROOT / "content/keywords.yml").values():
        assert all(escape(", ".join(said[language])) in page for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fixed_line_is_on_the_page(language: str, page: str, example: Content) -> None:
    assert not [name for name, line in example.lines.items() if escape(line[language]) not in page]


@pytest.mark.parametrize("flag", read_yaml(ROOT / "content/red_flags.yml")["flags"], ids=lambda flag: flag["id"])
def test_every_flag_is_on_the_page_with_what_its_rules_ask_for(flag: dict[str, Any], page: str) -> None:
    part = page[page.index(f"{flag['id']} · {flag['tier']} · ") :].partition("</section>")[0]
    rules = {**flag["rules"], **{more["to"]: more["when"] for more in flag.get("raise_if", ())}}
    examples = [twin[language] for twins in flag["examples"].values() for twin in twins for language in LANGUAGES]
    wanted = [*flag["name"].values(), *flag["sources"], *rules, *map(str, rules.values()), *examples]
    assert not [said for said in wanted if escape(said) not in part]


def test_what_took_a_sign_back_stands_beside_the_example(page: str) -> None:
    assert "i hurt my back in a crash 5 years ago [" in page
    assert "long_ago" in page


def test_every_question_about_pain_is_on_the_page(page: str, example: Content) -> None:
    for question in example.triage["questions"].values():
        assert escape(question["en"]) in page
        assert escape(question["es"]) in page


def test_what_nobody_has_reviewed_has_a_line_to_sign_with_its_digest(page: str) -> None:
    signed = list(parts(ROOT / "content"))
    assert page.count("not yet reviewed: ___") == len([part for part in signed if not part.by])
    assert all(f"digest: {part.digest}" in page for part in signed)


@pytest.mark.parametrize("name", ["lines", "tiers", "triage", "voice", "widget", "website"])
def test_every_text_of_a_file_is_on_the_page(name: str, page: str) -> None:
    texts = dict(texts_of(read_yaml(ROOT / f"content/{name}.yml")))
    assert texts
    assert not [where for where, text in texts.items() if not all(escape(said) in page for said in text.values())]


@pytest.mark.parametrize("name", ["privacy", "triage", "red_flag_signs", "red_flag_words", "languages", "questions"])
def test_every_rule_and_every_word_is_on_the_page(name: str, page: str) -> None:
    assert not [word for word in leaves(read_yaml(ROOT / f"content/{name}.yml")) if escape(word) not in page]


def leaves(data: Any) -> Iterator[str]:
    for value in data.values() if isinstance(data, dict) else data:
        if isinstance(value, (dict, list)):
            yield from leaves(value)
        else:
            yield str(value)


def test_the_page_speaks_for_the_clinic_that_was_asked_for(page: str, content: Content, example: Content) -> None:
    assert escape(example.clinic.name) in page
    assert content.clinic.phone not in page


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert not [tag for tag in ("<script", "<link", "<img", "src=") if tag in page]


def test_the_command_says_what_was_written(tmp_path: Path) -> None:
    assert str(tmp_path / "review.html") in write_review(tmp_path / "review.html", "example")
