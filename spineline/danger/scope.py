"""What takes a sign back: a denial, the distant past, a relative's history, a question about it, a mere "if"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spineline.danger.signs import Sentences, Sign
from spineline.danger.spelling import COMMA, QUESTION, STOP, Token
from spineline.danger.vocabulary import Span, Spans

CUES = frozenset(
    "mask absorb deny deny_next none gone and restart subject long_ago past present still relative had"
    " family generic_self filler ask ask_marked ask_noun ask_fact ask_cause report_ask mine if consequence maybe_yes"
    " cut".split()
)
_DENIAL_REACH, _NEXT_REACH, _GONE_REACH, _HAD_REACH = 6, 2, 4, 3
_SCOPE_REACH = 40


@dataclass(frozen=True)
class Scope:
    """A stretch of tokens in which signs do not count, unless the cue itself is part of the sign."""

    start: int
    end: int
    cue: frozenset[int] = frozenset()


class Reading:
    """One message with its sentences and cues, ready to say whether a sign counts.

    Args:
        tokens: the words of the message.
        spans: every concept found in it, the cues among them.
    """

    def __init__(self, tokens: Sequence[Token], spans: Spans) -> None:
        self._norms = [token.norm for token in tokens]
        self._spans = spans
        self._covered = _covered(spans, len(tokens))
        self.sentences = Sentences(len(tokens), self._sentence_ends())
        self._ends = self._sentence_bounds()
        self._subjects = self._starts("subject")
        self._ands = self._starts("and")
        self._connectors = {i for i, norm in enumerate(self._norms) if norm == COMMA} | self._ands
        self._generic = {token for span in spans.of("generic_self") for token in span.tokens}
        self._fillers = {token for span in spans.of("filler") for token in span.tokens}
        self._always = _by_token([*self._denials(), *self._questions(), *self._conditions()])
        self._past = _by_token(self._long_ago(still_counts=True))
        self._past_events = _by_token(self._long_ago(still_counts=False))
        self._others = _by_token(self._relatives())

    def counts(self, sign: Sign, span: Span) -> bool:
        """Whether a sign at this place is meant as present and real."""
        scopes = (scope for kind in self._kinds(sign) for token in span.tokens for scope in kind.get(token, ()))
        if not all(scope.cue and scope.cue.issubset(span.tokens) for scope in scopes):
            return False
        return not self._answered_no(span.end) and (sign.fleeting or not self._gone(span))

    def _kinds(self, sign: Sign) -> Iterator[Mapping[int, list[Scope]]]:
        yield self._always
        if not sign.lasting:
            yield self._past_events if sign.event else self._past
        if sign.illness:
            yield self._others

    def _sentence_ends(self) -> set[int]:
        stops = {i for i, norm in enumerate(self._norms) if norm in (STOP, QUESTION)}
        return stops | {cue.start for cue in self._spans.of("cut")}

    def _sentence_bounds(self) -> list[int]:
        ends: list[int] = [0] * len(self._norms)
        end = len(self._norms)
        for at in range(len(self._norms) - 1, -1, -1):
            if at + 1 < len(self._norms) and self.sentences.number[at] != self.sentences.number[at + 1]:
                end = at + 1
            ends[at] = end
        return ends

    def _starts(self, cue: str) -> set[int]:
        return {span.start for span in self._spans.of(cue)}

    def _cues(self, name: str) -> Iterator[Span]:
        """The places of a cue that are not part of a longer expression ("no" in "no puedo")."""
        return (span for span in self._spans.of(name) if self._stands_alone(span))

    def _stands_alone(self, span: Span) -> bool:
        return all(self._covered[token] <= len(span.tokens) for token in span.tokens)

    def _end(self, span: Span) -> int:
        return min(self._ends[span.end - 1], span.end + _SCOPE_REACH)

    def _start(self, span: Span) -> int:
        start = span.start
        while start > max(span.start - _SCOPE_REACH, 0) and self.sentences.together(start - 1, span.start):
            start -= 1
        return start

    def _denials(self) -> Iterator[Scope]:
        restarts = self._starts("restart")
        negators = frozenset(span.start for span in self._spans.of("deny") if len(span.tokens) == 1)
        for cue in self._cues("deny"):
            yield Scope(cue.end, self._denial_end(cue, restarts), negators.intersection(cue.tokens))
        for cue in self._cues("deny_next"):
            yield Scope(cue.end, min(cue.end + _NEXT_REACH, self._end(cue)), negators.intersection(cue.tokens))

    def _denial_end(self, cue: Span, restarts: Collection[int]) -> int:
        left = _DENIAL_REACH
        for at in range(cue.end, self._end(cue)):
            follows_break = at > cue.end and at - 1 in self._connectors
            if left == 0 or self._new_subject(at, cue.end) or (follows_break and at in restarts):
                return at
            if at == cue.end and self._norms[at] == COMMA:
                return at
            left = _DENIAL_REACH if at in self._connectors else left - 1
        return self._end(cue)

    def _new_subject(self, at: int, start: int) -> bool:
        return at > start and at in self._subjects and at - 1 not in self._subjects

    def _questions(self) -> Iterator[Scope]:
        cues = [*self._cues("ask"), *(cue for cue in self._cues("ask_marked") if self._marked(cue))]
        for cue in cues:
            if self._opens(cue) and not self._speaks_of_self(cue.end, self._end(cue)):
                yield Scope(cue.end, self._end(cue))
        for cue in [*self._cues("ask_fact"), *(cue for cue in self._cues("ask_cause") if self._asked(cue))]:
            if not (self._speaks_of_self(self._start(cue), cue.start) or self._speaks_of_self(cue.end, self._end(cue))):
                yield Scope(self._start(cue), self._end(cue))

    def _speaks_of_self(self, start: int, end: int) -> bool:
        return any(span.start not in self._generic for span in self._spans.between("mine", start, end - 1))

    def _marked(self, cue: Span) -> bool:
        """Whether a word that may ask ("es", "puede") does so here."""
        return self._asked(cue) or self._within("ask_noun", cue.end, self._end(cue))

    def _asked(self, cue: Span) -> bool:
        return self._norms[self._end(cue) - 1] == QUESTION

    def _opens(self, cue: Span) -> bool:
        """Whether a cue stands at the head of its sentence or of a part of it, greetings aside."""
        at = cue.start
        while at > max(cue.start - _SCOPE_REACH, 0) and at - 1 in self._fillers:
            at -= 1
        return at == 0 or at - 1 in self._connectors or self.sentences.number[at - 1] != self.sentences.number[at]

    def _within(self, name: str, start: int, end: int) -> bool:
        return any(True for _ in self._spans.between(name, start, end - 1))

    def _conditions(self) -> Iterator[Scope]:
        for cue in self._cues("if"):
            if not self._means_yes(cue):
                yield Scope(cue.end, self._condition_end(cue))

    def _means_yes(self, cue: Span) -> bool:
        """Spanish "si" without its accent, as an answer: "si tengo fiebre"."""
        if not self._within("maybe_yes", cue.start, cue.end) or (cue.start and self._norms[cue.start - 1] != STOP):
            return False
        end = self._end(cue)
        return not self._asked(cue) and not self._within("consequence", cue.end, end)

    def _condition_end(self, cue: Span) -> int:
        subject_seen = False
        for at in range(cue.end, self._end(cue)):
            joined = at - 1 in self._connectors or at - 1 in self._subjects
            if self._norms[at] == COMMA or (at in self._subjects and subject_seen and not joined):
                return at
            subject_seen = subject_seen or at in self._subjects
        return self._end(cue)

    def _long_ago(self, still_counts: bool) -> Iterator[Scope]:
        for cue in self._cues("long_ago"):
            first, last = self._part(cue.start)
            if not (still_counts and self._within("still", first, last)):
                yield Scope(self._first_past(first), self._last_past(last))

    def _part(self, at: int) -> tuple[int, int]:
        """The stretch between breaks (comma, and, a subject) around a token."""
        first = at
        while first > max(at - _SCOPE_REACH, 0) and not self._breaks(first):
            first -= 1
        last = at + 1
        while last < min(at + _SCOPE_REACH, len(self._norms)) and not self._breaks(last):
            last += 1
        return first, last

    def _breaks(self, at: int) -> bool:
        new_sentence = self.sentences.number[at] != self.sentences.number[at - 1]
        return new_sentence or at in self._connectors or (at in self._subjects and at - 1 not in self._subjects)

    def _first_past(self, first: int) -> int:
        """A past story told with "and": "I fell and hit my head 5 years ago"."""
        told_with_and = first > 0 and first in self._ands
        if not told_with_and:
            return first
        before, _ = self._part(first - 1)
        return first if self._is_present(before, first) else before

    def _last_past(self, last: int) -> int:
        reach = min(last + _SCOPE_REACH, len(self._norms))
        while last < reach and self.sentences.number[last] == self.sentences.number[last - 1]:
            _, following = self._part(last)
            if self._is_present(last, following):
                return last
            last = following
        return last

    def _is_present(self, first: int, last: int) -> bool:
        return self._within("present", first, last) and not self._within("past", first, last)

    def _relatives(self) -> Iterator[Scope]:
        for relative in self._spans.of("relative"):
            for had in self._spans.between("had", relative.end, relative.end + _HAD_REACH):
                _, last = self._part(had.end - 1)
                yield Scope(relative.start, last)
        for cue in self._spans.of("family"):
            first, last = self._part(cue.start)
            yield Scope(first, last)

    def _gone(self, span: Span) -> bool:
        """Whether the sign is said to be over: "the fever is gone"."""
        cues = self._spans.between("gone", span.end, min(span.end + _GONE_REACH, self._end(span) - 1))
        return any(self._stands_alone(cue) for cue in cues)

    def _answered_no(self, at: int) -> bool:
        """A list filled in: "fever: no, chills - none"."""
        while at < len(self._norms) and self._norms[at] in (COMMA, QUESTION):
            at += 1
        for none in self._spans.between("none", at, at):
            return none.end >= len(self._norms) or self._norms[none.end] in (COMMA, STOP, QUESTION)
        return False


def _by_token(scopes: Iterable[Scope]) -> Mapping[int, list[Scope]]:
    found: dict[int, list[Scope]] = defaultdict(list)
    for scope in scopes:
        for token in range(scope.start, scope.end):
            found[token].append(scope)
    return found


def _covered(spans: Spans, length: int) -> Mapping[int, int]:
    """For each token the length of the longest expression around it."""
    covered = dict.fromkeys(range(length), 0)
    for name in spans.names():
        for span in spans.of(name):
            for token in span.tokens:
                covered[token] = max(covered[token], len(span.tokens))
    return covered
