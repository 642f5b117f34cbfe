"""What a property is: a fact, a check of one example, and what the examples are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example)
_SEARCH = (Phase.generate,)
_SHRINK = (*_SEARCH, Phase.shrink)  # not "explain": it takes minutes
_COMMON: Mapping[str, Any] = {"deadline": None, "database": None, "suppress_health_check": _SLOW}


@dataclass(frozen=True)
class Property:
    """One fact about all examples.

    Args:
        check: raises AssertionError for an example of which the fact does not hold.
        drawn: for each argument of the check what it is drawn from.
        few: examples for `make test`.
    """

    name: str
    check: Callable[..., None]
    drawn: Mapping[str, st.SearchStrategy[Any]]
    few: int = 60

    def hold(self) -> None:
        """Try few examples, the same each time."""
        self._given(settings(max_examples=self.few, derandomize=True, phases=_SHRINK, **_COMMON))()

    def hold_long(self, examples: int, number: int) -> int:
        """Try many, drawn by a seed; returns how many were tried."""
        tried = [0]

        def counted(**drawn: Any) -> None:
            tried[0] += 1
            self.check(**drawn)

        given_all = given(**self.drawn)(counted)
        seed(number)(settings(max_examples=examples, phases=_SHRINK, **_COMMON)(given_all))()
        return tried[0]

    def find(self) -> None:
        """Look for one failure in few examples without making it small; silent when there is none."""
        self._given(settings(max_examples=3 * self.few, derandomize=True, phases=_SEARCH, **_COMMON))()

    def _given(self, how: settings) -> Callable[[], None]:
        def checked(**drawn: Any) -> None:
            self.check(**drawn)

        checked.__name__ = checked.__qualname__ = self.check.__name__  # what derandomize makes its seed of
        return how(given(**self.drawn)(checked))
