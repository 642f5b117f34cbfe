"""What typed words say about a person: pregnant, 70 years old, operated three weeks ago, a disc, no equipment.

The cues stand in content/conditions.yml. Only what is plainly said of oneself is kept; what is said of somebody else,
or only named, counts for the question that it came with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from re import Match, Pattern
from typing import Any

from spineline.dialogue.pain_words import cues_of
from spineline.text.letters import fold, words

_JOINT = re.compile(r"\s(?:but|pero|aunque|though|y ahora|and now)\s")
_CLAUSE = re.compile(r"[^.;!?\n,]+\??")
_ASKS = re.compile(r"\W*(?:is|are|can|should|does|do|what|which|how|que|cual|como|es|son|puede|se puede)\b")
_WONDERS = re.compile(r"\W*(?:am i|tengo|estoy|sufro|padezco|sera)\b")
_WEEKS = {"days": 1 / 7, "weeks": 1, "months": 52 / 12, "years": 52}
_YOUNGEST_BARE = 13  # "i'm 7" may be a score of pain; "i'm 7 years old" is none
_ANYBODY = re.compile(r"\b(?:an?|any|un|una|cada|every|of|de|for|para) $")  # "should a 70 year old ..."
_OF_YEARS = re.compile(r"year|yr|yo\b|y/o|ano")
_AGE = "age"
_MOST_LISTED = 3  # words before a fact in a list of them


@dataclass(frozen=True)
class Told:
    """What a message says about people.

    Args:
        own: facts that the person says of herself, to be kept.
        gone: facts that she takes back.
        named: facts of somebody else, or without saying whose; they count for this message only.
        of_another: whether the message is about somebody else.
        of_pain: whether it tells of something that hurts.
        known: which of `own` were told before.
    """

    own: Mapping[str, Any] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    named: Mapping[str, Any] = field(default_factory=dict)
    of_another: bool = False
    of_pain: bool = False
    known: frozenset[str] = frozenset()


class PersonText:
    """Reads folded text by the cues of content/conditions.yml."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._rules = rules
        self._cues = cues_of(tuple(rules["parts"].items()))

    def told(self, text: str) -> Told:
        """What a message says about the person, or about somebody else."""
        folded = fold(text).replace("’", "'")
        other = bool(self._other.search(folded))
        own: dict[str, Any] = {}
        named: dict[str, Any] = {}
        gone: set[str] = set()
        for name, value, whose in [*self._facts(folded, other), *self._age(folded, other)]:
            if whose == "gone":
                gone.add(name)
            else:
                (own if whose == "own" else named).setdefault(name, value)
        of_pain = bool((own or named) and self._any("pain").search(folded))
        return Told(own, frozenset(gone - set(own)), named, other and not own, of_pain)

    def wants(self, text: str) -> bool:
        """Whether a message asks for something to be done."""
        return bool(self._any("wants").search(fold(text).replace("’", "'")))

    def update(self, text: str, person: Mapping[str, Any]) -> Mapping[str, Any]:
        """ "It's been 4 months now": the fact of this person that such a span is told of, with it; else nothing."""
        folded = fold(text).replace("’", "'").strip(" .!?,")
        if not any(self._cues[cue].fullmatch(folded) for cue in self._rules["updates"]):
            return {}
        counted = (name for name, fact in self._rules["facts"].items() if name in person and "counts" in fact)
        name = next(counted, None)
        weeks = self._count(self._rules["facts"][name], folded, folded) if name else True
        return {} if name is None or weeks is True else {name: weeks}

    def asks_what(self, text: str) -> str | None:
        """Which exercises are for this person ("which", "do") or are not ("avoid"); None for every other message."""
        folded = fold(text).replace("’", "'")
        asked = self._rules["asks_what"]
        return next((name for name, cues in asked.items() if self._alternatives(cues).search(folded)), None)

    def _facts(self, text: str, other: bool) -> Iterator[tuple[str, Any, str]]:
        facts = [(name, fact) for name, fact in self._rules["facts"].items() if "words" in fact]
        if not self._alternatives(cue for _, fact in facts for cue in fact["words"]).search(text):
            return
        clauses = [clause.strip() for clause in _CLAUSE.findall(_JOINT.sub(", ", text))]
        for name, fact in facts:
            for at, clause in enumerate(clauses):
                found = self._alternatives(fact["words"]).search(clause)
                if found and not self._means_another_thing(fact, clause, found):
                    whose = self._whose(fact, clause, found, other)
                    if whose == "named" and not other and self._goes_on(clause, found, clauses[:at]):
                        whose = "own"
                    yield name, self._count(fact, clause, text), whose

    def _goes_on(self, clause: str, found: Match[str], before: list[str]) -> bool:
        """ "I'm 70, diabetes and high blood pressure": a list whose first words were about oneself."""
        is_listed = len(words(clause[: found.start()])) <= _MOST_LISTED and not _ASKS.match(clause)
        opened = bool(before) and self._own.match(before[0]) and "?" not in "".join((clause, *before))
        return is_listed and bool(opened)

    def _means_another_thing(self, fact: Mapping[str, Any], clause: str, found: Match[str]) -> bool:
        if "not" not in fact:
            return False
        cue = self._alternatives(fact["not"])
        return any(cue.search(part) for part in (clause[: found.end()], clause[found.start() :]))

    def _whose(self, fact: Mapping[str, Any], clause: str, found: Match[str], other: bool) -> str:
        before, behind = clause[: found.start()], clause[found.end() :]
        if fact.get("plain"):
            return "named" if other else "own"
        if self._before("supposed").search(before) or (_WONDERS.match(clause) and behind.strip() == "?"):
            return "named"
        if self._before("denied").search(before) or self._over.match(behind):
            return "gone"
        if "tells" in fact:
            return "own" if not other and self._alternatives(fact["tells"]).search(clause) else "named"
        opener, relative = _last(self._own.finditer(before)), _last(self._other.finditer(before))
        if opener > relative:
            return "own"
        is_short = len(words(before)) <= 3 and fact.get("bare") and "_" not in before
        return "own" if is_short and not other and not _ASKS.match(clause) else "named"

    def _count(self, fact: Mapping[str, Any], clause: str, text: str) -> Any:
        """Weeks, where a span of time is told with the fact; else True."""
        for place in (clause, text):
            for unit in fact.get("counts", ()):
                found = self._cues[rf"(<number>) (?:<{unit}>)"].search(place)
                if found:
                    return round(_number(found[1]) * _WEEKS[unit])
        return True

    def _age(self, text: str, other: bool) -> Iterator[tuple[str, Any, str]]:
        for cue in self._rules["age"]:
            found = re.search(rf"(?<!\w){cue}", text)
            if found and self._is_age(found, text):
                speaks = re.match(r"i|turn|tengo|cumpli|voy", found[0])
                is_anybody = _ANYBODY.search(text[: found.start()]) or found[0].startswith("tiene")
                yield _AGE, int(found["age"]), "own" if speaks or not (other or is_anybody) else "named"
                return
        for age, cues in self._rules["age_words"].items():
            if self._alternatives(cues).search(text):
                own = re.search(r"\b(i'?m|im|i am|soy|estoy)\b", text) and not other
                yield _AGE, int(age), "own" if own else "named"
                return

    def _is_age(self, found: Match[str], text: str) -> bool:
        age = int(found["age"])
        return age >= _YOUNGEST_BARE or (age > 2 and bool(_OF_YEARS.search(text[found.start("age") : found.end() + 8])))

    @cached_property
    def _own(self) -> Pattern[str]:
        return self._cues["(?:<i>)"]

    @cached_property
    def _other(self) -> Pattern[str]:
        return self._any("other")

    @cached_property
    def _over(self) -> Pattern[str]:
        return re.compile("|".join(self._rules["over"]))

    def _any(self, section: str) -> Pattern[str]:
        return self._alternatives(self._rules[section])

    def _before(self, section: str) -> Pattern[str]:
        """The cues of a section right before a fact, with at most two words between."""
        cues = "|".join(f"(?:{cue})" for cue in self._rules[section])
        return self._cues[rf"(?:{cues})(?: \w+){{0,2}} ?$"]

    def _alternatives(self, cues: Iterable[str]) -> Pattern[str]:
        return self._cues[tuple(cues)]


def _last(found: Iterable[Match[str]]) -> int:
    return max((match.end() for match in found), default=-1)


_NUMBERS = {
    word: number
    for row in (
        "one two three four five six seven eight nine ten",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
        "un",
        "una",
        "a",
    )
    for number, word in enumerate(row.split(), 1)
} | {"twelve": 12, "doce": 12}


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() else _NUMBERS[typed]
