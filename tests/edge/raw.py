"""Requests and frames that were plain, with a few bytes changed: nothing hangs, and nothing fails inside."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import httptools
from hypothesis import given
from hypothesis.strategies import DrawFn, binary, composite, integers, lists, sampled_from

from tests.edge.served import WAITS_S, Served

BODY = json.dumps({"sender": "anna", "message": "hello"})
REQUESTS = (
    f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}",
    f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"5\r\n{BODY[:5]}\r\n{len(BODY) - 5:x};a=b\r\n{BODY[5:]}\r\n0\r\nX-Trailer: a\r\n\r\n",
    "GET /?lang=es HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: es\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
    "GET /spineline.js HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n",
    "OPTIONS /webhooks/web/session HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n\r\n",
    "GET /webhooks/web/socket HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    "\x81\x82\x00\x00\x00\x00{}\x89\x80\x00\x00\x00\x00\x88\x82\x00\x00\x00\x00\x03\xe8",
)
PIECES = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"\t", b"\xff", b"\r\n\r\n", b"0\r\n\r\n", b"%00", b"%ff"),
    *(b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"Host: b\r\n", b"-"),
    *(b"Expect: 100-continue\r\n", b"Connection: Upgrade\r\nUpgrade: h2c\r\n", b"9" * 30, b"A" * 70_000, b"\x81"),
)
_UNEXPECTED = {status for status in range(500, 600) if status not in (503, 505)}


@composite
def requests(draw: DrawFn) -> list[bytes]:
    """Some requests on one line, changed in places, in as many pieces as the network likes."""
    raw = b"".join(part.encode("latin-1") for part in draw(lists(sampled_from(REQUESTS), min_size=1, max_size=3)))
    for _ in range(draw(integers(0, 4))):
        at, length = draw(integers(0, len(raw))), draw(integers(0, 12))
        raw = (
            raw[:at]
            + draw(sampled_from(PIECES) | binary(max_size=8) | sampled_from([raw[at : at + 40], b""]))
            + raw[at + length :]
        )
    cuts = sorted(draw(lists(integers(0, len(raw)), max_size=3)))
    return [raw[first:last] for first, last in zip([0, *cuts], [*cuts, len(raw)])]


class _Answers:
    """Reads answers, one after the other."""

    def __init__(self) -> None:
        self.statuses = list[int]()
        self._parser = httptools.HttpResponseParser(self)

    def on_headers_complete(self) -> None:
        self.statuses.append(self._parser.get_status_code())

    def read(self, raw: bytes) -> None:
        with suppress(httptools.HttpParserUpgrade):  # what follows are frames
            self._parser.feed_data(raw)


def tries(server: Served, seen: Counter[int]) -> Callable[[], None]:
    """A property for hypothesis: whatever comes over a line, it ends, and every answer is one.

    Args:
        seen: counts the answers by their status.
    """

    @given(parts=requests())
    def answered_or_refused(parts: list[bytes]) -> None:
        answers = _Answers()
        answers.read(_exchanged(server.port, parts))
        seen.update(answers.statuses)
        assert not _UNEXPECTED & set(answers.statuses), answers.statuses

    return answered_or_refused


def _exchanged(port: int, parts: list[bytes]) -> bytes:
    """All that the server says until it closes the line."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=WAITS_S) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(ConnectionResetError, BrokenPipeError):  # it was closed while we still spoke
            for part in parts:
                line.sendall(part)
            while new := line.recv(65_536):
                said += new
    return said
