"""Who the assistant speaks for: the clinic's profile, clinics/<clinic>/clinic.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spineline.content.opening import read_opening
from spineline.errors import ContentError
from spineline.text.schemas import read_checked, shown
from spineline.text.yaml_file import did_you_mean

UNKNOWN = "unknown"
LANGUAGES = ("en", "es")
Both = Mapping[str, str]  # one text in each language: {"en": ..., "es": ...}


@dataclass(frozen=True)
class Numbers:
    """Who helps in an emergency, as shown to people: ambulance, crisis line, poison line, relay for deaf callers."""

    emergency: str
    crisis: str
    poison: str
    relay: str


@dataclass(frozen=True)
class Clinic:
    """One clinic. Fields that the clinic did not fill in are None and are never guessed.

    Args:
        phone: as shown to people, "310-555-0100".
        phone_e164: as dialled, "+13105550100".
        desk: what the front desk is asked, by name; only what the clinic knows.
        opening: the hours as a program reads them, "Mo-Fr 08:00-17:00"; `hours` is what people are told.
    """

    id: str
    name: str
    doctor: str
    phone: str
    phone_e164: str
    numbers: Numbers
    time_zone: str
    languages: tuple[str, ...]
    doctor_about: Both | None = None
    treatments: Both | None = None
    hours: Both | None = None
    address: Both | None = None
    insurance: Both | None = None
    website: Both | None = None
    opening: str | None = None
    desk: Mapping[str, Both] = field(default_factory=dict)

    @property
    def initial(self) -> str:
        """The letter that stands for the clinic where there is no logo."""
        return self.name.removeprefix("The ")[0]

    @property
    def texts(self) -> Mapping[str, Both]:
        """The sentences that the clinic wrote itself, by field."""
        names = ("treatments", "hours", "address", "insurance", "website")
        desk = {f"desk.{name}": text for name, text in self.desk.items()}
        told = {"doctor.about": self.doctor_about, **{name: getattr(self, name) for name in names}, **desk}
        return {name: text for name, text in told.items() if text}

    def told(self, about: str) -> Both | None:
        """What the clinic says about "hours", "doctor", "parking" ...; None when it does not."""
        if about == "doctor":
            return self.doctor_about
        return self.desk.get(about) or getattr(self, about, None)

    @property
    def phone_link(self) -> str:
        """Tap-to-call address."""
        return f"tel:{self.phone_e164}"


def load_clinic(folder: Path) -> Clinic:
    """Read clinics/<clinic>/clinic.yml; ContentError lists everything that is wrong in it."""
    path = folder / "clinic.yml"
    if not folder.is_dir():
        known = [p.name for p in folder.parent.glob("*") if p.is_dir()]
        hint = did_you_mean(folder.name, known)
        raise ContentError([f"CLINIC={folder.name}: there is no folder {folder}.{hint} Profiles: {', '.join(known)}."])
    data = read_checked(path, "clinic")
    problems = [f"{shown(path)}: {problem}" for problem in _opening_problems(data)]
    if problems:
        raise ContentError(problems)
    return Clinic(
        id=folder.name,
        name=data["name"],
        doctor=data["doctor"]["name"],
        phone=data["phone"]["shown"],
        phone_e164=data["phone"]["e164"],
        numbers=Numbers(**data["numbers"]),
        time_zone=data["time_zone"],
        languages=tuple(data["languages"]),
        doctor_about=_both(data["doctor"].get("about", UNKNOWN)),
        opening=None if data.get("opening", UNKNOWN) == UNKNOWN else data["opening"],
        desk={name: text for name, value in data.get("desk", {}).items() if (text := _both(value))},
        **{name: _both(data[name]) for name in ("treatments", "hours", "address", "insurance", "website")},
    )


def _both(value: Any) -> Both | None:
    if value == UNKNOWN:
        return None
    return value if isinstance(value, dict) else {language: str(value) for language in LANGUAGES}


def _opening_problems(data: Mapping[str, Any]) -> list[str]:
    """What no schema can tell about the hours that a program reads."""
    opening = data.get("opening", UNKNOWN)
    if opening == UNKNOWN:
        return []
    if data["hours"] == UNKNOWN:
        return ["opening is given but hours is unknown. Write hours too: that is what callers hear."]
    try:
        read_opening(opening, data["time_zone"], data["phone"]["e164"])
    except ContentError as error:
        return list(error.problems)
    return []
