"""How many lines are open, all together and from one address."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Sequence

from uvicorn.server import ServerState

from spineline.settings import LOOPBACK, Network
from spineline.turns.limits import is_trusted, network_of

MOST_LINES_OF_AN_ADDRESS = 100  # a waiting room behind one address, a few lines for each browser
_FILES_FOR_OTHERS = 200  # databases, messengers, pipes


class Lines(ServerState):
    """uvicorn's state, with a count for each address. This machine and proxies that are trusted bring many people."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        super().__init__()
        self._trusted, self._counts = trusted, Counter[str]()
        self._most = max(_FILES_FOR_OTHERS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _FILES_FOR_OTHERS)

    def enter(self, peer: str) -> bool:
        """Count a line that was opened; whether it may stay. Each needs its `leave`."""
        address = self._counted(peer)
        self._counts[address] += 1
        is_one_too_many = address != "" and self._counts[address] > MOST_LINES_OF_AN_ADDRESS
        return not is_one_too_many and len(self.connections) <= self._most

    def leave(self, peer: str) -> None:
        """The line is closed."""
        address = self._counted(peer)
        self._counts[address] -= 1
        if not self._counts[address]:
            del self._counts[address]

    def _counted(self, peer: str) -> str:
        """The address whose lines are limited; "" for those that are not."""
        if not peer or peer in LOOPBACK or is_trusted(peer, self._trusted):
            return ""
        return network_of(peer)
