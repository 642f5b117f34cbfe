"""What is said without an engine: whatever a clinic is called, what it is told is filled in."""

from dataclasses import replace

import pytest

from spineline.content.library import Content
from spineline.turns.last_words import filled_line

NAMES = ["$", "Clínica $alud", "A $20 Back", "Back$"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", NAMES)
def test_a_clinics_own_dollar_sign_stays(name: str, language: str, content: Content) -> None:
    clinic = replace(content, clinic=replace(content.clinic, name=name))
    text = filled_line("text_notice", language, clinic, kept_days=30).text
    assert text.startswith(f"{name}: ")
    assert "30" in text
    assert "$kept_days" not in text
