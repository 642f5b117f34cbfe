"""The vocabulary of the red-flag layer: which words stand for which concept, in all languages at once.

A phrase is written as words; `pee/urinate` is a choice, `[my]` may be missing, `orin*` stands for every word that
begins so, `{65..110}` for every number of the range.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from spineline.danger.spelling import Speller, Spellings, Token, letters

_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
_MASK = "mask"


class Span(NamedTuple):
    """Where a concept stands in a message: the tokens it is made of, first to last."""

    start: int
    end: int
    tokens: tuple[int, ...]


class Spans:
    """All concepts found in one message.

    Args:
        by_name: where each concept stands, in the order of the text; a concept that is nowhere is not in it.
    """

    def __init__(self, by_name: dict[str, list[Span]]) -> None:
        self.by_name = by_name

    def of(self, name: str) -> Sequence[Span]:
        """The places where a concept stands."""
        return self.by_name.get(name, ())

    def add(self, name: str, spans: Iterable[Span]) -> None:
        """Put in more places of a concept."""
        self.by_name[name] = sorted({*self.by_name.get(name, ()), *spans})

    def between(self, name: str, first: int, last: int) -> Iterator[Span]:
        """The places of a concept that begin at the tokens `first` to `last`."""
        spans = self.by_name.get(name, ())
        for at in range(bisect_left(spans, (first,)), len(spans)):
            if spans[at].start > last:
                return
            yield spans[at]


class Vocabulary:
    """Finds concepts in messages.

    Args:
        concepts: concept -> phrases. The concept `mask` holds idioms whose words mean nothing here.
        spellings: how people type those words.
    """

    def __init__(self, concepts: Mapping[str, Sequence[str]], spellings: Spellings) -> None:
        self._speller = Speller(spellings)
        phrases = {
            name: [self._speller.respelt(f) for text in given for f in forms(text)] for name, given in concepts.items()
        }
        known = {word for given in phrases.values() for phrase in given for word in phrase}
        self._speller.learn(known)
        self._meant: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, given in phrases.items():
            for form in set(_widened(given, known)):
                self._meant[form].append(name)
        self._sizes = _sizes(self._meant)

    def readings(self, text: str) -> Iterator[list[Token]]:
        """The words of a message as this vocabulary knows them, in each way in which it may be read."""
        return self._speller.readings(text)

    def find(self, tokens: Sequence[Token]) -> Spans:
        """Every concept that stands in the message; words inside an idiom are left out."""
        found: dict[str, list[Span]] = defaultdict(list)
        for names, start, end in self._phrases(tokens):
            span = Span(start, end, tuple(range(start, end)))
            for name in names:
                found[name].append(span)
        return Spans(_unmasked(found, found.pop(_MASK)) if _MASK in found else dict(found))

    def names(self, tokens: Sequence[Token]) -> set[str]:
        """The names of all concepts in the message, those inside an idiom as well."""
        return {name for names, _, _ in self._phrases(tokens) for name in names}

    def _phrases(self, tokens: Sequence[Token]) -> Iterator[tuple[Sequence[str], int, int]]:
        """What each phrase of the message means, with its first token and the one behind its last."""
        words = tuple(token.norm for token in tokens)
        for start, word in enumerate(words):
            for size in self._sizes.get(word, ()):
                names = self._meant.get(words[start : start + size])
                if names and start + size <= len(words):
                    yield names, start, start + size


def forms(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every way to say a phrase that its `/`, `[ ]` and `{ }` stand for."""
    slots = [list(_choices(word)) for word in re.findall(r"\[[^\]]*\]|\S+", letters(phrase))]
    for picked in product(*slots):
        yield tuple(word for part in picked for word in part)


def _choices(slot: str) -> Iterator[tuple[str, ...]]:
    if slot.startswith("["):
        yield ()
        slot = slot[1:-1]
    for choice in slot.split("/"):
        numbers = _RANGE.fullmatch(choice)
        if numbers:
            low, high = map(int, numbers.groups())
            yield from ((str(number),) for number in range(low, high + 1))
        else:
            yield tuple(choice.split())


def _widened(given: Iterable[tuple[str, ...]], known: Collection[str]) -> Iterator[tuple[str, ...]]:
    """A stem also stands for the known words and longer stems that begin with it."""
    stems = {word: [w for w in known if w.startswith(word[:-1])] for form in given for word in form if word[-1] == "*"}
    for form in given:
        yield from product(*(stems.get(word, [word]) for word in form))


def _sizes(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, Sequence[int]]:
    """How long the phrases are that begin with a word, the short ones first."""
    found: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        found[phrase[0]].add(len(phrase))
    return {word: sorted(sizes) for word, sizes in found.items()}


def _unmasked(found: Mapping[str, Iterable[Span]], masks: Iterable[Span]) -> dict[str, list[Span]]:
    """The concepts that are longer than every idiom around one of their words."""
    masked: dict[int, int] = {}
    for mask in masks:
        masked.update((token, max(masked.get(token, 0), len(mask.tokens))) for token in mask.tokens)
    left = {
        name: [p for p in places if len(p.tokens) > max(masked.get(token, 0) for token in p.tokens)]
        for name, places in found.items()
    }
    return {name: places for name, places in left.items() if places}
