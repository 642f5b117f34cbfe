"""YAML as editors expect it: `on`, `yes` and `no` are words, and a day is one, too (YAML 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

import yaml

from spineline.errors import ContentError

_BOOL = "tag:yaml.org,2002:bool"
_OTHERWISE = (_BOOL, "tag:yaml.org,2002:timestamp")
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHERWISE]
        for first, resolvers in _Fast.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Any:
    """Read one file; a ContentError names the file and the line when it cannot be read."""
    return parse_yaml(path, read_text(path))


def read_text(path: Path) -> str:
    """The text of one file; a ContentError names the file when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError([f"{path}: this file is missing. Restore it or fix the name."]) from None
    except UnicodeDecodeError as error:
        raise ContentError([f"{path}: not readable as YAML: {error}"]) from None


def parse_yaml(path: Path, text: str) -> Any:
    """What a text says; a ContentError names the file and the line when it cannot be read."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 -- a SafeLoader
    except yaml.YAMLError as error:
        raise ContentError([f"{path}: not readable as YAML: {error}"]) from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the closest known word, else the empty text."""
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
