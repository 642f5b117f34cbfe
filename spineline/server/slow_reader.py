"""A line is cut when its other side does not read what is sent."""

from __future__ import annotations

import asyncio


class SlowReader(asyncio.Protocol):
    """What a protocol of uvicorn, named behind this one, gains: `slowest_reader_s` for what was sent to be read."""

    slowest_reader_s = 10.0
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _unread: asyncio.TimerHandle | None = None  # runs while the other side does not read

    def pause_writing(self) -> None:
        """See Protocol."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.slowest_reader_s, self.transport.abort)

    def resume_writing(self) -> None:
        """See Protocol."""
        super().resume_writing()
        if self._unread:
            self._unread.cancel()
            self._unread = None
