"""Content: texts are filled with the clinic's data and checked before the first patient."""

import re
import shutil
from pathlib import Path

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content, load_content
from spineline.content.signing import SIGNED, parts
from spineline.danger.rules import shared_red_flags
from spineline.environment import current_content, settings_of_environment
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
    for cached in (settings_of_environment, current_content):
        cached.cache_clear()
    monkeypatch.setenv("CLINIC", "example")
    try:
        assert current_content().clinic == example.clinic
    finally:
        for cached in (settings_of_environment, current_content):
            cached.cache_clear()


def test_an_unknown_placeholder_stops_the_start(copy: Path) -> None:
    edit(copy / "content/cards/plank.yml", "\n    en: >-", "\n    en: >-\n      {clinic.fax}")
    with pytest.raises(ContentError, match=r"cards/plank\.yml: answers\.about\.en: {clinic\.fax} cannot be filled in"):
        load_content(copy, "example")


def test_an_unknown_source_stops_the_start(copy: Path) -> None:
    edit(copy / "content/cards/out_of_scope.yml", "sources: []", "sources: [hearsay]")
    with pytest.raises(
        ContentError, match=r"out_of_scope\.yml: answers\.about\.sources: 'hearsay' is not in content/sources\.yml"
    ):
        load_content(copy, "example")


def test_a_line_in_one_language_stops_the_start(copy: Path) -> None:
    edit(copy / "content/lines.yml", ', es: "No es para emergencias. Llame al 911."', "")
    with pytest.raises(ContentError, match=r"not_emergency_line"):
        load_content(copy, "example")


NOBODY = 'reviewed: {by: "", on: ""}'


def sign_everything(copy: Path) -> None:
    """As a clinician does it: a name, a day and the digest that `make review` prints, part by part."""
    waiting = {part.name: part.digest for part in parts(copy / "content")}
    flags = iter([digest for name, digest in waiting.items() if name.startswith("RF")])
    for path in (copy / "content").rglob("*.yml"):
        own = waiting.get(str(path.relative_to(copy / "content").with_suffix("")))
        text = path.read_text(encoding="utf-8")
        while NOBODY in text:
            text = text.replace(
                NOBODY, f"reviewed: {{by: Dr. Ana Ruiz, on: 2026-11-23, digest: {own or next(flags)}}}", 1
            )
        path.write_text(text, encoding="utf-8")


def test_content_is_reviewed_when_everything_is_signed(copy: Path) -> None:
    assert not load_content(copy, "example").reviewed
    sign_everything(copy)
    assert load_content(copy, "example").reviewed


@pytest.mark.parametrize("name", [*SIGNED, "red_flags", "cards/plank"])
def test_content_is_not_reviewed_while_one_signature_is_missing(name: str, copy: Path) -> None:
    sign_everything(copy)
    path = copy / f"content/{name}.yml"
    signed = re.sub(r"reviewed: \{by: Dr.*\}", NOBODY, path.read_text(encoding="utf-8"), count=1)
    path.write_text(signed, encoding="utf-8")
    assert not load_content(copy, "example").reviewed


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tiers", "Call 911 now.", "Call 911 soon."),
        ("tiers", "calls: [911, clinic]", "calls: [clinic, 911]"),
        ("triage", "severe_score: 7", "severe_score: 9"),
        ("voice", "cuelgue y marque el 911", "cuelgue y marque 911"),
        ("red_flags", "chest_pain: chest_pain", "chest_pain: chest_sore"),
        ("red_flags", "me duele el pecho", "me duele mucho el pecho"),
        ("cards/plank", "Plancha", "La plancha"),
    ],
)
def test_a_text_that_changes_is_unsigned_again(name: str, old: str, new: str, copy: Path) -> None:
    sign_everything(copy)
    edit(copy / f"content/{name}.yml", old, new)
    assert not load_content(copy, "example").reviewed


def test_a_remark_or_another_line_break_leaves_the_signature(copy: Path) -> None:
    sign_everything(copy)
    edit(copy / "content/tiers.yml", "\nnotes:", "\n# a remark\nnotes:")
    edit(copy / "content/tiers.yml", "Call 911 now.,", "Call 911 now. ,")
    assert load_content(copy, "example").reviewed


def test_a_name_without_the_digest_is_no_signature(copy: Path) -> None:
    sign_everything(copy)
    path = copy / "content/tiers.yml"
    path.write_text(re.sub(r", digest: [\w-]+", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert not load_content(copy, "example").reviewed


def test_a_file_that_has_a_place_for_a_signature_is_signed(copy: Path) -> None:
    signed = {path.stem for path in (copy / "content").glob("*.yml") if "\nreviewed:" in path.read_text("utf-8")}
    assert signed == set(SIGNED)


def test_the_rules_of_danger_are_read_once_for_everything_in_a_process(root: Path) -> None:
    before = shared_red_flags.cache_info().misses
    assert load_content(root, "example").red_flags is shared_red_flags(root / "content" / "red_flags.yml")
    assert shared_red_flags.cache_info().misses - before <= 1
