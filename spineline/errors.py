"""What can go wrong, as one tree.

SpinelineError
 ├─ ContentError   a card, rule or clinic profile is wrong
 └─ ConfigError    the environment or set-up is wrong
"""

from __future__ import annotations

from collections.abc import Sequence


class SpinelineError(Exception):
    """Base of all errors raised on purpose; its text says what is wrong, where, and what to do."""


class _ListedError(SpinelineError):
    """An error that reports everything found wrong at once, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ContentError(_ListedError):
    """Something in content/, clinics/ or data/ cannot be used as it is."""


class ConfigError(_ListedError):
    """The environment or the set-up is not usable."""
