"""Whether the clinic is open now: `opening` of its profile, written as OpenStreetMap writes opening hours."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from opening_hours import OpeningHours, validate

from spineline.errors import ContentError

EXAMPLE = "Mo-Fr 08:00-17:00; PH off"


@lru_cache(maxsize=8)
def read_opening(opening: str, time_zone: str, phone_e164: str) -> OpeningHours:
    """Read opening hours; ContentError says why they cannot be read.

    Public holidays ("PH") are those of the country of the phone number.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, OSError, ValueError):
        raise ContentError([f"time_zone '{time_zone}' is not known. Write one like America/Los_Angeles."]) from None
    if not validate(opening):
        raise ContentError([f"opening '{opening}' cannot be read. Write it like \"{EXAMPLE}\", or unknown."])
    return OpeningHours(opening, timezone=zone, country=_country(phone_e164))


def is_open(opening: str | None, time_zone: str, phone_e164: str, now: datetime) -> bool | None:
    """Whether it is open at `now` (with a time zone); None when the clinic did not say."""
    if opening is None:
        return None
    hours, local = read_opening(opening, time_zone, phone_e164), now.astimezone(ZoneInfo(time_zone))
    return None if hours.is_unknown(local) else hours.is_open(local)


def _country(phone_e164: str) -> str | None:
    number = phonenumbers.parse(phone_e164)
    return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
