"""What people say while an alarm is open: that it is taken care of, or what keeps them from help.

The cues stand in content/tiers.yml (`replies`) and content/alarm_questions.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spineline.content.choice import REPLIES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.pain_words import NONE, PainText, whole_cue
from spineline.text.letters import fold, is_question, words

_CLAUSE_END = re.compile(r"[.,;:!\n]+|(?<!\w)(?:and|y)(?!\w)")


def said_to_close(text: str, tier: Tier, flags: Iterable[str | None], content: Content) -> str | None:
    """The reply that a clause stands for: "I called 911", "viene la ambulancia".

    No single word does, no question ("is the ambulance coming?"), and nothing that is taken back ("but they hung up").

    Args:
        tier: of the open alarm; a call to the clinic is enough only where that is the advice.
        flags: of the open alarm; "no wait, i can pee" takes back what is about that only.
    """
    parts, clauses = tuple(content.tiers["replies"]["parts"].items()), list(_clauses(text))
    for reply in () if is_question(text) else REPLIES:
        closing = content.tiers["replies"][content.choices[reply].name]
        is_taken_back = any(whole_cue(cue, parts).search(_folded(text)) for cue in closing["unless"])
        cues = () if is_taken_back else _cues(closing, tier, set(flags))
        if any(whole_cue(cue, parts).fullmatch(clause) for cue in cues for clause in clauses):
            return reply
    return None


def answered(text: str, content: Content) -> bool | None:
    """A yes (True) or a no to the direct question about suicide; unsure is a yes, anything else None.

    What follows a yes takes nothing from it; what follows a no may ("no. just tired of all of it"), so that is None.
    """
    said = _answered(text, content)
    begins = next(iter(_CLAUSE_END.split(_folded(text))), "")
    return said if said is not None or not words(begins) else _answered(begins, content) or None


def _answered(text: str, content: Content) -> bool | None:
    reader, closing = PainText(content.triage), content.tiers["replies"]
    parts = tuple(closing["parts"].items())
    folded = " ".join(words(_folded(text)))
    for said, cues in ((True, closing["said_yes"]["said"]), (False, closing["said_no"]["said"])):
        if any(whole_cue(cue, parts).fullmatch(folded) for cue in cues):
            return said
    plain = reader.plain(text)
    return None if plain is None else plain != NONE


def asked_about(text: str, content: Content, at_once: bool = False) -> str | None:
    """What somebody asks or objects, a key of content/alarm_questions.yml.

    Args:
        at_once: look only for what is answered together with the alarm itself.
    """
    folded = _folded(text)
    for name, question in content.alarm_questions["questions"].items():
        if at_once and not question.get("at_once"):
            continue
        if any(whole_cue(cue, ()).search(folded) for cue in question["cues"]):
            return str(name)
    return None


def answer_id(question: str, tier: Tier, content: Content) -> str:
    """The name of the text that answers it under an alarm of this tier."""
    answers = content.alarm_questions["questions"][question]
    return f"alarm_questions.questions.{question}.{tier.value if tier.value in answers else 'any'}"


def _cues(closing: Mapping[str, Any], tier: Tier, flags: set[str | None]) -> Iterator[str]:
    yield from closing["said"]
    yield from closing.get("today", ()) if tier is Tier.CALL_TODAY else ()
    for undone in closing.get("undone", ()):
        yield from undone["said"] if flags <= set(undone["flags"]) else ()


def _clauses(text: str) -> Iterator[str]:
    """The whole message and its clauses, each as plain words."""
    folded = _folded(text)
    for clause in (folded, *_CLAUSE_END.split(folded)):
        if found := words(clause):
            yield " ".join(found)


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")
