"""Reads a file of variables, `.env`, the way python-dotenv means it: quotes, comments, `export`, `${OTHER}`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.main import DotEnv
from dotenv.parser import Binding, parse_stream


@dataclass(frozen=True)
class EnvFile:
    """What a file says.

    Args:
        values: by name.
        places: where each name stands, such as ".env:3".
        problems: what cannot be understood. No value is repeated there: it may be a secret.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


NO_FILE = EnvFile()


def read_env_file(path: Path) -> EnvFile:
    """What the file says; nothing when there is none."""
    if not path.is_file():
        return NO_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return EnvFile(problems=(f"{path}: cannot be read ({reason}). Correct it, or move it away.",))
    lines = [(_line(binding), binding) for binding in parse_stream(io.StringIO(text))]
    problems = tuple(_problems(path, lines))
    if problems:
        return EnvFile(problems=problems)
    values = DotEnv(None, stream=io.StringIO(text), override=False).dict()
    places = {binding.key: f"{path}:{line}" for line, binding in lines if binding.key}
    return EnvFile({name: value or "" for name, value in values.items()}, places)


def _line(binding: Binding) -> int:
    """The parser counts from the blank lines before."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _problems(path: Path, lines: list[tuple[int, Binding]]) -> Iterator[str]:
    for line, binding in lines:
        if binding.error or (binding.key and binding.value is None):
            yield f"{path}:{line}: cannot be understood. Write NAME=value, with quotes around a value with spaces or #."
