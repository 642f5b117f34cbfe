"""Every text that people read or hear, wherever it stands: found for the checks at the start, and for the reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spineline.content.clinic import Both
from spineline.text.schemas import read_checked

# Files of content/ beside the cards.
SAID = tuple("lines tiers alarm_questions triage conditions moves checkin routines voice website widget".split())


def content_files(root: Path) -> list[Path]:
    """Every file of content/ that people edit."""
    folder = root / "content"
    return [*sorted(folder.glob("*.yml")), *sorted(folder.glob("*/*.yml"))]


def said_texts(folder: Path) -> Iterator[tuple[Path, str, Both]]:
    """Each text of content/, with its file and its place in it."""
    for path in [*sorted(folder.glob("cards/*.yml")), *(folder / f"{name}.yml" for name in SAID)]:
        yield from ((path, where, text) for where, text in texts_of(read_checked(path)))


def texts_of(data: Any, where: str = "") -> Iterator[tuple[str, Both]]:
    """Every text below a piece of a file, with its path: fields as they stand, list items counted from one."""
    steps = data.items() if isinstance(data, dict) else enumerate(data, 1) if isinstance(data, list) else ()
    if isinstance(data, dict) and isinstance(data.get("en"), str) and isinstance(data.get("es"), str):
        yield where, {"en": data["en"], "es": data["es"]}
    for step, value in steps:
        yield from texts_of(value, f"{where}.{step if isinstance(data, dict) else f'#{step}'}".strip("."))
