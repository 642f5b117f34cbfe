"""The red-flag layer: finds danger signs in a message, without a model, in every state of a conversation.

Words become concepts (`red_flag_words`), concepts near each other become signs (`red_flag_signs`), signs that are
denied, long past, a relative's, asked about or only supposed do not count (`red_flag_scope`), and rules over the signs
that are left make a flag. What was said earlier in the conversation may supply part of a rule, never all of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import heappop, heappush
from itertools import groupby
from pathlib import Path
from typing import Any

from spineline.danger.reading import read_red_flags
from spineline.danger.scope import Reading
from spineline.danger.signs import Pattern, Sign, matches
from spineline.danger.spelling import Token
from spineline.danger.table import Flag, Rule, Stated
from spineline.danger.tiers import Tier
from spineline.danger.vocabulary import Span, Spans, Vocabulary


@dataclass(frozen=True)
class RedFlag:
    """One verdict: the flag, how urgent it is here, the rule that made it and the words that matched.

    `takes_over` is false for plain severe pain (`alarms: false` in content/red_flags.yml): the number comes first, and
    the questions go on.
    """

    id: str
    tier: Tier
    rule: str
    words: tuple[str, ...]
    takes_over: bool = True

    @property
    def alarms(self) -> bool:
        """Whether this flag takes over the turn; plain severe pain and routine matters do not."""
        return self.tier.outranks(Tier.ROUTINE) and self.takes_over

    def as_dict(self) -> dict[str, object]:
        """For a Rasa message or slot."""
        plain: dict[str, object] = {
            "id": self.id,
            "tier": self.tier.value,
            "rule": self.rule,
            "words": list(self.words),
        }
        return plain if self.takes_over else {**plain, "takes_over": False}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> RedFlag:
        """The other way round."""
        tier, words = Tier(found["tier"]), tuple(found["words"])
        return cls(found["id"], tier, found["rule"], words, found.get("takes_over", True))


@dataclass(frozen=True)
class Assessment:
    """What one message says. Judged once, when the message is taken in; from then on this travels with it.

    Args:
        all: every flag, the most urgent first. None at all means "no rule matched", never "healthy".
        concepts: names worth remembering for the messages to come; never text.
        taken_back: each sign that was named but does not count, with the cue that took it back and its words: denied,
            long past, a relative's, asked about. A clinician can see what silenced a finding.
        stated: for each way to read the message, the signs that count and the words that matched.
        silenced: ids of the flags that would alarm if nothing was taken back.
    """

    all: tuple[RedFlag, ...] = ()
    concepts: frozenset[str] = frozenset()
    taken_back: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    silenced: tuple[str, ...] = ()

    @cached_property
    def red_flag(self) -> RedFlag | None:
        """The most urgent flag of any tier."""
        return self.all[0] if self.all else None

    @cached_property
    def alarm(self) -> RedFlag | None:
        """The most urgent flag that alarms; plain severe pain beside it does not hide it."""
        return next(iter(self.alarms), None)

    @property
    def alarms(self) -> tuple[RedFlag, ...]:
        """Every flag that alarms, the most urgent first."""
        return tuple(flag for flag in self.all if flag.alarms)

    def as_dict(self) -> dict[str, Any]:
        """For a Rasa message; empty when nothing was found."""
        found = {
            "flags": [flag.as_dict() for flag in self.all],
            "concepts": sorted(self.concepts),
            "taken_back": _listed(self.taken_back),
            "stated": [_listed(signs) for signs in self.stated if signs],
            "silenced": list(self.silenced),
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Assessment:
        """The other way round."""
        if not found:
            return cls()
        return cls(
            tuple(map(RedFlag.from_dict, found.get("flags", ()))),
            frozenset(found.get("concepts", ())),
            _frozen(found.get("taken_back", {})),
            tuple(map(_frozen, found.get("stated", ()))),
            tuple(found.get("silenced", ())),
        )


def _listed(signs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(words) for name, words in signs.items()}


def _frozen(signs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in signs.items()}


class RedFlagRules:
    """The whole layer, ready to assess messages; made by `load_red_flags`. Nothing of a message stays here."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        signs: Sequence[Sign],
        flags: Sequence[Flag],
        kept: Collection[str],
        open: Collection[str] = (),
    ) -> None:
        self._vocabulary = vocabulary
        self._signs = _Signs(signs)
        self._flags = tuple(flags)
        self._tiers = {flag.id: flag.tier for flag in flags}
        self._kept, self._open = frozenset(kept), frozenset(open)
        self._rules = _Rules(flags)
        self._alarming = _by_rarest([rule for flag in flags if flag.could_alarm for rule in flag.rules])

    @property
    def ids(self) -> frozenset[str]:
        """Every flag that there is."""
        return frozenset(flag.id for flag in self._flags)

    def tier(self, flag: str) -> Tier | None:
        """How urgent a flag is where nothing raises it; None for one that there is not."""
        return self._tiers.get(flag)

    @property
    def kept(self) -> frozenset[str]:
        """Every concept that is worth remembering."""
        return self._kept

    def assess(self, text: str, remembered: Collection[str] = ()) -> Assessment:
        """Decide how urgent a message is.

        Args:
            text: one user message, any language; it is cut at 10,000 characters.
            remembered: the `concepts` of the earlier messages of this conversation.
        """
        return _most_urgent([self._read(tokens, remembered) for tokens in self._vocabulary.readings(text)])

    def could_alarm(self, text: str) -> bool:
        """Whether the words of a text could alarm if they stood anywhere in it and nothing took them back.

        Costs a fraction of `assess`, which finds no alarm where this is False.
        """
        return any(self._could(self._vocabulary.names(tokens)) for tokens in self._vocabulary.readings(text))

    def _could(self, names: set[str]) -> bool:
        self._signs.add_possible(names)
        asked = (rule for name in names for rule in self._alarming.get(name, ()))
        return any(_all_there(rule, names) for rule in asked)

    def with_earlier(self, assessment: Assessment, remembered: Collection[str]) -> Assessment:
        """The same message judged with what was stated before it; the text is not read again."""
        stated = [signs for signs in assessment.stated if signs]
        if not remembered or not stated:
            return assessment
        judged = _most_urgent([self._judged(signs, remembered, assessment.taken_back) for signs in stated])
        return _most_urgent([assessment, judged])

    def _read(self, tokens: Sequence[Token], remembered: Collection[str]) -> Assessment:
        spans = self._vocabulary.find(tokens)
        counting, taken_back = {}, {}
        for name, found, why in self._signs.named(spans, Reading(tokens, spans, self._open)):
            if why is None:
                counting[name] = _words(found, tokens)
            else:
                taken_back[name] = (why, *_words(found, tokens))
        return self._judged(counting, remembered, taken_back)

    def _judged(
        self,
        signs: Mapping[str, tuple[str, ...]],
        remembered: Collection[str],
        taken_back: Mapping[str, tuple[str, ...]],
    ) -> Assessment:
        stated = Stated(signs, frozenset(remembered))
        flags = sorted(self._flags_of(stated), key=lambda flag: flag.tier.rank)
        silenced = self._silenced(stated, taken_back, {flag.id for flag in flags})
        kept = self._kept.intersection(signs)
        return Assessment(tuple(flags), kept, taken_back, (signs,) if signs else (), silenced)

    def _silenced(
        self, stated: Stated, taken_back: Mapping[str, tuple[str, ...]], found: Collection[str]
    ) -> tuple[str, ...]:
        if not taken_back:
            return ()
        as_if = self._flags_of(Stated({**taken_back, **stated.now}, stated.remembered))
        return tuple(flag.id for flag in as_if if flag.alarms and flag.id not in found)

    def _flags_of(self, stated: Stated) -> Iterator[RedFlag]:
        for flag, rules in self._rules.asked(stated):
            yield from sorted(_verdicts(flag, rules, stated), key=lambda verdict: verdict.tier.rank)[:1]


