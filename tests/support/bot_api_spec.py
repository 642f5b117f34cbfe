"""Compares calls with the published description of Telegram's Bot API: names, types, what is required, lengths."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

_PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": float}
_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")


@lru_cache(maxsize=1)
def description() -> dict[str, Any] | None:
    """The description; None where the folder of TEST_SPECS has none."""
    path = Path(os.environ.get("TEST_SPECS", "/nowhere")) / "tg_api.json"
    return json.loads(path.read_text(encoding="utf8")) if path.is_file() else None


def violations(method: str, body: dict[str, Any]) -> list[str]:
    """Everything that the description does not allow; nothing where there is none."""
    spec = description()
    if spec is None:
        return []
    if method not in spec["methods"]:
        return [f"{method}: there is no such method"]
    return _of_fields(method, spec["methods"][method].get("fields", []), body)


def _of_fields(where: str, fields: list[dict[str, Any]], body: dict[str, Any]) -> list[str]:
    known = {field["name"]: field for field in fields}
    missing = [f"{where}: {name} is missing" for name, f in known.items() if f["required"] and name not in body]
    unknown = [f"{where}: {name} is unknown" for name in body.keys() - known.keys()]
    wrong = [
        problem for name in body.keys() & known.keys() for problem in _of(f"{where}.{name}", known[name], body[name])
    ]
    return [*missing, *unknown, *wrong]


def _of(where: str, field: dict[str, Any], value: Any) -> list[str]:
    tried = [_of_type(where, kind, value) for kind in field["types"]]
    best = min(tried, key=len)
    return best or _of_length(where, field["description"], value)


def _of_type(where: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [problem for part in value for problem in _of_type(where, kind.removeprefix("Array of "), part)]
    if kind in _PLAIN:
        return [] if type(value) is _PLAIN[kind] else [f"{where}: no {kind}"]
    if not isinstance(value, dict):
        return [f"{where}: no {kind}"]
    return _of_fields(f"{where}({kind})", (description() or {})["types"][kind].get("fields", []), value)


def _of_length(where: str, told: str, value: Any) -> list[str]:
    found = _LENGTH.search(told)
    if not found or not isinstance(value, str):
        return []
    least, most = int(found[1]), int(found[2])
    size = len(value.encode()) if found[3] == "bytes" else len(value.encode("utf-16-le")) // 2
    return [] if least <= size <= most else [f"{where}: {size} {found[3]}, not {least} to {most}"]
