"""Messages sent in pieces, "i cant" and "pee", are read together: what none of them says alone they may say as one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.text.letters import fold

WITHIN_S = 120.0  # seconds in which messages count as one
MOST = 3  # messages before the latest
LONGEST = 80  # characters; who writes more at a time does not write in pieces
_CORRECTION = "*"


def read_together(text: str, recent: Sequence[str], content: Content) -> Assessment | None:
    """The verdict on the last messages as one, when that alarms and nothing before the latest did; else None.

    Args:
        recent: what the same person wrote just before, in order.
    """
    pieces = [piece for piece in recent[-MOST:] if len(piece) <= LONGEST]
    if not pieces or len(text) > LONGEST or not _could_alarm(pieces, text, content):
        return None
    for first in range(len(pieces) - 1, -1, -1):
        before = " ".join(pieces[first:])
        found = content.red_flags.assess(_joined(before, text))
        if found.alarm:
            known = {flag.id for flag in content.red_flags.assess(before).all if flag.alarms}
            return None if found.alarm.id in known else found
    return None


def _could_alarm(pieces: Sequence[str], text: str, content: Content) -> bool:
    """Whether it is worth a look: what some of the pieces could say, all of them could. Not so for a correction, which
    among more words may be of another one."""
    return text.startswith(_CORRECTION) or content.red_flags.could_alarm(_joined(" ".join(pieces), text))


def _joined(before: str, text: str) -> str:
    """Both in one line; a correction ("*feel") takes the place of the word that it is nearest to."""
    if not text.startswith(_CORRECTION):
        return f"{before} {text}"
    meant, typed = fold(text.strip(_CORRECTION + " ")), fold(before).split()
    near = get_close_matches(meant, typed, n=1, cutoff=0.5)
    return " ".join(meant if word in near else word for word in typed)