def _most_urgent(readings: Sequence[Assessment]) -> Assessment:
    """What may be read in several ways counts as the worst: each flag at its most urgent, nothing taken back."""
    if len(readings) == 1:
        return readings[0]
    flags: dict[str, RedFlag] = {}
    found = (flag for reading in readings for flag in reading.all)
    for flag in sorted(found, key=lambda flag: (flag.tier.rank, not flag.alarms)):
        flags.setdefault(flag.id, flag)
    concepts = frozenset().union(*(reading.concepts for reading in readings))
    every_way = all(reading.taken_back for reading in readings)
    taken_back = {name: why for r in readings for name, why in r.taken_back.items()} if every_way else {}
    silenced = {flag: None for r in readings for flag in r.silenced} if all(r.silenced for r in readings) else {}
    stated = tuple(signs for r in readings for signs in r.stated)
    return Assessment(tuple(flags.values()), concepts, taken_back, stated, tuple(silenced))


class _Signs:
    """All signs in their order, by what opens their patterns: a message is asked only about those it could hold."""

    def __init__(self, signs: Sequence[Sign]) -> None:
        self._signs = signs
        self._patterns = [(number, pattern) for number, sign in enumerate(signs) for pattern in sign.patterns]
        used = Counter(name for _, pattern in self._patterns for need in pattern.needs for name in need)
        self._opened_by: dict[str, list[int]] = defaultdict(list)
        for at, (_, pattern) in enumerate(self._patterns):
            for name in _rarest(pattern, used):
                self._opened_by[name].append(at)

    def named(self, spans: Spans, reading: Reading) -> Iterator[tuple[str, Span, str | None]]:
        """Each sign that is named with the first place where it counts; else the place and name of what took it back.

        Signs may be made of earlier signs.
        """
        for sign, patterns in self._opened(spans.by_name):
            found = sorted({span for pattern in patterns for span in matches(pattern, spans, reading.sentences)})
            if found:
                spans.add(sign.name, found)
                yield sign.name, *_meant(sign, found, reading)

    def add_possible(self, names: set[str]) -> None:
        """Add each sign that could be made of these names, wherever they stand."""
        for sign, _ in self._opened(names):
            names.add(sign.name)

    def _opened(self, names: Collection[str]) -> Iterator[tuple[Sign, list[Pattern]]]:
        """The signs that the names may make, in their order, each with the patterns of which every step is there.

        A sign whose name is added meanwhile opens others.
        """
        waiting = sorted({at for name in names for at in self._opened_by.get(name, ())})
        while waiting:  # a sorted list is a heap
            number = self._patterns[waiting[0]][0]
            patterns = [pattern for pattern in self._next_of(number, waiting) if _all_there(pattern, names)]
            if patterns:
                sign = self._signs[number]
                yield sign, patterns
                for at in self._opened_by.get(sign.name, ()) if sign.name in names else ():
                    if self._patterns[at][0] > number:
                        heappush(waiting, at)

    def _next_of(self, number: int, waiting: list[int]) -> Iterator[Pattern]:
        """The waiting patterns of one sign, each once."""
        done = -1
        while waiting and self._patterns[waiting[0]][0] == number:
            at = heappop(waiting)
            if at != done:
                done = at
                yield self._patterns[at][1]


