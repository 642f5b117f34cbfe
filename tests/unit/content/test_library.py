"""Content: texts are filled with the clinic's data and checked before the first patient."""

import shutil
from pathlib import Path

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import SIGNED, Content, current_content, load_content
from spineline.errors import ContentError


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of everything that can be edited."""
    for folder in ("content", "clinics"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_left_in_any_answer(language: str, content: Content, example: Content) -> None:
    for clinic in (content, example):
        texts = [a.text[language] for card in clinic.cards.values() for a in card.answers.values()]
        assert not [text for text in texts if "{" in clinic.fill(text, language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clinics_number_is_filled_in(language: str, content: Content) -> None:
    assert content.clinic.phone in content.line("not_understood_again", language)


@pytest.mark.parametrize("field", ["hours", "address", "insurance", "website"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_clinic_did_not_tell_is_never_made_up(field: str, language: str, content: Content) -> None:
    said = content.fill(f"{{clinic.{field}_line}}", language)
    assert said == content.line(f"{field}_unknown", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_clinic_told_is_given(language: str, example: Content) -> None:
    assert example.clinic.address
    assert example.clinic.address[language] in example.fill("{clinic.address_line}", language)


def test_an_answer_that_is_not_there_is_an_error(content: Content) -> None:
    with pytest.raises(KeyError):
        content.answer("plank/nonsense")


def test_the_clinic_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, example: Content) -> None:
    current_content.cache_clear()
    monkeypatch.setenv("CLINIC", "example")
    try:
        assert current_content().clinic == example.clinic
    finally:
        current_content.cache_clear()


def test_an_unknown_placeholder_stops_the_start(copy: Path) -> None:
    edit(copy / "content/cards/plank.yml", "\n    en: >-", "\n    en: >-\n      {clinic.fax}")
    with pytest.raises(ContentError, match=r"cards/plank\.yml: about: en: cannot be filled in"):
        load_content(copy, "example")


def test_an_unknown_source_stops_the_start(copy: Path) -> None:
    edit(copy / "content/cards/out_of_scope.yml", "sources: []", "sources: [hearsay]")
    with pytest.raises(ContentError, match=r"source 'hearsay' is not in content/sources\.yml"):
        load_content(copy, "example")


def test_a_line_in_one_language_stops_the_start(copy: Path) -> None:
    edit(copy / "content/lines.yml", ', es: "No es para emergencias. Llame al 911."', "")
    with pytest.raises(ContentError, match=r"not_emergency_line"):
        load_content(copy, "example")


NOBODY, SOMEBODY = 'reviewed: {by: "", on: ""}', "reviewed: {by: Dr. Ana Ruiz, on: 2026-11-23}"


def sign_everything(copy: Path) -> None:
    for path in (copy / "content").rglob("*.yml"):
        path.write_text(path.read_text(encoding="utf-8").replace(NOBODY, SOMEBODY), encoding="utf-8")


def test_content_is_reviewed_when_everything_is_signed(copy: Path) -> None:
    assert not load_content(copy, "example").reviewed
    sign_everything(copy)
    assert load_content(copy, "example").reviewed


@pytest.mark.parametrize("name", [*SIGNED, "red_flags", "cards/plank"])
def test_content_is_not_reviewed_while_one_signature_is_missing(name: str, copy: Path) -> None:
    sign_everything(copy)
    path = copy / f"content/{name}.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(SOMEBODY, NOBODY, 1), encoding="utf-8")
    assert not load_content(copy, "example").reviewed


def test_a_file_that_has_a_place_for_a_signature_is_signed(copy: Path) -> None:
    signed = {path.stem for path in (copy / "content").glob("*.yml") if "\nreviewed:" in path.read_text("utf-8")}
    assert signed == set(SIGNED)
