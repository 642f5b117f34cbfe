"""The red-flag layer: finds danger signs in a message, without a model, in every state of a conversation.

Words become concepts (`red_flag_words`), concepts near each other become signs (`red_flag_signs`), signs that are
denied, long past, a relative's, asked about or only supposed do not count (`red_flag_scope`), and rules over the signs
that are left make a flag. What was said earlier in the conversation may supply part of a rule, never all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from spineline.danger.reading import read_red_flags
from spineline.danger.scope import Reading
from spineline.danger.signs import Sign, matches
from spineline.danger.spelling import Token
from spineline.danger.table import Flag, Rule, Stated
from spineline.danger.tiers import Tier
from spineline.danger.vocabulary import Span, Spans, Vocabulary

MOST_READ = (
    64  # messages of late; each is judged three times: by the channel, with its intent, and with what came before
)


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
        return {"id": self.id, "tier": self.tier.value, "rule": self.rule, "words": list(self.words)}


@dataclass(frozen=True)
class Assessment:
    """What one message says.

    Args:
        red_flag: the most urgent flag of any tier; None means "no rule matched", never "healthy".
        all: every flag, the most urgent first.
        concepts: names worth remembering for the messages to come; never text.
        dismissed: a sign was named but does not count: denied, long past, a relative's, asked about or figurative.
    """

    red_flag: RedFlag | None = None
    all: tuple[RedFlag, ...] = ()
    concepts: frozenset[str] = frozenset()
    dismissed: bool = False

    @property
    def alarm(self) -> RedFlag | None:
        """The most urgent flag that alarms; plain severe pain beside it does not hide it."""
        return next((flag for flag in self.all if flag.alarms), None)


class RedFlagRules:
    """The whole layer, ready to assess messages; made by `load_red_flags`."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        signs: Sequence[Sign],
        flags: Sequence[Flag],
        kept: Collection[str],
        most_read: int = MOST_READ,
    ) -> None:
        self._vocabulary = vocabulary
        self._signs = tuple(signs)
        self._flags = tuple(flags)
        self._kept = frozenset(kept)
        self._readings = lru_cache(most_read)(self._read_now)

    @property
    def ids(self) -> frozenset[str]:
        """Every flag that there is."""
        return frozenset(flag.id for flag in self._flags)

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
        found = [self._judged(tokens, named, frozenset(remembered)) for tokens, named in self._readings(text)]
        return found[0] if len(found) == 1 else _most_urgent(found)

    def forget(self) -> None:
        """Drop the messages of late from memory."""
        self._readings.cache_clear()

    def _judged(
        self, tokens: Sequence[Token], named: Mapping[str, Span | None], remembered: frozenset[str]
    ) -> Assessment:
        counting = {name: span for name, span in named.items() if span}
        stated = Stated(counting, remembered)
        flags = sorted(self._flags_of(stated, tokens), key=lambda flag: flag.tier.rank)
        concepts = self._kept.intersection(stated.places)
        return Assessment(flags[0] if flags else None, tuple(flags), concepts, len(counting) < len(named))

    def _read_now(self, text: str) -> tuple[tuple[Sequence[Token], Mapping[str, Span | None]], ...]:
        """For each reading its tokens, and each sign that is named with the place where it counts, if any."""
        return tuple(map(self._named_in, self._vocabulary.readings(text)))

    def _named_in(self, tokens: Sequence[Token]) -> tuple[Sequence[Token], Mapping[str, Span | None]]:
        spans = self._vocabulary.find(tokens)
        return tokens, dict(_named(self._signs, spans, Reading(tokens, spans)))

    def _flags_of(self, stated: Stated, tokens: Sequence[Token]) -> Iterator[RedFlag]:
        for flag in self._flags if stated.places else ():
            best = min(_verdicts(flag, stated, tokens), key=lambda verdict: verdict.tier.rank, default=None)
            if best:
                yield best


def _most_urgent(readings: Sequence[Assessment]) -> Assessment:
    """What may be read in two ways counts as the worse one: each flag at its most urgent, nothing taken back."""
    flags: dict[str, RedFlag] = {}
    found = (flag for reading in readings for flag in reading.all)
    for flag in sorted(found, key=lambda flag: (flag.tier.rank, not flag.alarms)):
        flags.setdefault(flag.id, flag)
    concepts = frozenset().union(*(reading.concepts for reading in readings))
    dismissed = all(reading.dismissed for reading in readings)
    return Assessment(next(iter(flags.values()), None), tuple(flags.values()), concepts, dismissed)


def _named(signs: Iterable[Sign], spans: Spans, reading: Reading) -> Iterator[tuple[str, Span | None]]:
    """Each sign that is named with the first place where it counts, if any; signs may be made of earlier signs."""
    for sign in signs:
        if sign.openings.isdisjoint(spans.names()):
            continue
        found = sorted({span for pattern in sign.patterns for span in matches(pattern, spans, reading.sentences)})
        spans.add(sign.name, found)
        if found:
            yield sign.name, next((span for span in found if reading.counts(sign, span)), None)


def _verdicts(flag: Flag, stated: Stated, tokens: Sequence[Token]) -> Iterator[RedFlag]:
    for rule in flag.rules:
        places = stated.spans(rule)
        if places:
            yield _verdict(flag, rule, places, stated, tokens)


def _verdict(flag: Flag, rule: Rule, places: list[Span], stated: Stated, tokens: Sequence[Token]) -> RedFlag:
    tier = rule.tier or flag.tier
    for raised in flag.raise_if:
        reasons = stated.spans(raised.rule)
        if reasons is not None and raised.tier.outranks(tier):
            tier, places = raised.tier, places + reasons
    return RedFlag(flag.id, tier, rule.name, _words(places, tokens), flag.takes_over)


def _words(places: Iterable[Span], tokens: Sequence[Token]) -> tuple[str, ...]:
    typed = (tokens[at].word for place in places for at in place.tokens)
    return tuple(dict.fromkeys(typed))


def load_red_flags(path: Path, most_read: int = MOST_READ) -> RedFlagRules:
    """Read content/red_flags.yml and the words and signs files beside it.

    Args:
        path: the file of the flags.
        most_read: messages of late that are kept, so as not to be read again; 0 keeps none.

    Raises:
        ContentError: with every problem of the three files, each with its path and what to do.
    """
    content = read_red_flags(path)
    vocabulary = Vocabulary(content.concepts, content.spellings)
    return RedFlagRules(vocabulary, content.signs, content.flags, content.remember, most_read)


@lru_cache(maxsize=1)
def shared_red_flags(path: Path) -> RedFlagRules:
    """The same, made once for everything that runs in one thread."""
    return load_red_flags(path)
