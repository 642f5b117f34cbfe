"""A clinic's profile: read whole or refused with everything that is wrong in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.content.clinic import Clinic, load_clinic
from spineline.errors import ContentError

PROFILE: dict[str, Any] = {
    "name": "Test Back Care",
    "doctor": {"name": "Ada Moss, MD"},
    "phone": {"e164": "+17755550100", "shown": "775-555-0100"},
    "numbers": {"emergency": "911", "crisis": "988", "poison": "1-800-222-1222", "relay": "711"},
    "time_zone": "America/Los_Angeles",
    "languages": ["en", "es"],
    "treatments": "unknown",
    "hours": {"en": "9 to 5", "es": "de 9 a 5"},
    "address": "1 Test Street",
    "insurance": "unknown",
    "website": "unknown",
}


def loaded(folder: Path, **changes: Any) -> Clinic:
    """The clinic of the profile with these fields changed; None takes a field away."""
    profile = {name: value for name, value in {**PROFILE, **changes}.items() if value is not None}
    clinic = folder / "test_clinic"
    clinic.mkdir()
    (clinic / "clinic.yml").write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    return load_clinic(clinic)


def test_a_whole_profile_is_read(tmp_path: Path) -> None:
    clinic = loaded(tmp_path)
    assert (clinic.id, clinic.name, clinic.doctor) == ("test_clinic", "Test Back Care", "Ada Moss, MD")


def test_the_phone_can_be_tapped(tmp_path: Path) -> None:
    assert loaded(tmp_path).phone_link == "tel:+17755550100"


def test_unknown_stays_unknown(tmp_path: Path) -> None:
    clinic = loaded(tmp_path)
    assert (clinic.insurance, clinic.treatments, clinic.doctor_about) == (None, None, None)


def test_one_text_serves_both_languages(tmp_path: Path) -> None:
    assert loaded(tmp_path).address == {"en": "1 Test Street", "es": "1 Test Street"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hours": None}, "'hours' is missing. Add it. The opening hours as people read them"),
        ({"fone": "1"}, "'fone' is not known here. Did you mean 'phone'?"),
        (
            {"phone": {"e164": "310-555-0100", "shown": "310-555-0100"}},
            "phone.e164: '310-555-0100' cannot be used. Write",
        ),
        ({"phone": {"e164": "+13105550100"}}, "phone: 'shown' is missing"),
        ({"phone": "310-555-0100"}, "phone: '310-555-0100' stands here; expected fields such as e164, shown"),
        ({"doctor": {}}, "doctor: 'name' is missing. Add it. The person to ask for"),
        ({"languages": ["en"]}, "languages: at least 2 must stand here"),
        ({"hours": {"en": "9 to 5"}}, "hours: no Spanish text ('es')"),
        ({"numbers": None}, "'numbers' is missing. Add it. Who helps in an emergency"),
        ({"numbers": {"emergency": "911", "crisis": "988", "poison": "1-800-222-1222"}}, "numbers: 'relay' is missing"),
        (
            {"numbers": {"emergency": "112", "crisis": "988", "poison": "1-800-222-1222", "relay": "711"}},
            "numbers.emergency",
        ),
        ({"languages": 5}, "languages: '5' stands here; expected a list. Write [en, es]"),
    ],
    ids=[
        "missing field",
        "mistyped field",
        "phone not dialable",
        "phone without its shown form",
        "phone as text",
        "doctor without name",
        "one language",
        "hours in one language",
        "no emergency numbers",
        "no relay",
        "a number that the texts do not name",
        "languages as number",
    ],
)
def test_what_is_wrong_is_said_with_the_file(changes: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, **changes)
    assert problem in str(caught.value)
    assert "clinic.yml: " in str(caught.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, hours=None, doctor={}, fone="1")
    assert len(caught.value.problems) == 3


def test_an_unknown_clinic_is_met_with_those_there_are(root: Path) -> None:
    with pytest.raises(ContentError, match=r"CLINIC=exampel: .*Did you mean 'example'\? Profiles: .*spine_institute"):
        load_clinic(root / "clinics" / "exampel")


def test_an_empty_profile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clinic.yml").write_text("", encoding="utf-8")
    with pytest.raises(ContentError, match=r"Copy clinics/example/clinic\.yml"):
        load_clinic(tmp_path)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"opening": "9 to 5"}, "opening '9 to 5' cannot be read. Write it like \"Mo-Fr 08:00-17:00; PH off\""),
        ({"opening": 5}, "opening: '5' stands here; expected text. The hours as a program reads them"),
        ({"opening": "Mo-Fr 08:00-17:00", "hours": "unknown"}, "hours is unknown. Write hours too"),
        ({"opening": "Mo-Fr 08:00-17:00", "time_zone": "Mars/Olympus"}, "time_zone 'Mars/Olympus' is not known"),
    ],
    ids=["not opening hours", "a number", "hours that nobody is told", "no such time zone"],
)
def test_opening_hours_that_cannot_be_used_are_refused(changes: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, **changes)
    assert problem in str(caught.value)
    assert "clinic.yml: " in str(caught.value)


@pytest.mark.parametrize("opening", ["unknown", None])
def test_opening_hours_may_be_left_out(opening: str | None, tmp_path: Path) -> None:
    assert loaded(tmp_path, opening=opening).opening is None
