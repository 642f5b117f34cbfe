"""Messages that mean something as a whole: "more", "it's worse today". Regular expressions over folded words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from re import Pattern

from spineline.text.letters import words

_PART = re.compile(r"<([a-z_]+)>")
_LONGEST = 14  # words; longer messages say more than one thing


class WholeMessages:
    """Finds which of several things a short message means.

    Args:
        said: by name the cues; the first that fits counts.
        parts: pieces of cues, named <so> in them; <before> and <after> may stand around each cue.
    """

    def __init__(self, said: Mapping[str, Iterable[str]], parts: Mapping[str, str]) -> None:
        def filled(cue: str) -> str:
            while _PART.search(cue):
                cue = _PART.sub(lambda name: f"(?:{parts[name[1]]})", cue)
            return cue

        before, after = filled("(?:<before> )*"), filled("(?: <after>)*")
        self._said: dict[str, Pattern[str]] = {
            name: re.compile(f"{before}(?:{filled('|'.join(cues))}){after}") for name, cues in said.items()
        }

    def of(self, text: str) -> str | None:
        """The name of what a message means as a whole; None for every other message."""
        typed = words(text)
        if not 0 < len(typed) <= _LONGEST:
            return None
        joined = " ".join(typed).replace("'", " ").replace("’", " ")
        return next((name for name, cue in self._said.items() if cue.fullmatch(joined)), None)
