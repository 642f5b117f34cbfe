"""How fast a person should talk to a human, from "call 911 now" to "book a visit"."""

from __future__ import annotations

from enum import Enum


class Tier(str, Enum):
    """An urgency level; the members stand in order, the most urgent first."""

    CALL_911 = "CALL_911"
    CRISIS_988 = "CRISIS_988"
    ED_NOW = "ED_NOW"
    CALL_TODAY = "CALL_TODAY"
    ROUTINE = "ROUTINE"

    @property
    def rank(self) -> int:
        """Position in the order; 0 is the most urgent."""
        return list(Tier).index(self)

    def outranks(self, other: Tier) -> bool:
        """Whether this tier is more urgent than `other`."""
        return self.rank < other.rank
