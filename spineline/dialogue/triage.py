"""Pain without a danger sign: at most four questions, then self-care, a visit, or the clinic's phone number.

The questions, what their options mean, and the outcomes stand in content/triage.yml; this decides the order only.
Source of the questions and limits: content/triage.yml#sources. Not a diagnosis: it says how soon to talk to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from spineline.content.choice import TRIAGE
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import danger_list
from spineline.dialogue.pain_words import NONE, UNSAID, UNSURE, Facts, PainText
from spineline.dialogue.turn import Turn
from spineline.text.letters import words

_SKIP, SIGNS, SIGN = "skip", "signs", "sign"
_FEW_WORDS = 6
_CALLS_BY_RISK = ("minor", "pregnant")
_OF_THE_PERSON = ("risk",)  # facts that a new report of pain does not change
Rules = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Where the questions end.

    Args:
        card: "card/kind" to show.
        tier: how soon to talk to a person; None means self-care.
        flag: the red flag that a tapped or typed danger sign stands for.
        hand_off: whether physician, clinic and phone number come first.
        facts: what is known by then.
    """

    card: str
    tier: Tier | None
    flag: str | None
    hand_off: bool
    facts: Facts = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Progress:
    """The state after a message (None when finished, else ready for JSON) and the outcome once there is one."""

    state: Mapping[str, Any] | None
    outcome: Outcome | None


def told(turn: Turn, content: Content) -> Facts:
    """What a message tells by itself: how strong, since when, which risks; read once."""
    if turn.text not in turn.pain:
        turn.pain[turn.text] = PainText(content.triage).told(turn.text)
    return turn.pain[turn.text]


def go_on(facts: Facts, content: Content) -> Progress:
    """Ask what is not known yet, or come to an end."""
    return _proceed(facts, content.triage)


def without_signs(facts: Facts, content: Content) -> Progress:
    """Go on when no danger sign is there; only what is not known yet is asked."""
    return _proceed({**facts, SIGN: NONE}, content.triage)


def of_the_person(state: Mapping[str, Any] | None) -> Facts:
    """What earlier questions brought to light that holds for any pain: pregnant, blood thinners ..."""
    facts = (state or {}).get("facts", {})
    return {name: facts[name] for name in _OF_THE_PERSON if facts.get(name) not in (None, NONE)}


def course(text: str, content: Content) -> Facts:
    """Since when, and better or worse, as an answer tells it."""
    return PainText(content.triage).answer("course", text)


def is_news(facts: Facts, before: Facts, content: Content) -> bool:
    """Whether a report after a verdict asks for a new one: it is worse, stronger, or a risk is new."""
    risk = facts.get("risk")
    return facts.get("trend") == "worse" or _is_severe(facts, content.triage) or risk not in (None, before.get("risk"))


def danger_said(text: str, content: Content) -> str | None:
    """What a typed answer to the list of danger signs says.

    Returns:
        A key of `signs` in content/triage.yml ("unsaid" for a plain yes), "none", "other", "unsure", "skip" for who
        would rather not say, or None for all else.
    """
    reader = PainText(content.triage)
    facts = reader.answer(SIGNS, text)
    if facts.get(SIGN):
        return str(facts[SIGN])
    if reader.is_unsure(text):
        return UNSURE
    return _SKIP if facts or reader.skips(text) else None


def tells_only_facts(text: str, facts: Facts, content: Content) -> bool:
    """Whether a short message tells something about the pain that is no danger sign: "3 weeks", "better"."""
    return bool(facts) and len(words(text)) <= _FEW_WORDS and not _is_severe(facts, content.triage)


def take(text: str, choice: str | None, state: Mapping[str, Any], content: Content) -> Progress | None:
    """Take a message as the answer to a question after the danger signs; None when it does not answer it.

    Args:
        text: as typed; empty when a quick reply was tapped.
        choice: "triage:<option>" when a quick reply was tapped or its title or number typed. Typed words that read as
            an answer come first: "3" to "from 0 to 10" is a three, not the third quick reply.
        state: of the `Progress` before.
    """
    reader = PainText(content.triage)
    answered = reader.answer(state["pending"], text)
    if not answered or answered.get(SIGN) == UNSAID:
        answered = _chosen(choice, state["pending"], content) or answered
    facts = {**state["facts"], **reader.told(text)}
    return _proceed({**facts, **answered}, content.triage) if answered else None


def question(state: Mapping[str, Any], content: Content) -> str:
    """Name of the pending question: signs, severity, course or risks."""
    return str(state["pending"])


def options(state: Mapping[str, Any], content: Content) -> tuple[str, ...]:
    """Ids of the quick replies of the pending question."""
    if state["pending"] == SIGNS:
        return danger_list.options(state, content)
    return tuple(f"{TRIAGE}:{option}" for option in content.triage["questions"][state["pending"]]["options"])


def _chosen(choice: str | None, pending: str, content: Content) -> Facts:
    """What a quick reply says; one of an earlier question counts only when it names a danger sign."""
    option, rules = content.choices[choice].name if choice else "", content.triage
    asked: dict[str, Any] = rules["questions"][pending]
    means: Facts = rules["means"].get(option, {})
    if means.get(SIGN) in rules["signs"]:
        return {SIGN: means[SIGN]}
    if option not in asked["options"]:
        return {}
    if option == _SKIP:
        return {asked["facts"][0]: None}
    return {fact: value for fact, value in means.items() if fact in asked["facts"]}


def _proceed(facts: Facts, rules: Rules) -> Progress:
    pending = next((name for name, asked in rules["questions"].items() if not set(asked["facts"]) & set(facts)), None)
    outcome = _sign(facts, rules) or _call(facts, rules) or (None if pending else _calm(facts, rules))
    return (
        Progress(None, replace(outcome, facts=facts))
        if outcome
        else Progress({"pending": pending, "facts": facts}, None)
    )


def _sign(facts: Facts, rules: Rules) -> Outcome | None:
    sign = rules["signs"].get(facts.get(SIGN))
    return _outcome("sign", rules, Tier(sign["tier"]), sign["flag"]) if sign else None


def _call(facts: Facts, rules: Rules) -> Outcome | None:
    """Severe pain, or a risk: today, by phone; the own doctor too for children and in pregnancy."""
    risk = facts.get("risk")
    if not _is_severe(facts, rules) and risk in (None, NONE):
        return None
    return _outcome(risk if risk in _CALLS_BY_RISK else "call", rules)


def _is_severe(facts: Facts, rules: Rules) -> bool:
    return (facts.get("score") or 0) >= rules["limits"]["severe_score"] or bool(facts.get("loss"))


def _calm(facts: Facts, rules: Rules) -> Outcome:
    """All is asked and nothing calls for today; what was not told is not taken for good news."""
    long = (facts.get("days") or 0) >= rules["limits"]["long_days"]
    unknown = facts.get("score") is None or facts.get("risk") is None
    if facts[SIGN] is None:
        return _outcome("skipped_signs", rules)
    return _outcome("visit" if long or unknown or facts.get("trend") == "worse" else "self_care", rules)


def _outcome(name: str, rules: Rules, tier: Tier | None = None, flag: str | None = None) -> Outcome:
    planned = rules["outcomes"][name]
    tier = tier or (Tier(planned["tier"]) if "tier" in planned else None)
    return Outcome(planned["card"], tier, flag, planned.get("hand_off", False))
