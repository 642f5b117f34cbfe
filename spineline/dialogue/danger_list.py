"""The list of danger signs to tap: the likeliest of this message first, then the usual ones, a page at a time.

Signs, titles and the words that lead the list stand in content/triage.yml. Nine choices at most; where they are read as
lines or heard, at most three signs at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spineline.content.choice import TRIAGE
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.pain_words import NONE, OTHER, UNSAID, UNSURE, PainText

_MOST_LEADING = 3
_PAGE, _GROUP = 6, 3  # signs at a time: on a screen with buttons, and where they are numbered
_SHOWN_AT_LEAST = 6  # before "none of these" counts for the whole list
_MOST_SHOWN = 15
State = Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """What a danger sign means: how urgent it is, and the flag whose note is added."""

    tier: Tier
    flag: str | None


def leading(text: str, likely: Sequence[str], content: Content, *, hints: bool = True) -> list[str]:
    """The likeliest signs of a message: those it names, those of the flags that a model guesses, those it hints at.

    Args:
        likely: flags by falling likelihood.
        hints: whether a word is enough; it is not in an ordinary report of pain.
    """
    reader = PainText(content.triage)
    guessed = (sign for flag in likely for sign in _signs_of(flag, content))
    hinted = reader.hinted(text) if hints else ()
    return list(dict.fromkeys((*reader.signs_named(text), *guessed, *hinted)))[:_MOST_LEADING]


def _signs_of(flag: str, content: Content) -> list[str]:
    """The signs on the list that stand for a flag."""
    signs = content.triage["signs"].items()
    return [name for name, sign in signs if name != UNSAID and flag in (sign["flag"], *sign.get("also", ()))]


def options(state: State, content: Content) -> tuple[str, ...]:
    """Ids of the quick replies of the page that is shown."""
    order, at, size = _in_order(state, content), state.get("from", 0), _size(state)
    has_more = at + size < len(order)
    may_be_other = has_more and (not state.get("grouped") or at + size >= _SHOWN_AT_LEAST)
    ways_out = (*((OTHER,) if may_be_other else ()), UNSURE, NONE)
    return tuple(f"{TRIAGE}:{name}" for name in (*order[at : at + size], *ways_out))


def next_page(state: State, answer: str, content: Content) -> State | None:
    """The state in which the next signs are shown after "none of these" or "something else".

    None when there are no more, or when enough were shown for "none of these" to count for all.
    """
    at = state.get("from", 0) + _size(state)
    if at >= len(_in_order(state, content)) or (answer == NONE and (not state.get("grouped") or at >= _SHOWN_AT_LEAST)):
        return None
    return {**state, "from": at, "again": None}


def meant(sign: str, state: State, content: Content) -> Sign:
    """A sign; of a yes without a word on which, the most urgent that leads the list."""
    signs = content.triage["signs"]
    if sign == UNSAID:
        sign = next((name for name in signs if name in state.get("lead", ())), UNSAID)
    return Sign(Tier(signs[sign]["tier"]), signs[sign]["flag"])


def further(sign: str, choices: Iterable[str], content: Content) -> list[tuple[Tier, str]]:
    """The signs that were tapped with another one, the most urgent first."""
    signs = content.triage["signs"]
    tapped = (signs.get(content.choices[choice].name) for choice in choices)
    found = {other["flag"]: Tier(other["tier"]) for other in tapped if other and other["flag"]}
    found.pop(signs[sign]["flag"], None)
    return sorted(((tier, flag) for flag, tier in found.items()), key=lambda one: one[0].rank)


def _size(state: State) -> int:
    return _GROUP if state.get("grouped") else _PAGE


def _in_order(state: State, content: Content) -> list[str]:
    usual: Iterable[str] = content.triage["questions"]["signs"]["options"]
    return list(dict.fromkeys((*state.get("lead", ()), *usual, *content.triage["more_signs"])))[:_MOST_SHOWN]
