"""Chat sessions of the website: ids that only the server can make, signed, for one channel, until they lapse."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

from spineline.errors import SpinelineError

ID_BYTES = 16
LASTS = timedelta(hours=24)


class SessionError(SpinelineError):
    """A session that is not ours, not for this channel, or over."""


@dataclass(frozen=True)
class Session:
    """One person's chat in one browser tab.

    Args:
        id: 128 random bits as hex; never leaves the server unsigned.
        consented: when the person pressed Start.
        seen: when the session was last renewed; it lapses `LASTS` later.
    """

    id: str
    consented: datetime
    seen: datetime

    def renewed(self, now: datetime) -> Session:
        """The same session, good for `LASTS` from now."""
        return replace(self, seen=now)


class Sessions:
    """Makes and reads the signed text that stands for a session."""

    def __init__(self, secret: bytes, channel: str) -> None:
        self._signer = URLSafeSerializer(secret, salt=f"spineline.session.{channel}")

    def begin(self, now: datetime) -> Session:
        """A new session of somebody who has just agreed to the notice."""
        return Session(secrets.token_hex(ID_BYTES), consented=now, seen=now)

    def sign(self, session: Session) -> str:
        """The text that the browser keeps."""
        times = (int(session.consented.timestamp()), int(session.seen.timestamp()))
        return str(self._signer.dumps([session.id, *times]))

    def read(self, signed: object, now: datetime) -> Session:
        """The session behind a signed text; SessionError when it is not good."""
        try:
            session_id, consented, seen = self._signer.loads(str(signed))
        except (BadSignature, ValueError):
            raise SessionError("This is not a session of this server. Begin a new one.") from None
        session = Session(session_id, _time(consented), _time(seen))
        if now - session.seen > LASTS:
            raise SessionError("This session is over. Begin a new one.")
        return session


def read_secret(given: str, data_dir: Path) -> bytes:
    """SECRET_KEY, else a key made once and kept in DATA_DIR/secret that only this user can read."""
    if given:
        return given.encode()
    path = data_dir / "secret"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
