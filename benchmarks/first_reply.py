"""What a person in danger sees first, on messages whose writers knew neither rules nor training: `make evaluate`.

The sets stand in tests/safety/blind, one file a writer; nothing is learnt from them. For the rules alone and for the
whole product, by language and red flag, with 95 % intervals (Wilson). Writes benchmarks/results/first_reply.json.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from actions.base import turn_of  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402
from benchmarks.nlu import load_parser, parse_all  # noqa: E402
from spineline.content.library import Content, load_content  # noqa: E402
from spineline.danger.tiers import Tier  # noqa: E402
from spineline.dialogue.conversation import respond  # noqa: E402
from spineline.dialogue.turn import Memory, Message  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

SETS = ROOT / "tests" / "safety" / "blind"
LIST = "triage:signs"
FIRST = 3  # signs that are seen at once on every channel
_OF_95_PERCENT = 1.96

Row = Mapping[str, Any]
Judge = Callable[[Row], str]


def blind_rows() -> dict[str, list[Row]]:
    """Every set by its writer: rows of {lang, tier, flag, text}; an ordinary message has no tier."""
    return {path.stem: read_yaml(path) for path in sorted(SETS.glob("*.yml"))}


def by_rules(row: Row, content: Content) -> str:
    """What the rules alone say."""
    flag = content.red_flags.assess(row["text"]).red_flag
    return against(row, flag.tier if flag and flag.alarms else None)


def by_product(row: Row, messages: Sequence[Message], content: Content) -> str:
    """What the first reply of a conversation says."""
    told = next((message.tier for message in messages if message.tier), None)
    asked = next((message for message in messages if message.card == LIST), None)
    if told or not asked:
        return against(row, told)
    signs = [choice.partition(":")[2] for choice in asked.choices]
    return "asked, its sign first" if _stands_among(row, signs[:FIRST], content) else "asked"


def against(row: Row, told: Tier | None) -> str:
    """A tier that is told, or none, beside the one that is wanted."""
    if not row["tier"]:
        return "alarm" if told else "quiet"
    wanted = Tier(row["tier"])
    if not told:
        return "nothing"
    if told is wanted:
        return "right"
    is_other_help = told is Tier.CRISIS_988  # a listener, where an ambulance or a hospital is wanted
    return "higher" if told.outranks(wanted) and not is_other_help else "lower"


def _stands_among(row: Row, signs: Iterable[str], content: Content) -> bool:
    known = content.triage["signs"]
    return any(row["flag"] in (known[s]["flag"], *known[s].get("also", ())) for s in signs if s in known)


def table(rows: Sequence[Row], outcomes: Sequence[str]) -> dict[str, Any]:
    """How often each thing was seen: of all in danger and all ordinary ones, then by language and by flag."""
    both = list(zip(rows, outcomes))
    danger, ordinary = ([(r, o) for r, o in both if bool(r["tier"]) is is_danger] for is_danger in (True, False))
    return {
        "danger": _shares(danger),
        "ordinary": _shares(ordinary),
        "danger_by_language": _grouped(danger, "lang"),
        "ordinary_by_language": _grouped(ordinary, "lang"),
        "danger_by_tier": _grouped(danger, "tier"),
        "danger_by_flag": _grouped(danger, "flag"),
    }


def _grouped(both: Sequence[tuple[Row, str]], by: str) -> dict[str, Any]:
    groups = sorted({row[by] for row, _ in both if row[by]})
    return {group: _shares([(row, outcome) for row, outcome in both if row[by] == group]) for group in groups}


def _shares(both: Sequence[tuple[Row, str]]) -> dict[str, str]:
    """ "90.3 % of 330 (87 to 93)" of each outcome, and of those that say enough."""
    counts = Counter(outcome for _, outcome in both)
    enough = counts["right"] + counts["higher"]
    asked = counts["asked"] + counts["asked, its sign first"]
    if any(row["tier"] for row, _ in both):
        counts["right or higher"], counts["told or asked"] = enough, enough + counts["lower"] + asked
    return {name: share(counts[name], len(both)) for name in sorted(counts) if counts[name]}


def share(found: int, of: int) -> str:
    """A share with its 95 % interval, by Wilson's score."""
    part, z = found / of, _OF_95_PERCENT
    middle = (part + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(part * (1 - part) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{100 * part:.1f} % of {of} ({100 * (middle - half):.0f} to {100 * (middle + half):.0f})"


def first_replies(rows: Sequence[Row], agent: Any, content: Content) -> list[Sequence[Message]]:
    """What each message gets as the first of a conversation."""
    parsed, _ = asyncio.run(parse_all(agent, [row["text"] for row in rows]))
    return [respond(turn_of(message), Memory(), content).messages for message in parsed]


def numbers(rows: Sequence[Row], replies: Sequence[Sequence[Message]], content: Content) -> dict[str, Any]:
    """Both tables."""
    return {
        "rules_alone": table(rows, [by_rules(row, content) for row in rows]),
        "product": table(rows, [by_product(row, reply, content) for row, reply in zip(rows, replies)]),
    }


def main() -> None:
    content, agent = load_content(ROOT, "spine_institute"), load_parser()
    sets = blind_rows()
    replies = {name: first_replies(rows, agent, content) for name, rows in sets.items()}
    found = {name: numbers(rows, replies[name], content) for name, rows in sets.items()}
    rows = [row for one in sets.values() for row in one]
    found["all"] = numbers(rows, [reply for one in replies.values() for reply in one], content)
    print(json.dumps({name: both["product"] for name, both in found.items()}, indent=1))
    print(f"Written to {write_result('first_reply', found)}")


if __name__ == "__main__":
    main()
