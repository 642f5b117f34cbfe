"""Names for people that only this server can make: a telephone number or account never becomes a sender's id."""

from __future__ import annotations

import hashlib
import hmac

_LENGTH = 32


class Pseudonyms:
    """Keyed with the server's secret; the same person of the same channel always gets the same name."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, channel: str, address: str) -> str:
        """The sender of a channel's address, "sms:5f2c…"; another channel's sender of that address is another one."""
        digest = hmac.new(self._secret, f"{channel}\n{address}".encode(), hashlib.sha256).hexdigest()
        return f"{channel}:{digest[:_LENGTH]}"
