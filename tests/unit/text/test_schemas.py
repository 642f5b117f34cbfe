"""Schemas: every file that people edit has one, editors find it, and what is wrong is said in plain words."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from spineline.errors import ContentError
from spineline.text.schemas import SCHEMAS, check_files, kind_of, read_checked

ROOT = Path(__file__).parents[3]
FILES = sorted([*ROOT.glob("content/*.yml"), *ROOT.glob("content/*/*.yml"), *ROOT.glob("clinics/*/*.yml")])
KINDS = sorted(path.stem for path in SCHEMAS.glob("*.json"))
WORDS_OF_A_LIBRARY = re.compile(
    r"is not of type|does not match|required property|Additional properties|non-empty|\^|\\"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_first_line_of_a_file_names_its_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    assert (path.parent / named[1]).resolve() == SCHEMAS / f"{kind_of(path)}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_belongs_to_a_file(kind: str) -> None:
    Draft7Validator.check_schema(json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8")))
    assert kind in {"common", "asked", "around", "danger", *(kind_of(path) for path in FILES)}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("stop: {en: [stop], es: []}", "stop.es: at least 1 must stand here. Add what is missing."),
        ("stop: {en: [stop]}", "stop: no Spanish text ('es'). Write it: no text exists in one language only."),
        ("stop: {en: [5], es: [alto]}", "stop.en.#1: '5' stands here; expected text. Words, in quotes when YAML takes"),
        ("stop:", "stop: nothing stands here. Write fields (name: value)."),
        ("stopp: 1", "'stopp' is not known here. Did you mean 'stop'?"),
        ("[]", "'[]' stands here; expected fields such as stop, start, help, reaction."),
        ("", "nothing stands here. Write fields (name: value). Words that are obeyed in text messages."),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(written: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "content" / "keywords.yml"
    path.parent.mkdir()
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_checked(path)
    assert any(problem.startswith(f"content/keywords.yml: {said}") for problem in caught.value.problems)
    assert not WORDS_OF_A_LIBRARY.search(str(caught.value))


def test_a_file_of_no_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spareribs.yml").write_text("{}", encoding="utf-8")
    with pytest.raises(ContentError, match="there is no schema for this file"):
        read_checked(tmp_path / "spareribs.yml")


def test_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    for name in ("keywords", "tiers"):
        (tmp_path / f"{name}.yml").write_text("unheard_of: 1", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        check_files([tmp_path / "keywords.yml", tmp_path / "tiers.yml", tmp_path / "gone.yml"])
    told = str(caught.value)
    assert [told.count(name) > 0 for name in ("keywords.yml", "tiers.yml", "gone.yml: this file is missing")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call {clinic.fone}.", "thanks.en: {clinic.fone} cannot be filled in. Did you mean '{clinic.phone}'?"),
        ("Call {clinic.phone.", "thanks.en: a { or } without the other cannot be filled in."),
        ("Call $number.", "thanks: en: $number cannot be filled in here."),
    ],
)
def test_a_placeholder_that_nobody_fills_in_is_a_fault(text: str, said: str, tmp_path: Path) -> None:
    data: Any = (ROOT / "content/voice.yml").read_text(encoding="utf-8")
    path = tmp_path / "voice.yml"
    path.write_text(data.replace("Thank you for calling {clinic.name}. Goodbye.", json.dumps(text)), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_checked(path)
    assert said in str(caught.value)
