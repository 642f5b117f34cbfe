"""Who asks in general what is for her, or what is not, is answered from the table of content/conditions.yml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spineline.content.cards import Answer
from spineline.content.conditions import Condition, Person
from spineline.content.library import Content
from spineline.dialogue import person
from spineline.dialogue.answering import is_surely_answered
from spineline.dialogue.pain import tells_of_pain
from spineline.dialogue.person_words import PersonText
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Reply, Turn

_AVOID, _DO = "avoid", "do"
_OF_PAIN = ("have", "prevent")  # what no condition answers
_SURE = 0.4  # chance from which another answer is what was asked for
_SURER = 0.9  # chance from which the table need not be asked: "seven weeks after my c-section, can I train?"
_MOST_CONDITIONS = 2  # that are answered about at once
_MOST_REASONS = 3  # of one condition
_MOST_CHOICES = 4
_PARTICULAR = ("exercise", "muscle", "remedy")  # entities of a question about one thing


def suited(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """ "What can I do with stenosis", "which ones should he avoid"; None where no condition is known."""
    told, asked = turn.told, _asked(turn, content)
    if memory.is_asked or (told.own and told.of_pain):
        return None
    now = {**told.named, **told.own}
    people = now if told.of_another or asked == _DO else {**memory.person, **now}
    conditions = content.conditions.of(people)[:_MOST_CONDITIONS]
    if not asked or asked in _OF_PAIN or not conditions or is_surely_answered(turn, content, _SURER):
        return None
    return _answer(asked, conditions, people, memory, content)


def in_general(turn: Turn, memory: Memory, content: Content) -> tuple[Answer, ...]:
    """What answers the same question of somebody of whom no condition is known, where it is about back or neck."""
    asked = _asked(turn, content)
    ref = content.conditions.rules["general"].get(asked or "")
    if not ref or is_surely_answered(turn, content, _SURE) or _is_about_else(turn, asked, memory, content):
        return ()
    return (content.answer(ref),)


def _is_about_else(turn: Turn, asked: str | None, memory: Memory, content: Content) -> bool:
    """Whether a general question is about the last subject, a knee, or nothing that we know."""
    if asked in _OF_PAIN:
        return False
    leans = content.questions.points_back(turn.text) and not content.questions.only_opens(turn.text)
    parts = {e.value for e in turn.entities if e.label == "body_part"}
    is_elsewhere = bool(parts) and parts <= set(content.triage["elsewhere"])
    is_vague = asked == _DO and not parts and not tells_of_pain(turn, content)
    return bool(memory.topic and leans) or turn.intent == "out_of_scope" or is_elsewhere or is_vague


def _asked(turn: Turn, content: Content) -> str | None:
    if turn.choice or _is_particular(turn):
        return None
    return PersonText(content.conditions.rules).asks_what(turn.text)


def _is_particular(turn: Turn) -> bool:
    return any(entity.label in _PARTICULAR for entity in turn.entities)


def _answer(asked: str, of: Sequence[Condition], people: Person, memory: Memory, content: Content) -> Reply:
    speaker = Speaker.to(memory.language, content)
    choices = _instead(of, people, content)
    reasons = [id for condition in of for id in _reasons(condition, content)] if asked == _AVOID else []
    lead = "conditions.lines.instead" if reasons else "conditions.lines.suited"
    ids = [*(condition.text("line") for condition in of), *reasons, lead]
    titles = [f"titles.{content.card(ref).id}" for ref in choices]
    sources = tuple(dict.fromkeys(source for condition in of for source in condition.sources[""]))
    parts = tuple(map(speaker.part, [*ids, *titles]))
    message = Message(parts, speaker.language, f"suited:{asked}", choices=choices, sources=sources)
    return Reply((message,), replace(memory, topic=choices[0], offered=choices, misses=0))


def _instead(of: Sequence[Condition], people: Person, content: Content) -> tuple[str, ...]:
    """What is offered with each of them and kept from nobody who has all of them."""
    offered = dict.fromkeys(ref for condition in of for ref in condition.instead)
    return tuple(ref for ref in offered if person.allowed(ref, people, content))[:_MOST_CHOICES]


def _reasons(condition: Condition, content: Content) -> Iterator[str]:
    """Why something is left out with a condition, each reason once."""
    names = (condition.text(f"avoid.{family}") for family in condition.avoid)
    distinct = {content.part(name, "en").read: name for name in reversed(list(names))}
    yield from list(reversed(distinct.values()))[:_MOST_REASONS]
