"""`make check`: everything that people edit is read for every clinic, and every problem is said."""

import shutil
from pathlib import Path

import pytest

from spineline.content import check
from spineline.content.check import check_everything
from spineline.errors import ContentError


@pytest.fixture
def copy(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything that can be edited."""
    for folder in ("content", "clinics"):
        shutil.copytree(root / folder, tmp_path / folder)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("copy")
def test_what_is_complete_is_counted() -> None:
    assert "2 clinics are complete in both languages" in check_everything()


def test_a_text_that_was_changed_after_it_was_signed_is_named(copy: Path) -> None:
    path = copy / "content/cards/plank.yml"
    text = path.read_text(encoding="utf-8")
    assert 'reviewed: {by: "", on: ""}' in text
    signature = "reviewed: {by: Dr. Ana Ruiz, on: 2026-11-23, digest: 0000-0000-0000}"
    path.write_text(text.replace('reviewed: {by: "", on: ""}', signature), encoding="utf-8")
    assert "not reviewed any more: cards/plank." in check_everything()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("voice", "connects: [book_appointment", "connects: [book_apointment", "there is no card 'book_apointment'"),
        ("voice", "{en: For yes, es: Para sí}", "{en: For yes}", "options.line:yes: no Spanish text"),
        (
            "voice",
            "Thank you for calling {clinic.name}",
            "Thank you for calling {clinic.nam}",
            "says.thanks.en: {clinic.nam} cannot be filled in. Did you mean '{clinic.name}'?",
        ),
        ("voice", "keys:", "keis:", "'keys' is missing"),
        ("voice", "reviewed: {by", "reviewed: {bye", "reviewed: 'by' is missing"),
        ("keywords", "    - quit", "    - help", "'help' means stop and help"),
    ],
    ids=["a card that is none", "one language", "a placeholder", "a part", "no signature", "a word with two meanings"],
)
def test_what_is_wrong_on_the_telephone_is_found(file: str, old: str, new: str, problem: str, copy: Path) -> None:
    path = copy / f"content/{file}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        check_everything()
    assert str(caught.value).count(problem) == 1, "said once, not for each clinic"
