"""One row a turn, of names and numbers only: what was asked about, on which channel, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping

from spineline.keep.writes import Write


def fact(sender: str, channel: str, outcome: str, about: Mapping[str, str | None], now: float) -> Write:
    """What keeps the fact of a turn.

    Args:
        about: intent, card, tier and flag of what was said, as far as there are any.
    """
    return Write("turn_facts", [{"sender": sender, "at": now, "channel": channel, "outcome": outcome, **about}])
