"""`make review`: everything that can be said stands on the clinician's page, in both languages."""

from html import escape
from pathlib import Path

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, SIGNED, Content
from spineline.content.review import write_review
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


def test_every_flag_with_its_rules_and_both_names_is_on_the_page(page: str) -> None:
    for flag in read_yaml(ROOT / "content/red_flags.yml")["flags"]:
        assert flag["id"] in page
        assert escape(flag["name"]["es"]) in page
        assert all(rule in page for rule in flag["rules"])


def test_every_question_about_pain_is_on_the_page(page: str, example: Content) -> None:
    for question in example.triage["questions"].values():
        assert escape(question["en"]) in page
        assert escape(question["es"]) in page


def test_what_nobody_has_reviewed_has_a_line_to_sign_on(page: str, example: Content) -> None:
    cards = [card.reviewed_by for card in example.cards.values()]
    flags = [flag["reviewed"]["by"] for flag in read_yaml(ROOT / "content/red_flags.yml")["flags"]]
    files = [read_yaml(ROOT / f"content/{name}.yml")["reviewed"]["by"] for name in SIGNED]
    assert page.count("not yet reviewed: ___") == [*cards, *flags, *files].count("")


def test_the_page_speaks_for_the_clinic_that_was_asked_for(page: str, content: Content, example: Content) -> None:
    assert escape(example.clinic.name) in page
    assert content.clinic.phone not in page


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert not [tag for tag in ("<script", "<link", "<img", "src=") if tag in page]


def test_the_command_says_what_was_written(tmp_path: Path) -> None:
    assert str(tmp_path / "review.html") in write_review(tmp_path / "review.html", "example")
