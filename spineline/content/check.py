"""Reads everything that people edit and says what is wrong, before a server starts."""

from __future__ import annotations

from spineline.content.library import ROOT, load_content
from spineline.content.signing import parts
from spineline.content.voice_words import load_voice_words
from spineline.errors import ContentError


def check_everything() -> str:
    """Load the content for every clinic; ContentError lists the problems of all of them."""
    problems: list[str] = []
    clinics = sorted(path.name for path in (ROOT / "clinics").iterdir() if path.is_dir())
    for clinic in clinics:
        try:
            content = load_content(ROOT, clinic)
            load_voice_words(ROOT / "content" / "voice.yml", content)
        except ContentError as error:
            problems.extend(problem for problem in error.problems if problem not in problems)
    if problems:
        raise ContentError(problems)
    changed = [part.name for part in parts(ROOT / "content") if part.has_changed]
    unsigned = f"\nChanged since they were signed, so not reviewed any more: {', '.join(changed)}." if changed else ""
    return f"OK: {len(content.cards)} cards and {len(clinics)} clinics are complete in both languages.{unsigned}"
