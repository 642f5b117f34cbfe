"""Whether the clinic is open, at its own time and with its own holidays."""

from datetime import datetime, timezone

import pytest

from spineline.content.opening import is_open

PHONE = "+15205550142"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("opening", "zone", "utc", "expected"),
    [
        ("Mo-Fr 08:00-17:00", "America/Phoenix", "2026-11-24T19:00", True),
        ("Mo-Fr 08:00-17:00", "America/Phoenix", "2026-11-24T06:00", False),
        ("Mo-Fr 08:00-17:00", "America/New_York", "2026-11-24T22:30", False),
        ("Mo-Fr 08:00-17:00", "America/Los_Angeles", "2026-11-24T22:30", True),
        ("Mo-Fr 08:00-17:00", "America/Phoenix", "2026-11-22T19:00", False),
        ("Mo-Fr 08:00-17:00; PH off", "America/Phoenix", "2026-11-26T19:00", False),
        ("Mo-Fr 08:00-12:00,13:00-17:00", "America/Phoenix", "2026-11-24T19:30", False),
        ("24/7", "America/Phoenix", "2026-11-22T06:00", True),
        ("Mo-Fr 08:00-17:00 unknown", "America/Phoenix", "2026-11-24T19:00", None),
        (None, "America/Phoenix", "2026-11-24T19:00", None),
    ],
    ids=[
        "at noon",
        "at night",
        "evening in the east",
        "afternoon in the west",
        "on Sunday",
        "on Thanksgiving",
        "in the lunch break",
        "always",
        "on call",
        "not told",
    ],
)
def test_the_clinic_is_open_by_its_own_clock(opening: str | None, zone: str, utc: str, expected: bool | None) -> None:
    assert is_open(opening, zone, PHONE, at(utc)) is expected


@pytest.mark.parametrize(("utc", "expected"), [("2026-07-06T12:30", True), ("2026-12-07T12:30", False)])
def test_summer_time_counts(utc: str, expected: bool) -> None:
    assert is_open("Mo-Fr 08:00-17:00", "America/New_York", PHONE, at(utc)) is expected
