"""One line that speaks HTTP: llhttp reads it strictly, and nobody may hold it up by being slow, large or unclear."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from spineline.channels.http import MOST_BYTES
from spineline.server.guard import error_body
from spineline.server.lines import Lines
from spineline.server.slow_reader import SlowReader

SLOWEST_REQUEST_S = 10.0  # for all of a request to arrive, however it trickles in
MOST_HEAD_BYTES = 16_384
MOST_RAW_BYTES = 10 * MOST_BYTES  # of a body with the sizes of its chunks, and whatever stands beside them
MOST_WAITING = 8  # requests that were sent before the first one was answered
_LINGERS_S = 2.0  # after a refusal, so that it arrives


class _RefusedError(Exception):
    """Ends the reading of a request."""


class HttpLine(SlowReader, HttpToolsProtocol):
    """uvicorn's reader with limits; whatever is refused is told why before the line is closed."""

    slowest_reader_s = 30.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lines = cast(Lines, self.server_state)
        self._clock: asyncio.TimerHandle | None = None  # runs while a request arrives
        self._refusal: tuple[int, str] | None = None
        self._answered: RequestResponseCycle | None = None  # the request that is being answered; `cycle` is the last
        self._is_in_head, self._received, self._body = True, 0, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See Protocol."""
        super().connection_made(transport)
        self._clock = self.loop.call_later(SLOWEST_REQUEST_S, self._too_slow)
        if not self._lines.enter(self._peer):
            self._refuse(429, "Too many connections are open from this address.")

    def connection_lost(self, exc: Exception | None) -> None:
        """See Protocol."""
        self._lines.leave(self._peer)
        self._stop_clock()
        self.resume_writing()
        super().connection_lost(exc)

    @property
    def _peer(self) -> str:
        return self.client[0] if self.client else ""

    def data_received(self, data: bytes) -> None:
        """See Protocol."""
        if self._refusal:
            return
        self._unset_keepalive_if_required()
        self._clock = self._clock or self.loop.call_later(SLOWEST_REQUEST_S, self._too_slow)
        self._received += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._upgrade()
        except httptools.HttpParserError as error:
            self._refuse(*self._refusal_of(error))
        else:
            self._check_size()

    def _upgrade(self) -> None:
        if not self._should_upgrade() or self.scope["method"] != "GET":
            self._refuse(400, "The only upgrade is to a websocket, with GET.")
        elif self._values_of(b"sec-websocket-version") != [b"13"]:
            self._refuse(426, "Send Sec-WebSocket-Version: 13.")
        elif [len(key) for key in self._values_of(b"sec-websocket-key")] != [24]:
            self._refuse(400, "Send one Sec-WebSocket-Key, 16 bytes in base64.")
        else:
            self._stop_clock()
            self.handle_websocket_upgrade()

    def _refusal_of(self, error: httptools.HttpParserError) -> tuple[int, str]:
        if isinstance(error.__context__, _RefusedError):
            status, reason = error.__context__.args
            return status, reason
        return 400, f"This is no plain HTTP/1.1: {error.args[0] if error.args else 'it cannot be read'}."

    def _check_size(self) -> None:
        if self._is_in_head and self._received > MOST_HEAD_BYTES:
            self._refuse(431, f"Send at most {MOST_HEAD_BYTES} bytes of headers.")
        elif self._received > MOST_RAW_BYTES:
            self._refuse(413, f"Send at most {MOST_BYTES} bytes.")

    def on_message_begin(self) -> None:
        """See httptools."""
        super().on_message_begin()
        self._clock = self._clock or self.loop.call_later(SLOWEST_REQUEST_S, self._too_slow)
        self._is_in_head, self._body = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools. What comes behind the body as a header is none: nothing of it was judged."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._check_head()
        self._is_in_head = False
        super().on_headers_complete()
        if len(self.pipeline) > MOST_WAITING:
            raise _RefusedError(400, "Wait for an answer before you send more requests.")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _check_head(self) -> None:
        """What llhttp lets through and cannot be read in one way only."""
        version, size, hosts = self.parser.get_http_version(), len(self.url), 0
        if version not in ("1.0", "1.1"):
            raise _RefusedError(505, "Speak HTTP/1.1.")
        for name, value in self.headers:
            size += len(name) + len(value) + 4
            if name == b"host":
                hosts += 1
            elif name == b"transfer-encoding" and value.lower() != b"chunked":
                raise _RefusedError(400, "The only Transfer-Encoding that is read is 'chunked'.")
            elif name == b"content-length" and int(value) > MOST_BYTES:
                raise _RefusedError(413, f"Send at most {MOST_BYTES} bytes.")
        if size > MOST_HEAD_BYTES:
            raise _RefusedError(431, f"Send at most {MOST_HEAD_BYTES} bytes of headers.")
        if hosts > 1 or (version == "1.1" and not hosts):
            raise _RefusedError(400, "Send one Host header.")

    def _values_of(self, wanted: bytes) -> list[bytes]:
        return [value.lower() for name, value in self.headers if name == wanted]

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        self._body += len(body)
        if self._body > MOST_BYTES:
            raise _RefusedError(413, f"Send at most {MOST_BYTES} bytes.")
        super().on_body(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._stop_clock()
        self._received = 0
        super().on_message_complete()

    def _too_slow(self) -> None:
        self._clock = None
        if self.flow.read_paused:  # it waits for us
            self._clock = self.loop.call_later(SLOWEST_REQUEST_S, self._too_slow)
        elif not self._received:
            self.transport.close()
        else:
            self._refuse(408, f"A request must arrive within {SLOWEST_REQUEST_S:g} seconds.")

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, status: int, reason: str) -> None:
        """Say why, and close the line once that has had time to arrive. What is still being answered is given up."""
        self._refusal = (status, reason)
        self._stop_clock()
        self.pipeline.clear()
        for cycle in (self._answered, self.cycle):
            if cycle and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        body = json.dumps(error_body(status, reason)).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(_LINGERS_S, self.transport.abort)

    def shutdown(self) -> None:
        """See Protocol."""
        if self._refusal:
            self.transport.abort()
        else:
            super().shutdown()
