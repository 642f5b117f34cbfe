"""Signs: combinations of concepts that stand near each other, written as `numb + saddle` or `cannot >3 pee`.

`a + b` means both, in either order, with at most 6 words between; `a > b` in this order, at most 4 words between;
a number after the operator sets another distance; `a|b` is a choice; `! c` forbids a concept nearby, `!! c` one that
covers a word of the match ("slipped" in "slipped disc").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from spineline.danger.vocabulary import Span, Spans

_STEP = re.compile(r"\s*([+>])\s*(\d*)\s+")
_GAPS = {"+": 6, ">": 4}
_TRIED = 3
_LONGEST_SIGN = 20
_FORBIDDEN_WITHIN = 15


@dataclass(frozen=True)
class Step:
    """One concept of a pattern and how far it may stand from what was found before."""

    names: tuple[str, ...]
    ordered: bool = True
    gap: int = 0


@dataclass(frozen=True)
class Pattern:
    """A sequence of steps, the concepts that must not stand nearby and those that must not cover a word of it."""

    steps: tuple[Step, ...]
    unless: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """For each step the concepts of which one must be there."""
        return tuple(frozenset(step.names) for step in self.steps)

    @property
    def names(self) -> frozenset[str]:
        """Every concept that the pattern speaks of."""
        return frozenset(name for step in self.steps for name in step.names).union(self.unless, self.uncovered)


@dataclass(frozen=True)
class Sign:
    """A named meaning with the patterns that express it.

    Args:
        lasting: holds for good, however long ago it began ("I had cancer").
        illness: is somebody else's when a relative had it ("my dad had cancer").
        fleeting: still counts when it has gone again ("the chest pain went away").
        event: happened at one time, so "still" does not make an old one new ("I fell years ago and still hurt").
        asked: counts though it is a question ("how many of these to not wake up?").
        supposed: counts under an "if" ("they would be better off if I was gone").
    """

    name: str
    patterns: tuple[Pattern, ...]
    lasting: bool = False
    illness: bool = False
    fleeting: bool = False
    event: bool = False
    asked: bool = False
    supposed: bool = False


def parse_pattern(text: str) -> Pattern:
    """Read a pattern such as `numb + saddle ! sitting|asleep`."""
    rest, _, uncovered = text.partition("!!")
    steps_text, _, unless = rest.partition("!")
    parts = _STEP.split(steps_text.strip())
    steps = [Step(_names(parts[0]))]
    for operator, gap, names in zip(parts[1::3], parts[2::3], parts[3::3]):
        steps.append(Step(_names(names), operator == ">", int(gap or _GAPS[operator])))
    return Pattern(tuple(steps), _names(unless) if unless else (), _names(uncovered) if uncovered else ())


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.strip().split("|"))


class Sentences:
    """Which sentence a token belongs to, so that combinations do not reach across."""

    def __init__(self, length: int, ends: Collection[int]) -> None:
        self.number: list[int] = []
        current = 0
        for at in range(length):
            self.number.append(current)
            current += at in ends

    def together(self, first: int, last: int) -> bool:
        """Whether two tokens stand in one sentence."""
        return self.number[first] == self.number[last]


def matches(pattern: Pattern, spans: Spans, sentences: Sentences) -> Iterator[Span]:
    """Every place where a pattern holds of which every step is there somewhere."""
    first, *rest = pattern.steps
    for name in first.names:
        for span in spans.by_name.get(name, ()):
            for found in _continued(span, rest, spans, sentences):
                if _allowed(found, pattern, spans, sentences):
                    yield found
                    break


def _allowed(span: Span, pattern: Pattern, spans: Spans, sentences: Sentences) -> bool:
    if pattern.unless and _forbidden(span, pattern.unless, spans, sentences):
        return False
    return not (pattern.uncovered and _covered(span, pattern.uncovered, spans))


def _continued(span: Span, rest: Sequence[Step], spans: Spans, sentences: Sentences) -> Iterator[Span]:
    if not rest:
        yield span
        return
    for other in _near(span, rest[0], spans, sentences):
        joined = Span(
            min(span.start, other.start), max(span.end, other.end), tuple(sorted({*span.tokens, *other.tokens}))
        )
        yield from _continued(joined, rest[1:], spans, sentences)


def _near(span: Span, step: Step, spans: Spans, sentences: Sentences) -> list[Span]:
    found = [other for name in step.names for other in _reachable(span, step, name, spans, sentences)]
    return sorted(found, key=lambda other: _distance(span, other))[:_TRIED]


def _reachable(span: Span, step: Step, name: str, spans: Spans, sentences: Sentences) -> Iterator[Span]:
    earliest = span.end if step.ordered else span.start - step.gap - _LONGEST_SIGN
    for other in spans.between(name, earliest, span.end + step.gap):
        if _distance(span, other) <= step.gap and sentences.together(span.start, other.start) and _apart(span, other):
            yield other


def _apart(span: Span, other: Span) -> bool:
    crossing = other.start < span.end and span.start < other.end
    return not crossing or not set(other.tokens).intersection(span.tokens)


def _distance(span: Span, other: Span) -> int:
    """Words between two places; 0 when they touch or cross."""
    return max(other.start - span.end, span.start - other.end, 0)


def _forbidden(span: Span, unless: Sequence[str], spans: Spans, sentences: Sentences) -> bool:
    return any(
        sentences.together(span.start, other.start)
        for name in unless
        for other in spans.between(name, span.start - _FORBIDDEN_WITHIN, span.end + _FORBIDDEN_WITHIN)
    )


def _covered(span: Span, names: Sequence[str], spans: Spans) -> bool:
    return any(
        set(other.tokens).intersection(span.tokens)
        for name in names
        for other in spans.between(name, span.start - _FORBIDDEN_WITHIN, span.end)
    )
