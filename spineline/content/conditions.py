"""What people tell about themselves, and which exercises are not offered then: content/conditions.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.text.schemas import read_checked

REMEDY = "remedy"  # the family of what soothes
Person = Mapping[str, Any]  # name of a fact -> True, or a number: years of age, weeks since or of


@dataclass(frozen=True)
class Condition:
    """One row of the table: when it holds, what is not offered then and why, and what is offered instead.

    Args:
        avoid: families of movement; the reason for each is the text "conditions.conditions.<id>.avoid.<family>".
        instead: answers, "card/kind".
        below, starting: limits of the number that belongs to the fact.
        counts_unknown: whether it holds where no number was told.
        risk: that of content/triage.yml, where the condition is one.
    """

    id: str
    fact: str
    avoid: tuple[str, ...]
    instead: tuple[str, ...]
    sources: Mapping[str, tuple[str, ...]]
    below: int | None = None
    starting: int | None = None
    counts_unknown: bool = True
    risk: str | None = None

    def holds(self, person: Person) -> bool:
        """Whether it holds for this person."""
        told = person.get(self.fact)
        if told is None:
            return False
        if told is True:
            return self.counts_unknown
        return (self.below is None or told < self.below) and (self.starting is None or told >= self.starting)

    def text(self, name: str) -> str:
        """The name of one of its texts: "line", "short", "avoid.bend"."""
        return f"conditions.conditions.{self.id}.{name}"


@dataclass(frozen=True)
class Conditions:
    """The whole file; `rules` is what `spineline.dialogue.person_words` reads."""

    rules: Mapping[str, Any]
    table: tuple[Condition, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """Every fact that can be told, by its name."""
        facts: Mapping[str, Any] = self.rules["facts"]
        return facts

    def of(self, person: Person) -> tuple[Condition, ...]:
        """The conditions of a person, one for each fact, in the order of the table."""
        found: dict[str, Condition] = {}
        for condition in self.table:
            if condition.fact in person and condition.fact not in found and condition.holds(person):
                found[condition.fact] = condition
        return tuple(found.values())


def load_conditions(path: Path) -> Conditions:
    """Read content/conditions.yml."""
    rules = read_checked(path)
    return Conditions(rules, tuple(_table(rules["conditions"])))


def _table(rows: Mapping[str, Any]) -> Iterator[Condition]:
    for id, row in rows.items():
        when = row["when"]
        cells = {**row["avoid"], **({REMEDY: row[REMEDY]} if REMEDY in row else {})}
        yield Condition(
            id=id,
            fact=when["fact"],
            avoid=tuple(row["avoid"]),
            instead=tuple(row["instead"]),
            sources={"": tuple(row["sources"]), **{name: tuple(cell["sources"]) for name, cell in cells.items()}},
            below=when.get("below"),
            starting=when.get("from"),
            counts_unknown=when.get("unknown", True),
            risk=row.get("risk"),
        )
