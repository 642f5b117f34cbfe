"""What a property is: a fact, a check of one example, and what the examples are drawn from."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

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

    def hold_long(self, examples: int, number: int) -> tuple[int, str]:
        """Try many, drawn by a seed; returns how many were tried and the failure, if there is one."""
        tried = [0]

        def counted(**drawn: Any) -> None:
            tried[0] += 1
            self.check(**drawn)

        how = settings(max_examples=examples, phases=_SHRINK, **_COMMON)
        try:
            seed(number)(how(given(**self.drawn)(counted)))()
        except Exception as error:
            return tried[0], "".join(traceback.format_exception(error))
        return tried[0], ""

    def fails(self) -> bool:
        """Whether there is an example of which the fact does not hold; it is not made small."""
        how = settings(
            max_examples=3 * self.few, derandomize=True, phases=_SEARCH, report_multiple_bugs=False, **_COMMON
        )
        try:
            self._given(how)()
        except HypothesisException:
            raise
        except Exception:
            return True
        return False

    def _given(self, how: settings) -> Callable[[], None]:
        def checked(**drawn: Any) -> None:
            self.check(**drawn)

        checked.__name__ = checked.__qualname__ = self.check.__name__  # what derandomize makes its seed of
        return how(given(**self.drawn)(checked))
