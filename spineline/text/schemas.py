"""Reads the files that people edit and checks each by the schema of its kind: content/schemas/<kind>.json.

Editors use the same schemas (the first line of each file names its own), so what is wrong is shown while it is typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from string import Template
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators

from spineline.errors import ContentError
from spineline.text.schema_words import sentences
from spineline.text.yaml_file import parse_yaml, read_text

SCHEMAS = Path(__file__).resolve().parents[2] / "content" / "schemas"
_MOST_KEPT = 256  # files; a house has about 110
_FOLDERS = {"cards": "card", "entities": "entities"}  # whose files are of one kind
_OF_A_TEXT = {"type", "pattern", "description", "fills"}
_BRACES = re.compile(r"[{}]")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ROOTS = ("content", "clinics", "data")


def read_checked(path: Path, kind: str | None = None) -> Any:
    """Read one file of a kind (see `kind_of`); ContentError lists everything that its schema finds wrong in it."""
    data, problems = _read(path, kind or kind_of(path), read_text(path))
    if problems:
        raise ContentError(problems)
    return data


def check_files(paths: Iterable[Path], kind: str | None = None) -> None:
    """Check files of one kind or of any; ContentError lists everything that is wrong in all of them."""
    problems: list[str] = []
    for path in paths:
        try:
            read_checked(path, kind)
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)


def shown(path: Path) -> str:
    """A path as people know it: content/cards/plank.yml."""
    parts = path.parts
    start = max((at for at, part in enumerate(parts) if part in _ROOTS), default=None)
    return str(path) if start is None else "/".join(parts[start:])


def kind_of(path: Path) -> str:
    """The kind of file, which names its schema: "card", "clinic", "tiers" ..."""
    return _FOLDERS.get(path.parent.name, path.stem)


@lru_cache(maxsize=_MOST_KEPT)
def _read(path: Path, kind: str, text: str) -> tuple[Any, tuple[str, ...]]:
    """The data of a file and what is wrong in it; kept, because two readers of one file come one after the other."""
    data = parse_yaml(path, text)
    found = (f"{shown(path)}: {said}" for error in _errors(path, kind, data) for said in sentences(error, data))
    return data, tuple(found)


def _errors(path: Path, kind: str, data: Any) -> Iterator[ValidationError]:
    file = SCHEMAS / f"{kind}.json"
    if not file.is_file():
        raise ContentError(
            [f"{shown(path)}: there is no schema for this file, {shown(file)}. Correct the file's name."]
        )
    yield from _validator(file).iter_errors(data)


@cache
def _validator(file: Path) -> Any:
    schema = json.loads(file.read_text(encoding="utf-8"))
    return _Validator(_inlined(schema, file))


def _inlined(part: Any, file: Path) -> Any:
    """A schema with every reference replaced by what it stands for: three times as fast as looking it up each time."""
    if isinstance(part, list):
        return [_inlined(item, file) for item in part]
    if not isinstance(part, dict):
        return part
    here = {name: _inlined(value, file) for name, value in part.items() if name not in ("$ref", "definitions")}
    return {**_referred(part["$ref"], file), **here} if "$ref" in part else here


@cache
def _referred(reference: str, file: Path) -> Mapping[str, Any]:
    name, _, place = reference.partition("#/definitions/")
    file = file.with_name(name) if name else file
    definition: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))["definitions"][place]
    inlined: Mapping[str, Any] = _inlined(definition, file)
    return inlined


def _names(_: Any, known: list[str], text: Any, __: Mapping[str, Any]) -> Iterator[ValidationError]:
    """A keyword of our own: which $names may stand in a text; both languages have the same ones."""
    if not isinstance(text, dict) or not all(isinstance(said, str) for said in text.values()):
        return
    for language, said in text.items():
        found = {name["named"] or name["braced"] or name[0] for name in Template.pattern.finditer(said)}
        for name in sorted(found - set(known)):
            yield ValidationError(f"{language}: ${name.strip('$')}")
        for name in sorted({name for other in text.values() for name in re.findall(r"\$(\w+)", other)} - found):
            yield ValidationError(f"{language}: lacks ${name}")


def _descend(validator: Any, instance: Any, schema: Mapping[str, Any], *paths: Any, **named: Any) -> Any:
    """Most of all values are texts that are right: they are looked at here, in a third of the time."""
    plain = isinstance(instance, str) and schema.get("type") == "string" and schema.keys() <= _OF_A_TEXT
    if (
        plain
        and re.search(schema.get("pattern", ""), instance)
        and not ("fills" in schema and _BRACES.search(instance))
    ):
        return ()
    return Draft7Validator.descend(validator, instance, schema, *paths, **named)


def _fills(_: Any, known: list[str], text: Any, __: Mapping[str, Any]) -> Iterator[ValidationError]:
    """A keyword of our own: which {names} may stand in a text."""
    if not isinstance(text, str) or not _BRACES.search(text):
        return
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            yield ValidationError(f"{{{name}}}")
    if _BRACES.search(_PLACEHOLDER.sub("", text)):
        yield ValidationError("a { or } without the other")


_Validator = validators.extend(Draft7Validator, {"names": _names, "fills": _fills})
_Validator.descend = _descend
