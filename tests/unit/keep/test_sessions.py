from __future__ import annotations

import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from spineline.keep.sessions import LASTS, SessionError, Sessions, read_secret

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)
WEB = Sessions(b"secret", "web")


def test_a_signed_session_is_read_back() -> None:
    session = WEB.begin(NOW)
    assert WEB.read(WEB.sign(session), NOW) == session


def test_an_id_has_128_random_bits() -> None:
    first, second = WEB.begin(NOW).id, WEB.begin(NOW).id
    assert len(bytes.fromhex(first)) == 16
    assert first != second


def test_the_time_of_consent_is_in_the_session() -> None:
    assert WEB.begin(NOW).consented == NOW


@pytest.mark.parametrize("forged", ["", "abc", "WyJhIl0.x", None, 7, {"id": "a"}])
def test_what_we_did_not_sign_is_refused(forged: object) -> None:
    with pytest.raises(SessionError):
        WEB.read(forged, NOW)


def test_a_changed_session_is_refused() -> None:
    signed = WEB.sign(WEB.begin(NOW))
    other = WEB.sign(WEB.begin(NOW))
    with pytest.raises(SessionError):
        WEB.read(signed.split(".")[0] + "." + other.split(".")[1], NOW)


def test_a_session_of_another_channel_is_refused() -> None:
    telegram = Sessions(b"secret", "telegram")
    with pytest.raises(SessionError):
        WEB.read(telegram.sign(telegram.begin(NOW)), NOW)


def test_a_session_of_another_secret_is_refused() -> None:
    other = Sessions(b"other", "web")
    with pytest.raises(SessionError):
        WEB.read(other.sign(other.begin(NOW)), NOW)


def test_an_unused_session_lapses_and_a_used_one_lasts() -> None:
    session = WEB.begin(NOW)
    later = NOW + LASTS - timedelta(minutes=1)
    renewed = WEB.read(WEB.sign(session), later).renewed(later)
    with pytest.raises(SessionError, match="over"):
        WEB.read(WEB.sign(session), NOW + LASTS + timedelta(minutes=1))
    assert WEB.read(WEB.sign(renewed), later + LASTS).id == session.id


def test_the_given_secret_is_taken(tmp_path: Path) -> None:
    assert read_secret("given", tmp_path) == b"given"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = read_secret("", tmp_path / "var")
    path = tmp_path / "var" / "secret"
    assert len(first) == 64
    assert read_secret("", tmp_path / "var") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
