"""A conversation file: what the person says or taps, and what must come back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from servers import Reply

from spineline.text.yaml_file import read_yaml

Say = Callable[[str, str], Reply]  # who, and what is typed or tapped

_SORRY = {"not_understood_first", "nothing_near", "not_understood_again", "not_understood_third", "out_of_scope/about"}
_TRIAGE = Path(__file__).parents[2] / "content" / "triage.yml"
_OPTIONS, _SIGNS = (read_yaml(_TRIAGE)[name] for name in ("options", "questions"))
_NONE, _UNSURE = (set(_OPTIONS[name].values()) for name in ("none", "unsure"))
_TO_BE_SAFE, _MORE = (set(map(str.strip, _SIGNS["signs"][name].values())) for name in ("first", "more"))
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")


@dataclass(frozen=True)
class Step:
    """One turn. Exactly one of `user` and `tap` is given; what is left out is not checked.

    Args:
        user: what the person types.
        times: how often that text stands in the message, for very long ones.
        tap: the title of a quick reply of the answer before.
        card: `metadata.card` of a message of the answer, or of all of its messages in order.
        also: cards that answer it as well; where one of these comes instead, its texts and buttons are not checked.
        says: each stands somewhere in the answer, whatever its case.
        says_not: none of these stands there.
        first_sentence: stands in the first sentence of the answer.
        buttons: each is the title of a button.
        buttons_not: none of these is.
        language: of every message that names one.
        tier: of a message of the answer; "none" means that no message carries one.
    """

    user: str | None = None
    times: int = 1
    tap: str | None = None
    card: str | list[str] | None = None
    also: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    says_not: list[str] = field(default_factory=list)
    first_sentence: str | None = None
    buttons: list[str] = field(default_factory=list)
    buttons_not: list[str] = field(default_factory=list)
    language: str | None = None
    tier: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A file. `alarms: never` means that no answer may raise an alarm, or ask for danger signs "to be safe"."""

    conversation: str
    steps: list[Step]
    clinic: str = "spine_institute"
    alarms: str = "possible"


def read_conversation(path: Path) -> Conversation:
    """Read a file; a key that is not known is an error."""
    data = read_yaml(path)
    return Conversation(**{**data, "steps": [Step(**step) for step in data["steps"]]})


def read_conversations(clinic: str) -> dict[str, Conversation]:
    """Every conversation with a clinic, by language and file name: "en/crisis"."""
    files = sorted((Path(__file__).parents[1] / "dialogue").glob("*/*.yml"))
    talks = {f"{path.parent.name}/{path.stem}": read_conversation(path) for path in files}
    return {name: talk for name, talk in talks.items() if talk.clinic == clinic}


def play(conversation: Conversation, say: Say, expected: Callable[[Step], Step] = lambda step: step) -> list[str]:
    """Hold the conversation as a new sender; everything that is not as written.

    `expected` turns a step into what the channel can show of it.
    """
    sender, reply, problems = uuid.uuid4().hex, Reply(), list[str]()
    for number, step in enumerate(conversation.steps, 1):
        try:
            reply = _turned_to(step.tap, reply, sender, say) if step.tap else reply
            message = _payload(step.tap, reply) if step.tap else (step.user or "") * step.times
        except LookupError as error:
            return [*problems, f"step {number}: {error}"]
        before, reply = reply, _to_the_end(step, say(sender, message), sender, say)
        wrong = [*_differences(expected(step), reply), *_alarms(conversation, reply), *_same_sorry(before, reply)]
        said = step.tap or (step.user or "")[:80]
        problems += [f"step {number} {said!r}: {problem}\n    {_shown(reply)}" for problem in wrong]
    return problems


def _turned_to(title: str, reply: Reply, sender: str, say: Say) -> Reply:
    """Where danger signs come a few at a time, the few among which this one is."""
    while title not in _titles(reply) and _UNSURE.intersection(_titles(reply)):
        reply = say(sender, _payload(_none_in(reply), reply))
    return reply


def _to_the_end(step: Step, reply: Reply, sender: str, say: Say) -> Reply:
    """Who has none of them has none of the next few either."""
    while step.card != "triage:signs" and _MORE & set(_text(reply).split("\n")):
        reply = say(sender, _payload(_none_in(reply), reply))
    return reply


def _none_in(reply: Reply) -> str:
    return next(title for title in _titles(reply) if title in _NONE)


def _payload(title: str, reply: Reply) -> str:
    """What the quick reply sends."""
    found = [b["payload"] for message in reply for b in message.get("buttons", []) if b["title"] == title]
    if not found:
        raise LookupError(f"there is no quick reply {title!r} to tap, only {_titles(reply)}")
    return str(found[0])


def _differences(step: Step, reply: Reply) -> list[str]:
    step = _as_answered(step, reply)
    text, titles, tiers = _text(reply), _titles(reply), _data(reply, "tier")
    checks = {
        "no answer": not text.strip(),
        f"cards {_data(reply, 'card')}, not {step.card}": not _has_card(step.card, _data(reply, "card")),
        f"languages {_data(reply, 'language')}, not {step.language}": step.language
        and set(_data(reply, "language")) != {step.language},
        f"tiers {tiers}, not {step.tier}": step.tier and (tiers if step.tier == "none" else step.tier not in tiers),
        f"first sentence without {step.first_sentence!r}": not _holds(_first_sentence(text), step.first_sentence or ""),
        **{f"does not say {part!r}": not _holds(text, part) for part in step.says},
        **{f"says {part!r}": _holds(text, part) for part in step.says_not},
        **{f"no button {title!r} in {titles}": title not in titles for title in step.buttons},
        **{f"button {title!r}": title in titles for title in step.buttons_not},
    }
    return [problem for problem, wrong in checks.items() if wrong]


def _as_answered(step: Step, reply: Reply) -> Step:
    """What is to be expected of the answer that came, where more than one would do."""
    cards = _data(reply, "card")
    came = next((card for card in step.also if card in cards), None)
    is_seen = bool(cards)  # a telephone names no card
    if not step.also or (is_seen and (came is None or _has_card(step.card, cards))):
        return step
    return replace(step, card=came, says=[], first_sentence=None, buttons=[], buttons_not=[])


def _has_card(expected: str | list[str] | None, cards: list[Any]) -> bool:
    if isinstance(expected, list):
        return expected == cards
    return expected is None or expected in cards


def _alarms(conversation: Conversation, reply: Reply) -> list[str]:
    raised = {"alarm"} & set(_data(reply, "card")) or _TO_BE_SAFE & set(_text(reply).split("\n"))
    return [f"raises {sorted(raised)}"] if raised and conversation.alarms == "never" else []


def _same_sorry(before: Reply, reply: Reply) -> list[str]:
    again = _SORRY & set(_data(before, "card")) & set(_data(reply, "card"))
    return [f"says the same sorry twice running: {sorted(again)}"] if again else []


def _text(reply: Reply) -> str:
    return "\n".join(message.get("text", "") for message in reply)


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.replace("Dr. ", "Dr "), maxsplit=1)[0]


def _titles(reply: Reply) -> list[str]:
    return [button["title"] for message in reply for button in message.get("buttons", [])]


def _data(reply: Reply, name: str) -> list[Any]:
    metadata = [message.get("metadata", {}) for message in reply]
    return [data[name] for data in metadata if data.get(name)]


def _holds(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def _shown(reply: Reply) -> str:
    return f"-> {_data(reply, 'card')} {_text(reply)[:300]!r} {_titles(reply)}"
