"""Refuses requests whose length can be read in more than one way, before Sanic 21.12 acts on them.

It takes whatever `int` takes for a length, and reads a negative one for ever: one such request would stop the server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanic.exceptions import InvalidUsage
from sanic.http import Http
from sanic.server.protocols.websocket_protocol import WebSocketProtocol

_LENGTH = re.compile(r"[0-9]{1,15}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]*)?")
_LONGEST_CHUNK_LINE = 64


def framing_problem(head: bytes) -> str | None:
    """What is wrong with how a request says where its body ends; None when it says it in one plain way."""
    lengths, encodings = list[str](), list[str]()
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or "\n" in line or "\r" in line:
            return "A header line is not 'Name: value'."
        if name.lower() == "content-length":
            lengths.append(value.strip(" \t"))
        elif name.lower() == "transfer-encoding":
            encodings.append(value.strip(" \t"))
    return _body_problem(lengths, encodings)


def _body_problem(lengths: Sequence[str], encodings: Sequence[str]) -> str | None:
    if len(lengths) + len(encodings) > 1:
        return "Send one Content-Length or one Transfer-Encoding, not several."
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        return "Content-Length must be a plain number of bytes."
    if encodings and encodings[0] != "chunked":
        return "The only Transfer-Encoding that is read is 'chunked'."
    return None


class StrictHttp(Http):
    """Sanic's reader, after a look at the header and at the size of each chunk."""

    async def http1_request_header(self) -> None:
        """See Http."""
        buffer = self.recv_buffer
        while (end := buffer.find(b"\r\n\r\n")) < 0 and len(buffer) < self.HEADER_MAX_SIZE:
            await self._receive_more()
        problem = framing_problem(bytes(buffer[:end])) if end >= 0 else None
        if problem:
            raise InvalidUsage(problem)
        await super().http1_request_header()

    async def read(self) -> bytes | None:
        """See Http."""
        if self.request_body == "chunked" and not self.request_bytes_left:
            await self._check_chunk()
        data: bytes | None = await super().read()
        return data

    async def _check_chunk(self) -> None:
        """The buffer begins with the line end before the size."""
        buffer = self.recv_buffer
        while (end := buffer.find(b"\r\n", 2)) < 0 and len(buffer) <= _LONGEST_CHUNK_LINE:
            await self._receive_more()
        if not buffer.startswith(b"\r\n") or end < 0 or not _CHUNK_SIZE.fullmatch(bytes(buffer[2:end])):
            self.keep_alive, self.request_body = False, None
            raise InvalidUsage("A chunk must begin with its size in hexadecimal digits.")


class StrictProtocol(WebSocketProtocol):
    """Give this to Sanic's `run` or `create_server` as `protocol`."""

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = StrictHttp(self)
