"""How people who come back say how they are: content/checkin.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from typing import Any

from spineline.content.whole import WholeMessages
from spineline.text.letters import fold, is_question
from spineline.text.schemas import read_checked

CLEARED, CALLING, HERE, HOME = "cleared", "calling", "here", "home"
_CLAUSE = re.compile(r"[,.;!\n]+")
_MOST_CLAUSES = 3  # "last week it hurt, now it's better": the last one counts


@dataclass(frozen=True)
class CheckIn:
    """The file, and what reads messages by it."""

    rules: Mapping[str, Any]
    states: WholeMessages
    new_pain: Pattern[str]

    def state(self, text: str) -> str | None:
        """ "better", "same", "worse", "back", or what is told, "calling" ...; None for all else."""
        found = self.states.of(text)
        if found or is_question(text):
            return found
        clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
        return self.states.of(clauses[-1]) if 1 < len(clauses) <= _MOST_CLAUSES else None

    def is_another_pain(self, text: str) -> bool:
        """Whether somebody says that it is another pain than before."""
        return bool(self.new_pain.search(fold(text)))

    @property
    def titles(self) -> Mapping[str, Any]:
        """By name what the quick replies are called."""
        return {**{name: state["ask"] for name, state in self.rules["states"].items()}, **self.rules["choices"]}


def load_check_in(path: Path) -> CheckIn:
    """Read content/checkin.yml."""
    rules = read_checked(path)
    said = {name: state["said"] for name, state in rules["states"].items()}
    states = WholeMessages({**said, **rules["tells"]}, rules["parts"])
    return CheckIn(rules, states, re.compile(rf"(?<!\w)(?:{'|'.join(rules['new_pain'])})(?!\w)"))
