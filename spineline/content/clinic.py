"""Who the assistant speaks for: the clinic's profile, clinics/<clinic>/clinic.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.content.opening import read_opening
from spineline.errors import ContentError
from spineline.text.yaml_file import did_you_mean, read_yaml

UNKNOWN = "unknown"
LANGUAGES = ("en", "es")
Both = Mapping[str, str]  # one text in each language: {"en": ..., "es": ...}

_FIELDS = ("name", "city", "doctor", "phone", "time_zone", "languages", "treatments", "hours", "address", "insurance")
_ALL_FIELDS = (*_FIELDS, "website")
_OPTIONAL = ("opening",)
_E164 = re.compile(r"^\+[1-9]\d{7,14}$")


@dataclass(frozen=True)
class Clinic:
    """One clinic. Fields that the clinic did not fill in are None and are never guessed.

    Args:
        phone: as shown to people, "310-555-0100".
        phone_e164: as dialled, "+13105550100".
        opening: the hours as a program reads them, "Mo-Fr 08:00-17:00"; `hours` is what people are told.
    """

    id: str
    name: str
    city: str
    doctor: str
    phone: str
    phone_e164: str
    time_zone: str
    languages: tuple[str, ...]
    doctor_about: Both | None = None
    treatments: Both | None = None
    hours: Both | None = None
    address: Both | None = None
    insurance: Both | None = None
    website: Both | None = None
    opening: str | None = None

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
    data = read_yaml(path)
    problems = _problems(path, data)
    if problems:
        raise ContentError(problems)
    return Clinic(
        id=folder.name,
        name=data["name"],
        city=data["city"],
        doctor=data["doctor"]["name"],
        phone=data["phone"]["shown"],
        phone_e164=data["phone"]["e164"],
        time_zone=data["time_zone"],
        languages=tuple(data["languages"]),
        doctor_about=_both(data["doctor"].get("about", UNKNOWN)),
        opening=None if data.get("opening", UNKNOWN) == UNKNOWN else data["opening"],
        **{field: _both(data[field]) for field in ("treatments", "hours", "address", "insurance", "website")},
    )


def _both(value: Any) -> Both | None:
    if value == UNKNOWN:
        return None
    return value if isinstance(value, dict) else {language: str(value) for language in LANGUAGES}


def _problems(path: Path, data: Any) -> list[str]:
    if not isinstance(data, dict):
        return [f"{path}: expected fields such as name, doctor, phone. Copy clinics/example/clinic.yml and fill it in."]
    missing = [f"{path}: '{f}' is missing. Add it, or '{f}: unknown'." for f in _ALL_FIELDS if f not in data]
    known = (*_ALL_FIELDS, *_OPTIONAL)
    extra = [f"{path}: '{f}' is not a field.{did_you_mean(f, known)}" for f in data if f not in known]
    found = [*missing, *extra, *_wrong_values(path, data)]
    return found or [f"{path}: {problem}" for problem in _opening_problems(data)]


def _opening_problems(data: Mapping[str, Any]) -> list[str]:
    """What is wrong with the hours that a program reads; looked for when all else is right."""
    opening = data.get("opening", UNKNOWN)
    if opening == UNKNOWN:
        return []
    if data["hours"] == UNKNOWN:
        return ["opening is given but hours is unknown. Write hours too: that is what callers hear."]
    try:
        read_opening(str(opening), str(data["time_zone"]), data["phone"]["e164"])
    except ContentError as error:
        return list(error.problems)
    return []


def _wrong_values(path: Path, data: Mapping[str, Any]) -> list[str]:
    found = []
    phone, doctor = data.get("phone"), data.get("doctor")
    if not isinstance(phone, dict) or not _E164.match(str(phone.get("e164"))) or not phone.get("shown"):
        found.append(f'{path}: phone must be {{e164: "+13105550100", shown: 310-555-0100}}.')
    if not isinstance(doctor, dict) or not doctor.get("name"):
        found.append(f"{path}: doctor must have a name, e.g. {{name: Dr. Ana Ruiz}}.")
    if data.get("languages") != list(LANGUAGES):
        found.append(f"{path}: languages must be [en, es]: these are the languages of content/.")
    for field in ("treatments", "hours", "address", "insurance"):
        value = data.get(field)
        if isinstance(value, dict) and not all(value.get(language) for language in LANGUAGES):
            found.append(f"{path}: {field} lacks a text in en or es. Write both, or '{field}: unknown'.")
    return found
