"""What typed words say about pain: how strong, since when, which way it goes, and which things of a list apply.

The cues stand in content/triage.yml. What a report of pain tells by itself (`told`) needs a clear wording; an answer
to a question of ours (`answer`) may be as short as "8", "worse" or "none".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from re import Pattern
from typing import Any

from spineline.text.letters import WORD, fold, words

Facts = dict[str, Any]
NONE, UNSAID, UNSURE, OTHER = "none", "unsaid", "unsure", "other"
MILD, PAIN = "mild", "pain"

_PART = re.compile(r"<([a-z_]+)>")
_CLAUSE_END = re.compile(r"(?<=[.!?;,\n])\s+")
_HIGHEST_SCORE = 10
_FEWEST_WORDS_OF_A_QUESTION = 3
_LISTS = ("signs", "risks")  # questions of which several things may apply


class PainText:
    """Reads folded text by the cues of content/triage.yml."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.rules = rules
        self._cues = cues_of(tuple(rules["parts"].items()))

    def told(self, text: str) -> Facts:
        """What a message tells by itself; never a danger sign, never that something is absent."""
        said = self._statements(text)
        severity = {name: value for name, value in self._severity(said, wide=False).items() if value is not False}
        risk = self._listed(said, "risks_said", "told")
        return {**severity, **self._course(said, wide=False), **({"risk": risk[0]} if risk else {})}

    def pain_told(self, text: str, told: Facts, levels: Collection[str] = ()) -> str | None:
        """ "none", "mild" or "pain"; None when a message has no word of pain.

        Args:
            told: of the same text.
            levels: what the entities say of it: none, mild, moderate, severe.
        """
        folded, cues = _folded(text), self.rules["pain"]
        score = told.get("score")
        if "severe" in levels or (score or 0) >= self.rules["limits"]["severe_score"]:
            return PAIN
        if self._found(cues["none"], folded):
            return NONE
        if self._found(cues["mild"], folded) or score is not None or not {"none", "mild"}.isdisjoint(levels):
            return MILD
        return PAIN if self._found(cues["words"], folded) else None

    def answer(self, question: str, text: str) -> Facts:
        """What a message answers to one question; empty when it does not answer it, None stands for "skipped"."""
        said = self._statements(text)
        if question in _LISTS:
            plain, fact = self._plain(_folded(text)), self.rules["questions"][question]["facts"][0]
            if plain in (NONE, UNSAID):
                return {fact: plain}
            if question == "signs" and self.is_unsure(text) and not self._listed(said, "signs_said", "words"):
                return {}
        readers: Mapping[str, Callable[[str], Facts]] = {
            "signs": lambda t: self._list(t, "signs_said", "sign"),
            "severity": lambda t: self._severity(t, wide=True),
            "course": lambda t: self._course(t, wide=True),
            "risks": lambda t: self._list(t, "risks_said", "risk"),
        }
        facts = readers[question](said)
        return facts or self._skipped(said, question)

    def is_unsure(self, text: str) -> bool:
        """Whether an answer about danger signs is neither a yes nor a no: "not sure", "maybe", "a veces"."""
        folded = _folded(text)
        return self._plain(folded) == UNSURE or self._found(self.rules["unsure"], folded)

    def starts_with_yes(self, text: str) -> bool:
        """ "Yes, all week long": an answer to a yes-or-no question whose other words may be anything."""
        return self._found([self.rules["denied"]["starts_with_yes"]], _folded(text))

    def stops(self, text: str) -> bool:
        """Whether the words say "stop"."""
        return self._found(self.rules["stopping"], _folded(text))

    def goes_back(self, text: str) -> bool:
        """Whether the whole message asks for the question before."""
        return self._found(self.rules["going_back"], " ".join(words(text)))

    def leaves(self, text: str) -> bool:
        """Whether the words say "goodbye"."""
        return self._found(self.rules["leaving"], _folded(text))

    def plain(self, text: str) -> str | None:
        """What an answer of nothing but yes, no or unsure means: "unsaid" is the yes; None for every other message."""
        return self._plain(_folded(text))

    def _plain(self, text: str) -> str | None:
        """ "unsaid" (yes), "none" (no) or "unsure", when the text is made of nothing else; mixed is unsure too."""
        plain, found, rest = self.rules["plain"], list[str](), text
        for kind, means in (("unsure", UNSURE), ("no", NONE), ("yes", UNSAID)):
            left = self._without(plain[kind], rest)
            found += [means] if left != rest else []
            rest = left
        if not found or WORD.search(self._without(plain["filler"], rest)):
            return None
        return found[0] if len(found) == 1 else UNSURE

    def _statements(self, text: str) -> str:
        """The message without the parts that ask us something."""
        clauses = _CLAUSE_END.split(_folded(text))
        asking = any(self._asks(clause) for clause in clauses)
        said = [clause for clause in clauses if not (self._asks(clause) or (asking and clause.endswith("?")))]
        return " ".join(said).strip()

    def _asks(self, clause: str) -> bool:
        opened = any(self._cues[cue].match(clause.lstrip(" ¿¡")) for cue in self.rules["asking"])
        long = len(WORD.findall(clause)) >= _FEWEST_WORDS_OF_A_QUESTION
        return opened or (clause.endswith("?") and long and not self._found(["<number>"], clause))

    def skips(self, text: str) -> bool:
        """Whether somebody would rather not answer: "skip", "prefiero no decir"."""
        return 0 < len(words(text)) <= self.rules["longest_skip"] and self._found(self.rules["skipping"], _folded(text))

    def _skipped(self, text: str, question: str) -> Facts:
        short = 0 < len(words(text)) <= self.rules["longest_skip"]
        if self.skips(text) or (short and self.is_unsure(text)):
            return {self.rules["questions"][question]["facts"][0]: None}
        return {}

    def _severity(self, text: str, wide: bool) -> Facts:
        cues = self.rules["severity"]
        score, loss = self._score(text, cues, wide), self._loss(text, cues, wide)
        facts = {"score": score, "loss": loss}
        return {name: value for name, value in facts.items() if value is not None}

    def _score(self, text: str, cues: Mapping[str, Any], wide: bool) -> float | None:
        now = self._without(cues["past"], text)
        scores = list(self._scores(now, cues["scores"], wide)) or list(self._scores(text, cues["scores"], wide))
        if not scores:
            scores = [level["score"] for level in self._levels(text, cues["levels"], wide)]
        return min(max(scores), _HIGHEST_SCORE) if scores else None

    def _scores(self, text: str, cues: Mapping[str, Sequence[str]], wide: bool) -> Iterator[float]:
        for match in self._matches(_chosen(cues, wide), text):
            yield from (self._number(n.group(1)) for n in self._cues["(<number>)(?:-?ish)?"].finditer(match.group(1)))

    def _number(self, typed: str) -> float:
        known: Mapping[str, int] = self.rules["numbers"]
        if typed in known:
            return known[typed]
        value = float(typed.replace(",", "."))
        return int(value) if value.is_integer() else value

    def _loss(self, text: str, cues: Mapping[str, Any], wide: bool) -> bool | None:
        rest = self._without(cues["able"], text)
        if self._found(_chosen(cues["unable"], wide), rest):
            return True
        return False if rest != text or (wide and self._found(cues["fine"], text)) else None

    def _course(self, text: str, wide: bool) -> Facts:
        cues = self.rules["course"]
        days, trend = self._days(text, cues, wide), self._trend(text, cues, wide)
        facts = {"days": days, "trend": trend}
        return {name: value for name, value in facts.items() if value is not None}

    def _days(self, text: str, cues: Mapping[str, Any], wide: bool) -> int | None:
        for kind in ("told", "answer") if wide else ("told",):
            spans = [self._span(match.group(1)) for match in self._matches(cues["spans"][kind], text)]
            moments = [m["days"] for m in cues["moments"] if self._found(m[kind], text)]
            if spans or moments:
                return max(spans) if spans else int(moments[0])
        return None

    def _span(self, typed: str) -> int:
        """ "2 or 3 weeks" is 21 days, "less than 3 weeks" one day less."""
        unit = next(days for unit, days in self.rules["units"].items() if re.search(rf"(?:{unit})$", typed))
        counted = next(self._cues["<counted>"].finditer(typed))
        count = max(self._count(number) for number in counted.groups() if number)
        shorter = typed.startswith(("less", "under", "menos", "not"))
        return max(0, int(count * unit) - shorter)

    def _count(self, typed: str) -> float:
        known: Mapping[str, int] = self.rules["counts"]
        return known[typed] if typed in known else self._number(typed)

    def _trend(self, text: str, cues: Mapping[str, Any], wide: bool) -> str | None:
        found = [level["trend"] for level in self._levels(text, cues["trends"], wide)]
        return min(found, key=cues["worst_first"].index, default=None)

    def _list(self, text: str, section: str, fact: str) -> Facts:
        """Things of a list that apply; a plain yes is "unsaid", a denial of single things only leaves it open."""
        denied = self.rules["denied"]
        found = self._listed(text, section, "words")
        if found:
            return {fact: min(found, key=self._urgency) if section == "signs_said" else found[0]}
        rest = self._affirmed(text, section)
        if self._found(denied["all"], rest) or self._found(denied["all"], text):
            return {fact: NONE}
        if self._found(denied["yes"], text):
            return {fact: UNSAID}
        return {fact: None} if rest != text else {}

    def signs_named(self, text: str) -> list[str]:
        """The danger signs that a message names, denied or not, the most urgent first."""
        folded = _folded(text)
        named = (name for name, cues in self.rules["signs_said"].items() if self._is_named(cues, folded))
        return sorted(named, key=self._urgency)

    def _is_named(self, cues: Mapping[str, Sequence[str]], text: str) -> bool:
        return self._found((*cues.get("whole", ()), *cues["words"]), text)

    def hinted(self, text: str) -> list[str]:
        """The danger signs that the words of a message may be about, those with the most such words first."""
        folded = _folded(text)
        counted = {name: self._count_hints(cues["hints"], folded) for name, cues in self.rules["signs_said"].items()}
        return sorted((n for n in counted if counted[n]), key=lambda n: (-counted[n], self._urgency(n)))

    def _count_hints(self, cues: Iterable[str], text: str) -> int:
        return len({match.group() for match in self._matches(cues, text)})

    def _urgency(self, sign: str) -> int:
        return list(self.rules["signs"]).index(sign)

    def _listed(self, text: str, section: str, kind: str) -> list[str]:
        rest = self._affirmed(text, section)
        return [name for name, cues in self.rules[section].items() if self._applies(cues, kind, text, rest)]

    def _applies(self, cues: Mapping[str, Sequence[str]], kind: str, text: str, rest: str) -> bool:
        return self._found(cues.get("whole", ()), text) or self._found(cues.get(kind, cues["words"]), rest)

    def _affirmed(self, text: str, section: str) -> str:
        """The text without what it denies."""
        denied = self.rules["denied"]
        thing = "|".join(cue for cues in self.rules[section].values() for cue in cues["words"])
        also = denied["also"].replace("<sign>", thing)
        rest = self._without(denied["long_ago"][section], text)
        return self._without([rf"{denied['by']}{denied['between']} (?:{thing}){also}"], rest)

    def _levels(self, text: str, levels: Iterable[Mapping[str, Any]], wide: bool) -> Iterator[Mapping[str, Any]]:
        """The levels that show; what one matched is not read again by the next."""
        for level in levels:
            rest = self._without(_chosen(level, wide), text)
            if rest != text:
                yield level
            text = rest

    def _matches(self, cues: Iterable[str], text: str) -> Iterator[re.Match[str]]:
        return (match for cue in cues for match in self._cues[cue].finditer(text))

    def _found(self, cues: Iterable[str], text: str) -> bool:
        return any(self._cues[cue].search(text) for cue in cues)

    def _without(self, cues: Iterable[str], text: str) -> str:
        for cue in cues:
            text = self._cues[cue].sub(";", text)
        return text


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")


def _chosen(cues: Mapping[str, Any], wide: bool) -> list[str]:
    return [*cues["told"], *(cues["answer"] if wide else ())]


def whole_cue(cue: str, parts: tuple[tuple[str, str], ...]) -> Pattern[str]:
    """The cue with every <part> filled in, as whole words."""
    return cues_of(parts)[cue]


class Cues(dict[str | tuple[str, ...], Pattern[str]]):
    """Patterns by the cues of content, or by several of which one is enough; each made when it is first asked for.

    Nothing that anybody typed is in here.
    """

    def __init__(self, parts: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._parts = dict(parts)

    def __missing__(self, cue: str | tuple[str, ...]) -> Pattern[str]:
        whole = cue if isinstance(cue, str) else "|".join(f"(?:{one})" for one in cue)
        while _PART.search(whole):
            whole = _PART.sub(lambda name: f"(?:{self._parts[name.group(1)]})", whole)
        self[cue] = pattern = re.compile(rf"(?<!\w)(?:{whole})(?!\w)")
        return pattern


@lru_cache(maxsize=8)
def cues_of(parts: tuple[tuple[str, str], ...]) -> Cues:
    """The patterns of all cues in which these parts may stand."""
    return Cues(parts)
