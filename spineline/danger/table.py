"""What the red-flag table says: flags, their rules and what makes them more urgent. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from spineline.danger.tiers import Tier


@dataclass(frozen=True)
class Part:
    """One of the things that a rule asks for: any of these signs."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A named combination of signs anywhere in the message, the remembered ones included."""

    name: str
    parts: tuple[Part, ...]
    unless: tuple[str, ...] = ()
    tier: Tier | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Every sign that a part asks for."""
        return frozenset(name for part in self.parts for name in part.names)

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """For each part the signs of which one must be there."""
        return tuple(frozenset(part.names) for part in self.parts)


@dataclass(frozen=True)
class Raise:
    """A combination that makes a flag more urgent once it has fired."""

    tier: Tier
    rule: Rule


@dataclass(frozen=True)
class Flag:
    """A row of the clinical table: a danger sign, its tier and the rules that find it."""

    id: str
    tier: Tier
    rules: tuple[Rule, ...]
    raise_if: tuple[Raise, ...] = ()
    takes_over: bool = True

    @cached_property
    def could_alarm(self) -> bool:
        """Whether any verdict of it takes over the turn."""
        tiers = [self.tier, *(rule.tier for rule in self.rules), *(raised.tier for raised in self.raise_if)]
        return self.takes_over and any(tier and tier.outranks(Tier.ROUTINE) for tier in tiers)


@dataclass(frozen=True)
class Stated:
    """The signs that count in one message, each with the words that matched, and those remembered."""

    now: Mapping[str, tuple[str, ...]]
    remembered: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Every sign that is stated now or was before."""
        return self.remembered.union(self.now)

    def has(self, name: str) -> bool:
        """Whether a sign is stated now or was stated before."""
        return name in self.now or name in self.remembered

    def words(self, rule: Rule) -> tuple[str, ...] | None:
        """The words that the parts of a rule matched in this message; None if the rule does not hold."""
        found: list[str] = []
        for part in rule.parts:
            here = next(iter([self.now[name] for name in part.names if name in self.now]), None)
            if here is None and not self.remembered.intersection(part.names):
                return None
            found += here or ()
        return None if any(self.has(name) for name in rule.unless) else tuple(dict.fromkeys(found))
