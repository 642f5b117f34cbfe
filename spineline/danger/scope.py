"""What takes a sign back: a denial, the distant past, a relative's history, a question about it, a mere "if"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spineline.danger.signs import Sentences, Sign
from spineline.danger.spelling import COMMA, QUESTION, STOP, Token
from spineline.danger.vocabulary import Span, Spans

CUES = frozenset(
    "mask absorb deny deny_next none gone and restart subject long_ago past present still relative had"
    " family generic_self filler ask ask_marked ask_noun ask_fact ask_cause report_ask mine if consequence maybe_yes"
    " cut kin cleared asked answered_no worried not_have asks_of_now someday recent sudden as_of_now"
    " grave thought_was turned_out no_tengo goes_on_not told_about has_now tale screen anew form_asks points_back"
    " stranger last_time buried family_past had_past not_so".split()
)
_DENIAL_REACH, _NEXT_REACH, _GONE_REACH, _HAD_REACH = 6, 2, 4, 3
_POINTED_REACH = 4
_STRANGER_REACH, _BURIED_REACH = 12, 3
_SCOPE_REACH = 40
_CONCORD_REACH = 2
_ANSWER_REACH, _NOT_SO_REACH = 30, 8
_DATE_REACH = 3
_SOMEDAY_REACH = 3
_ANSWERS = (("asked", "answered_no"), ("worried", "not_have"), ("thought_was", "turned_out"))
_SINCE = frozenset({"since", "desde"})
_MY = frozenset({"my", "mi", "mis"})
_BARE_NO = frozenset({"not", "tengo"})
_OF_SOMETHING_ELSE = frozenset({"when", "cuando", "that", "que"})
_PREPOSITIONS = frozenset({"en", "de", "a", "por", "con", "para", "in", "on", "of", "to"})
_HEADING_MARKS = frozenset({":", " - ", "–", "—"})


@dataclass(frozen=True)
class Scope:
    """A stretch of tokens in which signs do not count, unless the cue itself is part of the sign.

    Args:
        why: the cue that opened it, and where it stands: what a clinician is shown.
        cue: the negators in it, which may belong to the sign itself ("no" in "no puedo").
        denies: "I don't have no feeling" denies once, though it says so twice.
    """

    start: int
    end: int
    why: str
    said: Span
    cue: frozenset[int] = frozenset()
    denies: bool = False


class Reading:
    """One message with its sentences and cues, ready to say whether a sign counts.

    What takes a sign back is worked out when a sign is there; most messages have none.

    Args:
        tokens: the words of the message.
        spans: every concept found in it, the cues among them; signs that are added later are none of them.
        open: concepts that leave the cues in them alone: "no" in "they do not" still denies.
    """

    def __init__(self, tokens: Sequence[Token], spans: Spans, open: Collection[str] = ()) -> None:
        self._tokens = tokens
        self._norms = [token.norm for token in tokens]
        self._spans, self._open = Spans(dict(spans.by_name)), open
        self.sentences = Sentences(len(tokens), self._sentence_ends())

    @cached_property
    def _always(self) -> Mapping[int, list[Scope]]:
        asked = (*self._questions(), *self._tales(), *self._denied_questions())
        return _by_token([*self._denials(), *asked, *self._conditions(), *self._answers()])

    @cached_property
    def _past(self) -> Mapping[int, list[Scope]]:
        return _by_token(self._long_ago(still_counts=True))

    @cached_property
    def _past_events(self) -> Mapping[int, list[Scope]]:
        return _by_token(self._long_ago(still_counts=False))

    @cached_property
    def _others(self) -> Mapping[int, list[Scope]]:
        return _by_token(self._relatives())

    @cached_property
    def _kin(self) -> Mapping[int, list[Scope]]:
        return _by_token([*self._kin_had(), *self._strangers_had()])

    @cached_property
    def _ands(self) -> set[int]:
        return self._starts("and")

    @cached_property
    def _connectors(self) -> set[int]:
        return {i for i, norm in enumerate(self._norms) if norm == COMMA} | self._ands

    @cached_property
    def _generic(self) -> set[int]:
        return {token for span in self._spans.of("generic_self") for token in span.tokens}

    @cached_property
    def _fillers(self) -> set[int]:
        return {token for span in self._spans.of("filler") for token in span.tokens}

    @cached_property
    def _negators(self) -> set[int]:
        return {span.start for span in self._spans.of("deny") if len(span.tokens) == 1}

    def taken_back(self, sign: Sign, span: Span) -> tuple[str, Span] | None:
        """Why a sign at this place is not meant as present and real: the cue and where it stands; None if it is."""
        for kind in self._kinds(sign):
            for token in span.tokens:
                for scope in kind.get(token, ()):
                    if not self._is_own(scope, span) and not _holds_in(sign, scope):
                        return scope.why, scope.said
        return self._said_after(sign, span)

    def _is_own(self, scope: Scope, span: Span) -> bool:
        """Whether a cue belongs to the sign: its "no", or one more: "I don't have no feeling"."""
        if scope.cue and scope.cue.issubset(span.tokens):
            return True
        if not scope.denies:
            return False
        own = self._negators.intersection(span.tokens)
        goes_on = span.start < scope.said.start < span.end and any(at < scope.said.start for at in own)
        return goes_on or any(scope.start <= at <= scope.start + _CONCORD_REACH for at in own)

    def _said_after(self, sign: Sign, span: Span) -> tuple[str, Span] | None:
        none = self._answered_no(span.end)
        if none and not self._negators.intersection(span.tokens):
            return "none", none
        over = self._after(span, "cleared") or (None if sign.fleeting else self._after(span, "gone"))
        return ("gone", over) if over else None

    def _kinds(self, sign: Sign) -> Iterator[Mapping[int, list[Scope]]]:
        yield self._always
        yield self._kin
        if not sign.lasting:
            yield self._past_events if sign.event else self._past
        if sign.illness:
            yield self._others

    def _sentence_ends(self) -> set[int]:
        stops = {i for i, norm in enumerate(self._norms) if norm in (STOP, QUESTION)}
        return stops | {cue.start for cue in self._spans.of("cut")}

    def _resumptions(self) -> Iterator[int]:
        """Where what takes back ends for good measure: after a soft break, unless a list or a denial goes on there."""
        denied = {cue.end for cue in self._spans.of("deny")}
        for at, token in enumerate(self._tokens):
            if token.resumes and at and not {at - 1, at} & self._connectors and at not in denied:
                yield at

    @cached_property
    def _parted(self) -> set[int]:
        """The tokens that do not go on with what stands before them."""
        number = self.sentences.number
        return {*self._resumptions(), *(at for at in range(1, len(number)) if number[at - 1] != number[at])}

    @cached_property
    def _ends(self) -> list[int]:
        """For each token where what takes back ends at the latest."""
        ends: list[int] = [0] * len(self._norms)
        end = len(self._norms)
        for at in range(len(self._norms) - 1, -1, -1):
            if at + 1 in self._parted:
                end = at + 1
            ends[at] = end
        return ends

    @cached_property
    def _subjects(self) -> set[int]:
        """Where somebody or something new is spoken of; "la" after "en" is no such place."""
        return {at for at in self._starts("subject") if at == 0 or self._norms[at - 1] not in _PREPOSITIONS}

    @cached_property
    def _covered(self) -> Mapping[int, int]:
        """For each token the length of the longest expression around it."""
        covered = dict.fromkeys(range(len(self._norms)), 0)
        for name, spans in self._spans.by_name.items():
            for span in spans if name not in self._open else ():
                for token in span.tokens:
                    covered[token] = max(covered[token], len(span.tokens))
        return covered

    def _starts(self, cue: str) -> set[int]:
        return {span.start for span in self._spans.of(cue)}

    def _cues(self, name: str) -> Iterator[Span]:
        """The places of a cue that are not part of a longer expression ("no" in "no puedo")."""
        return (span for span in self._spans.by_name.get(name, ()) if self._stands_alone(span))

    def _stands_alone(self, span: Span) -> bool:
        return all(self._covered[token] <= len(span.tokens) for token in span.tokens)

    def _end(self, span: Span) -> int:
        return min(self._ends[span.end - 1], span.end + _SCOPE_REACH)

    def _last(self, span: Span) -> int:
        """Where the sentence of a span ends, soft breaks or not."""
        end, number = span.end, self.sentences.number
        while end < min(len(number), span.end + _SCOPE_REACH) and number[end - 1] == number[end]:
            end += 1
        return end

    def _start(self, span: Span) -> int:
        start = span.start
        while start > max(span.start - _SCOPE_REACH, 0) and start not in self._parted:
            start -= 1
        return start

    def _denials(self) -> Iterator[Scope]:
        restarts = self._starts("restart")
        for cue in self._cues("deny"):
            own = frozenset(self._negators.intersection(cue.tokens))
            yield Scope(cue.end, self._denial_end(cue, restarts), "deny", cue, own, denies=True)
        for cue in self._cues("deny_next"):
            own = frozenset(self._negators.intersection(cue.tokens))
            yield Scope(cue.end, min(cue.end + _NEXT_REACH, self._end(cue)), "deny_next", cue, own)

    def _denial_end(self, cue: Span, restarts: Collection[int]) -> int:
        left = _DENIAL_REACH
        for at in range(cue.end, self._end(cue)):
            follows_break = at > cue.end and at - 1 in self._connectors
            if left == 0 or self._new_subject(at, cue.end) or (follows_break and at in restarts):
                return at
            if self._norms[at] == COMMA and (at == cue.end or self._turns_grave(at)):
                return at
            left = _DENIAL_REACH if at in self._connectors else left - 1
        return self._end(cue)

    def _turns_grave(self, comma: int) -> bool:
        """ "No numbness, chest pain" goes on with what is there; "no numbness, chest pain or cough" with a list."""
        end = min(self._ends[comma], comma + _DENIAL_REACH)
        in_list = any(at in self._connectors for at in range(comma + 1, end))
        return not in_list and self._within("grave", comma + 1, end)

    def _new_subject(self, at: int, start: int) -> bool:
        return at > start and at in self._subjects and at - 1 not in self._subjects

    def _questions(self) -> Iterator[Scope]:
        cues = [*self._cues("ask"), *(cue for cue in self._cues("ask_marked") if self._marked(cue))]
        for cue in cues:
            if self._opens(cue) and not self._tells(cue) and not self._speaks_of_self(cue.end, self._last(cue)):
                yield Scope(cue.end, self._end(cue), "ask", cue)
        for cue in [*self._cues("ask_fact"), *(cue for cue in self._cues("ask_cause") if self._asked(cue))]:
            if not (
                self._speaks_of_self(self._start(cue), cue.start) or self._speaks_of_self(cue.end, self._last(cue))
            ):
                yield Scope(self._start(cue), self._end(cue), "ask", cue)

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

    def _tells(self, cue: Span) -> bool:
        """No question: a heading, or a denial whose subject is left out ("don't want to live")."""
        denies = self._within("deny", cue.end, cue.end + 1) and len(cue.tokens) == 1
        return self._heads(cue) or (denies and not self._asked(cue))

    def _heads(self, cue: Span) -> bool:
        """A heading, not a question: "Symptoms: can't pee"."""
        following = self._tokens[cue.end].word if cue.end < len(self._tokens) else ""
        return len(cue.tokens) == 1 and following in _HEADING_MARKS

    def _within(self, name: str, start: int, end: int) -> bool:
        return any(True for _ in self._spans.between(name, start, end - 1))

    def _conditions(self) -> Iterator[Scope]:
        for cue in self._cues("if"):
            if not (self._means_yes(cue) or self._asks_of_now(cue)):
                yield Scope(cue.end, self._condition_end(cue), "if", cue)

    def _asks_of_now(self, cue: Span) -> bool:
        """ "Should I worry if I can't pee?" speaks of today; "what do I do if I ever get a fever" does not."""
        asks = self._within("asks_of_now", self._start(cue), cue.start)
        return asks and not self._within("someday", cue.start, cue.end + _SOMEDAY_REACH)

    def _answers(self) -> Iterator[Scope]:
        """ "They asked about fever and I said no", "worried about a fever but I do not have it"; not "but I lied"."""
        for asked, answer in _ANSWERS:
            for cue in self._spans.of(asked):
                no = next(self._spans.between(answer, cue.end, cue.end + _ANSWER_REACH), None)
                if no and not self._within("not_so", no.end, no.end + _NOT_SO_REACH):
                    yield Scope(cue.end, no.start, answer, no)

    def _tales(self) -> Iterator[Scope]:
        """What a film, an exam or a form speaks of, up to where the sentence goes on about the one who writes."""
        for name in ("tale", "form_asks"):
            for cue in self._spans.of(name):
                end = self._end(cue)
                if self._tells_of_self(cue.end, self._last(cue)):
                    end = next((at for at in range(cue.end, end) if self._norms[at] == COMMA), cue.end)
                if not (self._tells_of_self(cue.end, end) or self._within("not_so", cue.end, end + _NOT_SO_REACH)):
                    yield Scope(cue.end, end, "ask", cue)
        yield from self._shown()

    def _shown(self) -> Iterator[Scope]:
        """ "The singer who fainted on live tv": what stands before a screen in the same part was seen on it."""
        for cue in self._cues("screen"):
            start = cue.start
            while start > self._start(cue) and self._norms[start - 1] != COMMA:
                start -= 1
            if not (self._speaks_of_self(start, cue.start) or self._tells_of_self(start, cue.start)):
                yield Scope(start, cue.start, "ask", cue)

    def _tells_of_self(self, start: int, end: int) -> bool:
        """Whether somebody says that it is his own and now; "my cousin says" is no such thing."""
        kin = self._starts("relative")
        owns = any(self._norms[at] in _MY and at + 1 not in kin for at in range(start, end))
        return owns or self._within("has_now", start, end)

    def _denied_questions(self) -> Iterator[Scope]:
        """ "Can a disc do that? I do not have it": what was asked is nobody's, unless it was told as one's own."""
        for name in ("not_have", "no_tengo"):
            for no in filter(self._denies_all, self._cues(name)):
                start = self._asked_before(no)
                if start < no.start and not self._tells_of_self(start, no.start):
                    yield Scope(start, no.start, "not_have", no)

    def _denies_all(self, no: Span) -> bool:
        """ "I do not have it." and no more; "no tengo" alone and not "no tengo fuerza"."""
        following = self._norms[no.end] if no.end < len(self._norms) else STOP
        if following in (COMMA, STOP, QUESTION):
            return True
        bare = self._norms[no.end - 1] in _BARE_NO
        return not bare and not self._within("goes_on_not", no.end, no.end + 1)

    def _asked_before(self, no: Span) -> int:
        """Where the question begins that a denial answers, in its own sentence or the one before; else the denial."""
        number = self.sentences.number
        own = self._sentence_start(no.start)
        if any(self._opens(cue) for cue in self._spans.between("ask", own, no.start - 1)):
            return own
        if own == 0 or own != self._first_of(no):
            return no.start
        before = self._sentence_start(own - 1)
        asked = self._norms[own - 1] == QUESTION or self._within("told_about", before, own)
        return before if asked and number[own - 1] == number[before] else no.start

    def _first_of(self, no: Span) -> int:
        """The start of the sentence if a denial stands at its head, else the denial: "a mi no me pasa"."""
        own = self._sentence_start(no.start)
        return own if no.start - own <= _NEXT_REACH else no.start

    def _sentence_start(self, at: int) -> int:
        number, start = self.sentences.number, at
        while start > max(at - _SCOPE_REACH, 0) and number[start - 1] == number[at]:
            start -= 1
        return start

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
            goes_on = cue.start > 0 and self._norms[cue.start - 1] in _SINCE
            goes_on = goes_on or self._within("anew", cue.end, self._last(cue))  # "as a kid, and just now again"
            if not goes_on and not (still_counts and self._within("still", first, last)):
                start = self._first_past(first)
                if not self._within("past", start, last):
                    start = self._first_told(start if still_counts else self._dated(cue, start))
                yield Scope(min(start, self._pointed_at(cue)), self._last_past(last), "long_ago", cue)

    def _dated(self, cue: Span, first: int) -> int:
        """A date between commas dates the event before it: "my brother fell off a roof, six years ago, and ..."."""
        following = self._norms[cue.end] if cue.end < len(self._norms) else STOP
        alone = self._norms[first] == COMMA and cue.start - first <= _DATE_REACH
        if first == 0 or not alone or following not in (COMMA, STOP, QUESTION):
            return first
        before, end = self._part(first - 1)
        return before if self._within("past", before, end) and not self._is_present(before, end) else first

    def _first_told(self, first: int) -> int:
        """How far back a past tale goes that only a subject parts: "mi primo se desmayó | el año antepasado"."""
        at = first
        while at > 0 and at in self._subjects and at not in self._parted and at - 1 not in self._connectors:
            at, end = self._part(at - 1)[0], at
            if self._is_present(at, end):
                break
            if self._within("past", at, end):
                return at
        return first

    def _pointed_at(self, cue: Span) -> int:
        """ "My uncle fainted, that was in 1998" and "My uncle fainted. That was years ago" point back at it all."""
        that = next(self._spans.between("points_back", cue.start - _POINTED_REACH, cue.start - 1), None)
        if that is None or that.end > cue.start:
            return cue.start
        start = self._sentence_start(that.start)
        start = self._sentence_start(start - 1) if start == that.start and start else start
        now = any(self._within(name, start, that.start) for name in ("present", "recent", "sudden", "still"))
        following = self._norms[cue.end] if cue.end < len(self._norms) else STOP
        return cue.start if now or following in _OF_SOMETHING_ELSE else start

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
        return at in self._parted or at in self._connectors or (at in self._subjects and at - 1 not in self._subjects)

    def _first_past(self, first: int) -> int:
        """A past story told with "and": "I fell and hit my head 5 years ago"."""
        told_with_and = first > 0 and first in self._ands
        if not told_with_and:
            return first
        before, _ = self._part(first - 1)
        return first if self._is_present(before, first) else before

    def _last_past(self, last: int) -> int:
        reach = min(last + _SCOPE_REACH, len(self._norms))
        while last < reach and last not in self._parted:
            following = self._clause_end(last, reach)
            if self._is_present(last, following):
                return last
            last = following
        return last

    def _clause_end(self, at: int, reach: int) -> int:
        """Where the parts end that only a subject parts: "la espalda | me duele" is one clause."""
        _, end = self._part(at)
        while end < reach and end not in self._connectors and end not in self._parted:
            _, end = self._part(end)
        return end

    def _is_present(self, first: int, last: int) -> bool:
        told = self._within("past", first, last) and not self._within("as_of_now", first, last)
        return self._within("present", first, last) and not told

    def _relatives(self) -> Iterator[Scope]:
        for relative in self._spans.of("relative"):
            for had in self._spans.between("had", relative.end, relative.end + _HAD_REACH):
                yield Scope(relative.start, self._told_to(had), "relative", had)
            for dead in self._spans.between("buried", relative.end, relative.end + _BURIED_REACH):
                yield Scope(relative.start, self._last(dead), "relative", dead)
        for cue in self._spans.of("family"):
            first, last = self._part(cue.start)
            yield Scope(first, last, "family", cue)

    def _told_to(self, had: Span) -> int:
        """How far a tale of somebody reaches: to the end of the part that begins behind "had"."""
        return self._part(min(had.end, len(self._norms) - 1))[1]

    def _kin_had(self) -> Iterator[Scope]:
        """ "My aunt had chest pain": whatever it was, it is told as over, unless it was just now."""
        for kin in self._spans.of("kin"):
            for had in filter(self._stands_alone, self._spans.between("had", kin.end, kin.end + _HAD_REACH - 1)):
                if not self._speaks_of_now(had):
                    yield Scope(kin.start, self._told_to(had), "relative", had)

    def _strangers_had(self) -> Iterator[Scope]:
        """ "The lady next to me last month had a stroke"; without a time she may lie there now."""
        for one in (*self._spans.of("stranger"), *self._spans.of("kin")):
            for had in self._passed(one):
                told = self._within("last_time", one.end, self._last(had))
                if told and not self._speaks_of_now(had):
                    yield Scope(one.start, self._told_to(had), "relative", had)
        for family in self._spans.of("family_past"):
            told = self._within("last_time", family.end, self._last(family))
            if told and not self._speaks_of_now(family):
                yield Scope(family.start, self._told_to(family), "family", family)

    def _passed(self, one: Span) -> Iterator[Span]:
        """What somebody had and is over: "had a stroke", "fainted"."""
        reach = one.end + _STRANGER_REACH
        yield from filter(self._stands_alone, self._spans.between("had", one.end, reach))
        yield from self._spans.between("had_past", one.end, one.end + _HAD_REACH)

    def _speaks_of_now(self, had: Span) -> bool:
        start, end = self._start(had), self._last(had)
        return any(self._within(now, start, end) for now in ("recent", "sudden", "still"))

    def _after(self, span: Span, name: str) -> Span | None:
        """Where the sign is said to be over or no matter: "the fever is gone", "numbness is not a problem"."""
        cues = self._spans.between(name, span.end, min(span.end + _GONE_REACH, self._end(span) - 1))
        return next((cue for cue in cues if self._stands_alone(cue)), None)

    def _answered_no(self, at: int) -> Span | None:
        """A list filled in: "fever: no, chills - none"."""
        while at < len(self._norms) and self._norms[at] in (COMMA, QUESTION):
            at += 1
        for none in self._spans.between("none", at, at):
            following = none.end
            if (
                following >= len(self._norms)
                or self._norms[following] in (COMMA, STOP, QUESTION)
                or (self._tokens[following].resumes and self._stands_alone(none))
            ):
                return none
        return None


def _holds_in(sign: Sign, scope: Scope) -> bool:
    return (sign.asked and scope.why == "ask") or (sign.supposed and scope.why == "if")


def _by_token(scopes: Iterable[Scope]) -> Mapping[int, list[Scope]]:
    found: dict[int, list[Scope]] = defaultdict(list)
    for scope in scopes:
        for token in range(scope.start, scope.end):
            found[token].append(scope)
    return found
