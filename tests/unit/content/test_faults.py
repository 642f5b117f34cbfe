"""Whatever is wrong in a file of content/ stops the start, and is said with its file and place: one fault in each file.

Every round puts one fault into each file and loads once, so that all faults are said at once, too. Which text of a file
is hit in which round is always the same.
"""

import copy as copies
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.content.library import load_content
from spineline.errors import ContentError
from spineline.text.yaml_file import read_yaml

ROUNDS = 6
Place = tuple[Any, ...]
Fault = Callable[[Any, Place], None]  # changes what stands at a place of a file

# Fields that may be missing: their place in the schema is not among the required ones for a reason.
OPTIONAL = re.compile(
    r"^(default_for|named_by|pair|everyday_name|family|line|movements|answers\.(?!about$)\w+|answers\.\w+\.(buttons|sources|call)"
    r"|named_by\.\w+|\w+\.answers|.*\.not_for|notes\.\w+(\.instead(\.(do|more))?)?|outcomes\.\w+\.(tier|hand_off)|means\.\w+\.\w+"
    r"|(numbers|counts|units)\.[^.]+|(signs|risks)_said\.\w+\.(whole|told)|instead_of\..*|doctor\.about|opening|desk(\..*)?|\w+\.address"
    r"|(.*\.)?reviewed\.(on|digest)|flags\.\w+\.(rules\.\w+|raise_if|alarms)|(spellings|emoji|words|cues|drawings)\..+"
    r"|questions\.\w+\.(at_once|(CALL|CRISIS|ED)_\w+)|replies\.\w+\.(today|undone)"
    r"|signs\.\w+(\.(lasting|illness|fleeting|event|asked|supposed|also))?|(options|means|parts|signs_said|risks_said)\.[^.]+|(misheard\.\w+|replies\.parts)\.[^.]+"
    r"|(facts|families|conditions|variations|blocks)\.[^.]+|facts\.\w+\.(words|tells|not|counts|bare|plain|silent)|age_words\.[^.]+"
    r"|conditions\.\w+\.(when\.(from|below|unknown)|avoid\.[^.]+)|conditions\.\w+\.remedy)$"
)


@pytest.fixture
def house(root: Path, tmp_path: Path) -> Path:
    """A copy of everything that can be edited."""
    for folder in ("content", "clinics"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


def edited(house: Path) -> list[Path]:
    return sorted([*house.glob("content/*.yml"), *house.glob("content/*/*.yml"), house / "clinics/example/clinic.yml"])


def walk(data: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every part of a file with its place."""
    yield place, data
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in steps:
        yield from walk(part, (*place, step))


def at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def named(data: Any, place: Place) -> str:
    """A place as people are told of it: flags.RF10.examples.fire.#2."""
    names = []
    for step in place:
        data = data[step]
        number = f"#{step + 1}" if isinstance(step, int) else str(step)
        names.append(data["id"] if isinstance(step, int) and isinstance(data, dict) and "id" in data else number)
    return ".".join(names)


def texts(data: Any) -> list[Place]:
    return [place for place, part in walk(data) if isinstance(part, dict) and {"en", "es"} <= set(part)]


def fields(data: Any) -> list[Place]:
    return [place for place, part in walk(data) if isinstance(part, dict)]


def placeholders(data: Any) -> list[Place]:
    found = [place for place in texts(data) if isinstance(at(data, place)["es"], str)]
    return [place for place in found if re.search(r"\{(clinic\.\w+|value)\}|\$\w", at(data, place)["es"])]


def needed(data: Any) -> list[Place]:
    things = [part for part in data.values() if isinstance(part, dict)] if isinstance(data, dict) else []
    alike = len({next(iter(part)) for part in things}) == 1 and not isinstance(things[0].get("en"), str)
    # A file that holds any number of things of one kind may hold one less.
    first = 2 if alike and set(data) != {"en", "es"} else 1
    keys = [place for place, _ in walk(data) if len(place) >= first and isinstance(place[-1], str)]
    named_by_it = ("id",)  # a flag without its id is told of by its number
    return [place for place in keys if place[-1:] != named_by_it and not OPTIONAL.match(named(data, place))]


def drop(language: str) -> Fault:
    return lambda data, place: at(data, place).pop(language)


def empty(data: Any, place: Place) -> None:
    at(data, place)["en"] = ""


def misname(data: Any, place: Place) -> None:
    text = at(data, place)
    text["es"] = re.sub(r"\{(?:clinic\.\w+|value)\}", "{clinic.nobody}", re.sub(r"\$\w+", "$nobody", text["es"]))


def add(data: Any, place: Place) -> None:
    at(data, place)["unheard_of"] = 1


def gone(data: Any, place: Place) -> None:
    del at(data, place[:-1])[place[-1]]


def not_said(house: Path, places: Callable[[Any], list[Place]], fault: Fault, chance: random.Random) -> list[str]:
    """Puts one fault into each file that has a place for it; which of them nobody is told of."""
    made: list[str] = []
    for path in edited(house):
        data = read_yaml(path)
        if found := places(data):
            place, faulty = chance.choice(found), copies.deepcopy(data)
            fault(faulty, place)
            told_at = place[:-1] if fault is gone else place
            made.append(f"{path.relative_to(house)}: {named(data, told_at)}".rstrip(": "))
            path.write_text(yaml.dump(faulty, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), "utf-8")
    try:
        load_content(house, "example")
    except ContentError as error:
        return [where for where in made if not any(problem.startswith(where) for problem in error.problems)]
    return made


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize(
    ("places", "fault"),
    [(texts, drop("es")), (texts, drop("en")), (placeholders, misname)],
    ids=["no Spanish", "no English", "a placeholder that is none"],
)
def test_a_text_that_is_not_whole_stops_the_start(
    places: Callable[[Any], list[Place]], fault: Fault, seed: int, house: Path
) -> None:
    assert not not_said(house, places, fault, random.Random(seed))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_field_that_nobody_knows_stops_the_start(seed: int, house: Path) -> None:
    def known(data: Any) -> list[Place]:
        return [place for place in fields(data) if place[-1:] not in (("numbers",), ("counts",), ("units",))]

    assert not not_said(house, known, add, random.Random(seed))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_field_that_is_gone_stops_the_start(seed: int, house: Path) -> None:
    assert not not_said(house, needed, gone, random.Random(seed))


@pytest.mark.parametrize(
    ("file", "place", "problem"),
    [
        ("triage", ("options", "numb"), "questions.signs.options: 'numb' is not in options"),
        ("triage", ("means", "minor"), "options: 'minor' is not in means"),
        ("triage", ("signs", "fever"), "signs_said: 'fever' is not in signs"),
        ("triage", ("parts", "ache"), "<name>: 'ache' is not in parts"),
        ("voice", ("options", "triage:numb"), "options: triage:numb is missing"),
        ("lines", ("worse_line",), "'worse_line' is missing"),
        ("cards/plank", ("answers", "how"), "answers.about.buttons: 'plank/how' is not in content/cards/"),
        ("cards/core", None, "family or pair: 'core' is not in content/cards/"),
        ("entities/exercise", ("plank",), "named_by: 'plank' is not in content/entities/exercise.yml"),
        ("tiers", None, "tiers.yml: this file is missing"),
    ],
)
def test_what_is_named_elsewhere_cannot_be_taken_out(file: str, place: Place | None, problem: str, house: Path) -> None:
    path = house / f"content/{file}.yml"
    if place is None:
        path.unlink()
    else:
        data = read_yaml(path)
        gone(data, place)
        path.write_text(yaml.dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(house, "example")
    assert problem in str(caught.value)
