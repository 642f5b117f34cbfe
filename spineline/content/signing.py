"""Who has read a text: a signature holds for the very text that was read, and for no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spineline.text.schemas import read_checked

# Files of content/ that a clinician signs as a whole.
SIGNED = tuple("tiers alarm_questions triage conditions moves checkin routines voice".split())
_SIGNATURE = "reviewed"
_GROUP, _GROUPS = 4, 3  # of the digest: as much as somebody can compare by eye


class Part(NamedTuple):
    """What is signed by itself: a file, or one flag of the table; `data` with its signature."""

    name: str
    data: Mapping[str, Any]

    @property
    def by(self) -> str:
        """Who signed this text; empty when nobody did, or when it has changed since."""
        return "" if self.has_changed else str(self.data[_SIGNATURE]["by"])

    @property
    def has_changed(self) -> bool:
        """Whether it was signed, but not as it stands now."""
        signature = self.data[_SIGNATURE]
        return bool(signature["by"]) and signature.get("digest") != self.digest

    @property
    def digest(self) -> str:
        """Short for the whole part but its signature: 0f3a-91bc-77de. The order counts, for rules it decides."""
        text = {name: value for name, value in self.data.items() if name != _SIGNATURE}
        long = hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).hexdigest()
        return "-".join(long[at : at + _GROUP] for at in range(0, _GROUP * _GROUPS, _GROUP))


def parts(folder: Path) -> Iterator[Part]:
    """Everything below content/ that a clinician signs: the cards, the files of SIGNED, the red flags."""
    for path in sorted(folder.glob("cards/*.yml")):
        yield Part(f"cards/{path.stem}", read_checked(path))
    yield from (Part(name, read_checked(folder / f"{name}.yml")) for name in SIGNED)
    yield from (Part(flag["id"], flag) for flag in read_checked(folder / "red_flags.yml")["flags"])
