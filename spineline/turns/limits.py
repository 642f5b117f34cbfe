"""How much one conversation, one address and everybody together may ask; and who an address is."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers

from spineline.dialogue.intake import LONGEST_READ
from spineline.settings import LOOPBACK, Network, Settings

MOST_KEYS = 50_000
MOST_PER_SESSION = 5  # turns of one conversation at a time
FLOOD = 3  # times the limit: from there on messages are not even read for danger signs
BUSY_FOR_S = 2
_V4 = re.compile(r"(\d{1,6}(?:\.\d{1,6}){3})(?::\d*)?", re.ASCII)
_V6 = re.compile(r"\[([^\]]*)\](?::\d*)?")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")
_FORWARDED = frozenset(  # what proxies, load balancers and content networks write on a request, beside X-Forwarded-…
    b"""forwarded via x-real-ip x-client-ip x-cluster-client-ip client-ip x-remote-ip x-remote-addr x-proxyuser-ip
    x-original-forwarded-for x-original-host x-original-url x-host front-end-https x-arr-ssl proxy-connection
    true-client-ip cf-connecting-ip cf-connecting-ipv6 cf-ray cdn-loop fastly-client-ip fly-client-ip
    x-envoy-external-address x-appengine-user-ip x-azure-clientip x-azure-socketip x-amzn-trace-id
    x-cloud-trace-context""".split()
)

Address = IPv4Address | IPv6Address

address_of_request: ContextVar[str | None] = ContextVar("address_of_request", default=None)


@dataclass(frozen=True)
class Refusal:
    """Why a message is not answered. `reason` is "too_fast", "busy" or "stopping"; `is_read` says whether danger signs
    are still looked for."""

    reason: str
    retry_after_s: int
    is_read: bool = True


class _Counters(Storage):
    """Counters in memory, at most MOST_KEYS of them; the library's own keeps a thread busy."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def incr(self, key: str, expiry: int, elastic_expiry: bool = False, amount: int = 1) -> int:
        count, until = self._counts.get(key, (0, 0.0))
        if until <= self._clock():
            count, until = 0, self._clock() + expiry
        self._counts[key] = (count + amount, until)
        self._counts.move_to_end(key)
        if len(self._counts) > MOST_KEYS:
            self._counts.popitem(last=False)
        return count + amount

    def get(self, key: str) -> int:
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > self._clock() else 0

    def get_expiry(self, key: str) -> int:
        return int(self._counts.get(key, (0, self._clock()))[1])

    def check(self) -> bool:
        return True

    def reset(self) -> None:
        self._counts.clear()

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)


class Rate:
    """At most so many for each key in a window of time; a rate without text is no limit.

    Args:
        clock: seconds that only ever go forward: a computer's clock set back must not lock anybody out.
    """

    def __init__(self, rate: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._storage = _Counters(clock)
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._item: RateLimitItem | None = parse(rate) if rate else None

    def is_used_up(self, key: str) -> bool:
        """Whether the next one would be one too many; counts nothing."""
        return self._item is not None and not self._limiter.test(self._item, key)

    def refuse(self, key: str, cost: int = 1) -> Refusal | None:
        """Count one message; a refusal when it is one too many."""
        item: Any = self._item
        if item is None or self._limiter.hit(item, key, cost=cost):
            return None
        name = item.key_for(key)
        wait_s = max(1, int(self._storage.get_expiry(name) - self._clock()) + 1)
        return Refusal("too_fast", wait_s, self._storage.get(name) <= FLOOD * item.amount)


class Limits:
    """Everything that can refuse a message before it costs much."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions, self._addresses = Rate(settings.rate_per_session, clock), Rate(settings.rate_per_address, clock)
        self._most = settings.most_in_flight
        self._running: dict[str, int] = {}
        self.is_stopping = False

    @property
    def in_flight(self) -> int:
        """Turns being answered right now."""
        return sum(self._running.values())

    def refuse(self, sender: str, length: int = 0) -> Refusal | None:
        """Whether this message must wait. Long messages count several times, because reading them takes longer."""
        cost = 1 + min(length, LONGEST_READ) // 1000
        address = address_of_request.get()
        refused = self._sessions.refuse(sender, cost) or (self._addresses.refuse(address, cost) if address else None)
        return refused or self._refuse_now(sender)

    def refuse_address(self) -> Refusal | None:
        """The same for requests that are not messages, such as beginning a session."""
        address = address_of_request.get()
        return self._addresses.refuse(address) if address else None

    def _refuse_now(self, sender: str) -> Refusal | None:
        if self.is_stopping:
            return Refusal("stopping", BUSY_FOR_S)
        if self.in_flight >= self._most:
            return Refusal("busy", BUSY_FOR_S)
        if self._running.get(sender, 0) >= MOST_PER_SESSION:
            return Refusal("too_fast", BUSY_FOR_S)
        return None

    @contextmanager
    def turn(self, sender: str) -> Iterator[None]:
        """Counts a turn while it is answered."""
        self._running[sender] = self._running.get(sender, 0) + 1
        try:
            yield
        finally:
            self._running[sender] -= 1
            if not self._running[sender]:
                del self._running[sender]


def is_forwarded(headers: Headers) -> bool:
    """Whether a proxy handed this request on, known by any header that one writes."""
    return any(name in _FORWARDED or name.startswith(b"x-forwarded-") for name, _ in headers.raw)


def client_address(peer: str, headers: Headers, trusted: Sequence[Network]) -> str | None:
    """Whose limit counts: the nearest address that is no proxy of ours. None for programs on this machine.

    IPv6 customers own whole networks, so the first 64 bits count. What cannot be read as an address counts as the proxy
    that passed it on, so that nobody gets a limit of their own by making one up.

    Args:
        headers: of the request; one that comes in several lines counts as one.
    """
    if peer in LOOPBACK and not is_forwarded(headers):
        return None
    address = _read_address(peer)
    hops = ",".join(headers.getlist("x-forwarded-for")).split(",")
    while hops and _is_trusted(address, trusted):
        hop = hops.pop()
        if not hop.strip():
            continue
        found = _read_address(hop)
        if found is None:
            break
        address = found
    return _network_of(address) if address else peer[:64]


def network_of(peer: str) -> str:
    """Whose lines are counted together: an address, or the first 64 bits of one."""
    address = _read_address(peer)
    return _network_of(address) if address else peer[:64]


def is_trusted(peer: str, trusted: Sequence[Network]) -> bool:
    """Whether an address is that of a proxy of ours."""
    return _is_trusted(_read_address(peer), trusted)


def _read_address(text: str) -> Address | None:
    """An address in whatever form proxies write it: with a port, in brackets or quotes, with leading zeros, mapped."""
    text = text.strip(' \t"')
    if v4 := _V4.fullmatch(text):
        text = _LEADING_ZEROS.sub("", v4[1])
    elif v6 := _V6.fullmatch(text):
        text = v6[1]
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def _is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def _network_of(address: Address) -> str:
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)
