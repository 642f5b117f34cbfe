"""One line that is a websocket: it may not bring more frames than anybody types, nor be read or written too slowly."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from uvicorn.server import ServerState
from wsproto import events
from wsproto.connection import ConnectionState

from spineline.server.lines import Lines
from spineline.server.slow_reader import SlowReader

SLOWEST_MESSAGE_S = 10.0  # for all parts of one message to arrive
FRAMES_AT_ONCE = 100
FRAMES_PER_S = 20.0
_SLICE = 4096  # bytes that are read before the frames in them are counted
_POLICY, _TOO_LARGE = 1008, 1009
_LINGERS_S = 2.0  # after a refusal, so that it arrives


class SocketLine(SlowReader, WSProtocol):
    """uvicorn's websocket with limits. uvicorn itself reads on only when a message was taken."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._state = server_state
        self._frames, self._counted_at = float(FRAMES_AT_ONCE), self.loop.time()
        self._clock: asyncio.TimerHandle | None = None  # runs while parts of a message are missing
        self._is_refused = False

    def connection_lost(self, exc: Exception | None) -> None:
        """See Protocol."""
        if isinstance(self._state, Lines):
            self._state.leave(self.client[0] if self.client else "")
        self._stop_clock()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See Protocol."""
        for at in range(0, len(data), _SLICE):
            if self._is_refused:
                return
            super().data_received(data[at : at + _SLICE])
        if self.buffer.value is None:
            self._stop_clock()
        else:
            self._clock = self._clock or self.loop.call_later(SLOWEST_MESSAGE_S, self._too_slow)

    def handle_message(self, event: events.TextMessage | events.BytesMessage) -> None:
        """See WSProtocol."""
        size = len(event.data.encode() if isinstance(event.data, str) else event.data)
        if self.buffer.length + size > self.config.ws_max_size:
            self._refuse(f"Send at most {self.config.ws_max_size} bytes.", _TOO_LARGE)
        elif not event.frame_finished or self._is_counted():
            super().handle_message(event)

    def handle_close(self, event: events.CloseConnection) -> None:
        """See WSProtocol. A line that is still open was not closed by the other side: its frames cannot be read."""
        if self.conn.state is ConnectionState.OPEN:
            self._refuse(event.reason or "This is no frame.", event.code)
        else:
            super().handle_close(event)

    def handle_ping(self, event: events.Ping) -> None:
        """See WSProtocol."""
        if self._is_counted():
            super().handle_ping(event)

    def handle_pong(self, event: events.Pong) -> None:
        """See WSProtocol."""
        if self._is_counted():
            super().handle_pong(event)

    def _is_counted(self) -> bool:
        """Count a frame; False when it is one too many."""
        now = self.loop.time()
        self._frames = min(self._frames + (now - self._counted_at) * FRAMES_PER_S, FRAMES_AT_ONCE) - 1
        self._counted_at = now
        if self._frames < 0:
            self._refuse("Too many frames.")
        return self._frames >= 0

    def _too_slow(self) -> None:
        self._clock = None
        if self.read_paused:  # it waits for us
            self._clock = self.loop.call_later(SLOWEST_MESSAGE_S, self._too_slow)
        else:
            self._refuse(f"A message must arrive within {SLOWEST_MESSAGE_S:g} seconds.")

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, reason: str, code: int = _POLICY) -> None:
        """Say why, and close the line once that has had time to arrive."""
        if self.close_sent or self.transport.is_closing():
            return
        self._is_refused = self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(self.conn.send(events.CloseConnection(code=code, reason=reason)))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_LINGERS_S, self.transport.close)
