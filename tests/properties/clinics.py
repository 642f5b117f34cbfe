"""Clinics with awkward profiles, each as valid as content/schemas/clinic.json and the check of a clinic want it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import reject
from hypothesis import strategies as st

from spineline.content.checks import problems_of
from spineline.content.clinic import UNKNOWN, load_clinic
from spineline.content.library import ROOT, Content
from spineline.errors import ContentError
from tests.properties.pools import content

_NAMES = [
    "Ñandú Spine & Sport",
    'The "Back" Clinic',
    "O'Brien's Back Room",
    "Clínica $alud: columna, S.A.",
    "50% off? #1 <b>Backs</b>",
    "脊椎クリニック",
    "مركز العمود الفقري",
    "🦴 Bones",
    "A" * 300,
    "- yes",
    "null",
    "$kept_days",
]
_PHONES = [
    ("+13105550100", "(310) 555-0100"),
    ("+13105550101", "+1 310 555 0101"),
    ("+525512345678", "55 1234 5678"),
    ("+4930123456", "030 / 12 34 56"),
    ("+18005550199", "1-800-BACKS"),
]
_SAID = [
    "{clinic.name}: {clinic.phone}",
    'say "ñ" & <go>',
    "a $100 fee",
    "línea una\nlínea dos",
    "🙂",
    "x" * 600,
    "50 %",
]
_OPENING = [{}, {"opening": UNKNOWN}, {"hours": "Monday to Friday", "opening": "Mo-Fr 08:00-17:00; PH off"}]
_FIELDS = ("treatments", "hours", "address", "insurance", "website")

_words = st.text(min_size=1, max_size=40).map(lambda text: text.replace("{", "(").replace("}", ")"))
_names = st.sampled_from(_NAMES) | _words
_told = (
    st.just(UNKNOWN)
    | st.sampled_from(_SAID)
    | st.fixed_dictionaries({"en": st.sampled_from(_SAID) | _words, "es": st.sampled_from(_SAID) | _words})
)


def _profile(name: str, doctor: dict[str, Any], phone: tuple[str, str], told: Any, opening: Any, first: Any) -> Any:
    number = {"e164": phone[0], "shown": phone[1]}
    places = {"time_zone": "America/Los_Angeles", "languages": list(first)}
    helpers = {"emergency": "911", "crisis": "988", "poison": "1-800-222-1222", "relay": "711"}
    return {"name": name, "doctor": doctor, "phone": number, "numbers": helpers, **places, **told, **opening}


profiles = st.builds(
    _profile,
    _names,
    st.fixed_dictionaries({"name": _names}, optional={"about": _told}),
    st.sampled_from(_PHONES),
    st.fixed_dictionaries(dict.fromkeys(_FIELDS, _told)),
    st.sampled_from(_OPENING),
    st.permutations(["en", "es"]),
)


@lru_cache(maxsize=64)
def _loaded(text: str) -> Content | None:
    """The content for a profile; None when it would be refused with a reason."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "drawn"
        home.mkdir()
        (home / "clinic.yml").write_text(text, encoding="utf-8")
        try:
            made = replace(content(), clinic=load_clinic(home))
        except ContentError:
            return None
    return None if problems_of(ROOT, made) else made


class DrawnClinic:
    """Any clinic; a failure shows its profile, not all that it says."""

    def __init__(self, profile: Any, made: Content) -> None:
        self.profile, self.content = profile, made

    def __repr__(self) -> str:
        return f"DrawnClinic({self.profile!r})"


@st.composite
def clinics(draw: st.DrawFn) -> DrawnClinic:
    """Any clinic. The first is ours, so that it is the simplest."""
    if draw(st.integers(0, 3)) == 0:
        return DrawnClinic("ours", content())
    profile = draw(profiles)
    made = _loaded(yaml.safe_dump(profile, allow_unicode=True))
    return DrawnClinic(profile, made) if made else reject()
