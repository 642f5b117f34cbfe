"""Says what a schema finds wrong in words that a translator understands: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from spineline.text.yaml_file import did_you_mean

_LANGUAGES = {"en": "English", "es": "Spanish"}
_TYPES = {
    "string": "text",
    "object": "fields (name: value)",
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
    "null": "nothing",
}
_MOST_SHOWN = 60  # characters of a wrong value


def sentences(error: ValidationError, data: Any) -> Iterator[str]:
    """One sentence for each thing that an error stands for, with the path inside the file before it."""
    said = _SAID.get(error.validator, _unfit)
    where = ".".join(_steps(error.absolute_path, data))
    yield from (f"{where}: {sentence}" if where else sentence for sentence in said(error))


def _steps(path: Iterable[Any], data: Any) -> Iterator[str]:
    """Keys as they stand; of a list the id of the item, or its number, counted from one."""
    for step in path:
        data = data[step]
        name = str(step) if isinstance(step, str) else f"#{step + 1}"
        yield data["id"] if isinstance(step, int) and isinstance(data, dict) and "id" in data else name


def _missing(error: ValidationError) -> Iterator[str]:
    name = next(name for name in error.validator_value if error.message == f"{name!r} is a required property")
    if name in _LANGUAGES:
        yield f"no {_LANGUAGES[name]} text ('{name}'). Write it: no text exists in one language only."
    else:
        yield f"'{name}' is missing. Add it.{_hint(error.schema.get('properties', {}).get(name, {}))}"


def _unknown(error: ValidationError) -> Iterator[str]:
    known = error.schema.get("properties", {})
    for name in error.instance:
        if error.message.find(repr(name)) >= 0 and name not in known:
            meant = did_you_mean(str(name), known) or f" These are known: {', '.join(known)}." * bool(known)
            yield f"'{name}' is not known here.{meant} Correct the name, or take it out."


def _type(error: ValidationError) -> Iterator[str]:
    wanted = error.validator_value
    names = " or ".join(_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))
    if error.instance is None:
        yield f"nothing stands here. Write {names}.{_hint(error.schema)}"
    else:
        fields = error.schema.get("required") if wanted == "object" else None
        listed = f"fields such as {', '.join(fields)}" if fields else names
        yield f"{_value(error)} stands here; expected {listed}.{_hint(error.schema)}"


def _pattern(error: ValidationError) -> Iterator[str]:
    if not error.instance.strip():
        yield f"nothing stands here. Write the text.{_hint(error.schema)}"
    else:
        yield from _unfit(error)


def _choice(error: ValidationError) -> Iterator[str]:
    known = [str(value) for value in error.validator_value]
    yield f"{_value(error)} is none of {', '.join(known)}.{did_you_mean(str(error.instance), known)}"


def _too_few(error: ValidationError) -> Iterator[str]:
    yield f"at least {error.validator_value} must stand here. Add what is missing.{_hint(error.schema)}"


def _too_many(error: ValidationError) -> Iterator[str]:
    yield f"at most {error.validator_value} may stand here. Take some out.{_hint(error.schema)}"


def _twice(error: ValidationError) -> Iterator[str]:
    yield "the same thing stands here twice. Take one out."


def _name(error: ValidationError) -> Iterator[str]:
    language, _, name = error.message.partition(": ")
    if name.startswith("lacks"):
        yield f"{language}: {name.removeprefix('lacks ')} is missing, which the other language has. Write it, too."
    else:
        known = [f"${name}" for name in error.validator_value]
        fix = f"may be {', '.join(known)}" if known else "cannot be filled in here"
        yield f"{language}: {name} {fix}.{did_you_mean(name, known)} Correct the name, or take it out."


def _placeholder(error: ValidationError) -> Iterator[str]:
    known = [f"{{{name}}}" for name in error.validator_value]
    meant = did_you_mean(error.message, known) or f" These can be: {', '.join(known)}."
    yield f"{error.message} cannot be filled in.{meant} Correct the name, or take it out."


def _unfit(error: ValidationError) -> Iterator[str]:
    yield f"{_value(error)} cannot be used.{_hint(error.schema)}"


def _value(error: ValidationError) -> str:
    shown = str(error.instance)
    return f"'{shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN] + '…'}'"


def _hint(schema: Mapping[str, Any]) -> str:
    return f" {schema['description']}" if "description" in schema else ""


_SAID: Mapping[str, Callable[[ValidationError], Iterator[str]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _type,
    "pattern": _pattern,
    "enum": _choice,
    "minItems": _too_few,
    "minProperties": _too_few,
    "maxItems": _too_many,
    "uniqueItems": _twice,
    "names": _name,
    "fills": _placeholder,
}
