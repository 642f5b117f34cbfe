"""How much one conversation, one address and everybody together may ask; and who an address is."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers

from spineline.dialogue.intake import LONGEST_READ
from spineline.settings import LOOPBACK, Network, Settings
from spineline.turns.rate import Rate, Refusal

MOST_PER_SESSION = 5  # turns of one conversation at a time
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


class Limits:
    """Everything that can refuse a message before it costs much.

    Args:
        clock: seconds that only ever go forward.
        secret: addresses are known by digests keyed with it; one of this process unless given.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic, secret: bytes = b"") -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._sessions = Rate(settings.rate_per_session, clock, "session")
        self._addresses = Rate(settings.rate_per_address, clock, "address")
        self.rates = (self._sessions, self._addresses)
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
        return self._sessions.refuse(sender, cost) or self.refuse_address(cost) or self._refuse_now(sender)

    def refuse_address(self, cost: int = 1) -> Refusal | None:
        """The same for requests that are not messages, such as beginning a session."""
        address = address_of_request.get()
        return self._addresses.refuse(self._digest(address), cost) if address else None

    def _digest(self, address: str) -> str:
        return hmac.digest(self._secret, f"address of a limit: {address}".encode(), "sha256").hex()[:32]

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