def _all_there(asking: Pattern | Rule, names: Collection[str]) -> bool:
    for need in asking.needs:  # noqa: SIM110  asked most of all: a loop costs half of what a generator does
        if need.isdisjoint(names):
            return False
    return True


class _Rules:
    """All rules in their order, by the signs of their rarest part."""

    def __init__(self, flags: Sequence[Flag]) -> None:
        self._rules = [(flag, rule) for flag in flags for rule in flag.rules]
        used = Counter(name for _, rule in self._rules for need in rule.needs for name in need)
        self._opened_by: dict[str, list[int]] = defaultdict(list)
        for at, (_, rule) in enumerate(self._rules):
            for name in _rarest(rule, used):
                self._opened_by[name].append(at)

    def asked(self, stated: Stated) -> Iterator[tuple[Flag, list[Rule]]]:
        """The flags that these signs may raise, in their order, each with its rules that may hold."""
        numbers = sorted({at for name in stated.names for at in self._opened_by.get(name, ())})
        for _, of_one in groupby(numbers, key=lambda at: self._rules[at][0].id):
            found = [self._rules[at] for at in of_one]
            yield found[0][0], [rule for _, rule in found]


def _rarest(asking: Pattern | Rule, used: Mapping[str, int]) -> frozenset[str]:
    """What the fewest others ask for: it keeps most messages away from a sign or a rule."""
    return min(asking.needs, key=lambda need: sum(used[name] for name in need))


def _by_rarest(rules: Sequence[Rule]) -> Mapping[str, Sequence[Rule]]:
    """Rules by the signs of their rarest part: a message is asked only about those that it could make true."""
    used = Counter(name for rule in rules for need in rule.needs for name in need)
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for name in _rarest(rule, used):
            found[name].append(rule)
    return found


def _meant(sign: Sign, found: Sequence[Span], reading: Reading) -> tuple[Span, str | None]:
    why, said = "", found[0]
    for span in found:
        taken_back = reading.taken_back(sign, span)
        if taken_back is None:
            return span, None
        why, said = taken_back
    return said, why


def _words(span: Span, tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tokens[at].word for at in span.tokens))


def _verdicts(flag: Flag, rules: Iterable[Rule], stated: Stated) -> Iterator[RedFlag]:
    for rule in rules:
        words = None if rule.names.isdisjoint(stated.now) else stated.words(rule)
        if words:
            yield _verdict(flag, rule, words, stated)


def _verdict(flag: Flag, rule: Rule, words: tuple[str, ...], stated: Stated) -> RedFlag:
    tier = rule.tier or flag.tier
    for raised in flag.raise_if:
        reasons = stated.words(raised.rule)
        if reasons is not None and raised.tier.outranks(tier):
            tier, words = raised.tier, tuple(dict.fromkeys((*words, *reasons)))
    return RedFlag(flag.id, tier, rule.name, words, flag.takes_over)


def load_red_flags(path: Path) -> RedFlagRules:
    """Read content/red_flags.yml and the words and signs files beside it.

    Raises:
        ContentError: with every problem of the three files, each with its path and what to do.
    """
    content = read_red_flags(path)
    vocabulary = Vocabulary(content.concepts, content.spellings)
    return RedFlagRules(vocabulary, content.signs, content.flags, content.remember, content.open)


@lru_cache(maxsize=1)
def shared_red_flags(path: Path) -> RedFlagRules:
    """The same, made once for everything in one process; nothing in it changes while messages are read."""
    return load_red_flags(path)
