"""What people wrote who were in danger, and what only sounds like it: data/danger/ and the examples of the flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES
from spineline.danger.tiers import Tier
from spineline.errors import ContentError
from spineline.text.schemas import check_files, read_checked, shown
from spineline.text.yaml_file import did_you_mean, read_yaml

RULES = "rules"  # the folder of the sentences that were written for the rules: `fires` by flag, `quiet` by trap
_SCHEMA = "danger"


@dataclass(frozen=True)
class DangerSaid:
    """A message, how urgent it is (None: not at all) and the red flag that it is about, where one is."""

    text: str
    tier: Tier | None
    flag: str | None = None


def load_danger_said(folder: Path, table: Path) -> tuple[DangerSaid, ...]:
    """Every sentence of data/danger/ and every example of the red-flag table; ContentError lists unknown flags."""
    flags = {flag["id"]: flag for flag in read_yaml(table)["flags"]}
    paths = sorted(folder.glob("*.yml"))
    check_files(paths, _SCHEMA)
    rows = [(path, row) for path in paths for row in read_checked(path, _SCHEMA)]
    if unknown := [(path, row["flag"]) for path, row in rows if row.get("flag", next(iter(flags))) not in flags]:
        raise ContentError(
            [f'{shown(path)}: there is no flag "{flag}".{did_you_mean(flag, flags)}' for path, flag in unknown]
        )
    tiers = {name: Tier(flag["tier"]) for name, flag in flags.items()}
    written = (DangerSaid(row["text"], _tier(row["tier"]), row.get("flag")) for _, row in rows)
    return (*written, *_for_rules(folder / RULES, tiers), *_examples(flags, tiers))


def _tier(name: str | None) -> Tier | None:
    return Tier(name) if name else None


def _for_rules(folder: Path, tiers: Mapping[str, Tier]) -> Iterator[DangerSaid]:
    for path in sorted(folder.glob("*.yml")):
        sentences = read_yaml(path)
        yield from (DangerSaid(str(t), tiers[flag], flag) for flag, texts in sentences["fires"].items() for t in texts)
        yield from (DangerSaid(str(text), None) for texts in sentences["quiet"].values() for text in texts)


def _examples(flags: Mapping[str, Any], tiers: Mapping[str, Tier]) -> Iterator[DangerSaid]:
    for flag, row in flags.items():
        for language in LANGUAGES:
            yield from (DangerSaid(twin[language], tiers[flag], flag) for twin in row["examples"]["fire"])
            yield from (DangerSaid(twin[language], None) for twin in row["examples"]["not_fire"])
