"""The website's outbox that goes on in memory while its file cannot be used: a full disk must not silence an alarm."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from spineline.keep.outbox import Kept, Outbox

RESTS_S = 10.0  # how long a file that failed is left alone: each try at a locked one stops everybody for a moment
MOST_NUMBERS = 10_000

T = TypeVar("T")
Note = Callable[[BaseException, str], None]


class SteadyOutbox:
    """An Outbox whose answers are always kept somewhere.

    A session whose file fails goes on in memory, until everything of it could be written again. What is in memory only
    does not survive a restart; whoever deletes is told the truth, so deleting raises when the file cannot be written.

    Args:
        file: the outbox that is used as long as it works.
        note: hears what went wrong, and where.
        clock: gives a time in seconds that never goes back.
    """

    def __init__(self, file: Outbox, note: Note, clock: Callable[[], float]) -> None:
        self._file, self._note, self._clock = file, note, clock
        self._spare = Outbox(None)
        self._spared: set[str] = set()  # the sessions that go on in memory
        self._numbers: OrderedDict[str, int] = OrderedDict()  # of the last answers, for when the file cannot be read
        self._rests_until = clock()

    def begin(self, session: str, consented: datetime, language: str | None) -> None:
        """See Outbox, as with all that follow."""
        if not self._tried(lambda: self._file.begin(session, consented, language)):
            self._spare.begin(session, consented, language)
            self._spared.add(session)

    def see(self, session: str, now: datetime) -> None:
        """Also the moment to write down what is in memory only."""
        if session in self._spared and self._tried(lambda: self._restore(session)):
            self._spared.discard(session)
            self._spare.forget(session)
        self._do(session, lambda box: box.see(session, now))

    def knows(self, session: str) -> bool:
        """While the file cannot be read, everybody whose session is signed is believed."""
        return self._do(session, lambda box: box.knows(session))

    def wish_language(self, session: str, language: str) -> None:
        """The person switched the language of the chat."""
        self._do(session, lambda box: box.wish_language(session, language))

    def take_language(self, session: str) -> str | None:
        """The language that the conversation has not been told yet."""
        return self._do(session, lambda box: box.take_language(session))

    def was_answered(self, session: str, message: str) -> bool:
        """Whether this message of the session has its answer."""
        return self._do(session, lambda box: box.was_answered(session, message))

    def put(
        self, session: str, bodies: Iterable[Mapping[str, Any]], message: str | None = None
    ) -> list[dict[str, Any]]:
        """Number the answers and keep them."""
        kept = list(bodies)
        numbered = self._do(session, lambda box: box.put(session, kept, message))
        self._count(session, numbered[-1]["seq"] if numbered else 0)
        return numbered

    def after(self, session: str, seq: int) -> list[dict[str, Any]]:
        """The answers that the browser does not have yet."""
        self.arrived(session, seq)
        return self._do(session, lambda box: box.waiting(session))

    def arrived(self, session: str, seq: int) -> None:
        """Drop the answers up to `seq`."""
        self._count(session, seq)
        self._do(session, lambda box: box.arrived(session, seq))
        if session in self._spared:
            self._spare.count_from(session, seq)

    def empty(self, session: str) -> None:
        """Delete what was said."""
        self._spare.empty(session)
        self._file.empty(session)

    def forget(self, session: str) -> None:
        """Delete everything about a session."""
        self._spare.forget(session)
        self._spared.discard(session)
        self._numbers.pop(session, None)
        self._file.forget(session)

    def purge(self, now: datetime, kept: timedelta) -> bool:
        """Delete some old sessions; whether there may be more. A file that fails is tried again next time."""
        self._spare.purge(now, kept)
        self._spared = {session for session in self._spared if self._spare.knows(session)}
        has_more = list[bool]()
        self._tried(lambda: has_more.append(self._file.purge(now, kept)))
        return any(has_more)

    def _do(self, session: str, act: Callable[[Outbox], T]) -> T:
        done = list[T]()
        if session not in self._spared:
            if self._tried(lambda: done.append(act(self._file))):
                return done[0]
            self._move(session)
        return act(self._spare)

    def _tried(self, act: Callable[[], None]) -> bool:
        """Whether the file did it; a file that has just failed is left alone for a while."""
        if self._clock() < self._rests_until:
            return False
        try:
            act()
        except sqlite3.Error as error:
            self._note(error, "outbox")
            self._rests_until = self._clock() + RESTS_S
            return False
        return True

    def _move(self, session: str) -> None:
        """Go on in memory, from what can still be read of the file."""
        try:
            kept = self._file.read(session)
        except sqlite3.Error as error:
            self._note(error, "outbox")
            kept = Kept(last_seq=self._numbers.get(session, 0))
        if kept:
            self._spare.take(session, kept)
            self._spared.add(session)

    def _restore(self, session: str) -> None:
        kept = self._spare.read(session)
        if kept and (kept.consented or self._file.knows(session)):
            self._file.take(session, kept)

    def _count(self, session: str, seq: int) -> None:
        self._numbers[session] = max(seq, self._numbers.get(session, 0))
        self._numbers.move_to_end(session)
        if len(self._numbers) > MOST_NUMBERS:
            self._numbers.popitem(last=False)
