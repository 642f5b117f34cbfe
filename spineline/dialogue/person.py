"""The person: what she told about herself is kept, said once, and honoured before every exercise.

What is told, and which exercises are not offered to whom, stands in content/conditions.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spineline.content.conditions import REMEDY, Condition, Person
from spineline.content.library import Content
from spineline.dialogue.once import was_said
from spineline.dialogue.person_words import PersonText, Told
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Memory, Message, Reply, Turn
from spineline.text.letters import is_question

_PAIN = "report_mild_pain"
_MOST_LINES = 2  # conditions that are named before one answer
_ASKED_ABOUT = ("exercise", "muscle", "remedy")  # entities that make a statement a question
_WAYS_ON = ("core/about", "stretching/about", "walking/about", "contact/about")


def listen(turn: Turn, memory: Memory, content: Content) -> Turn:
    """The turn with what its message says about people; a diagnosis that is only mentioned reports no pain."""
    if turn.choice:
        return turn
    reader = PersonText(content.conditions.rules)
    told = reader.told(turn.text)
    if not told.own and not memory.is_asked:
        told = replace(told, own=reader.update(turn.text, memory.person))
    told = replace(told, gone=told.gone & set(memory.person), known=frozenset(set(told.own) & set(memory.person)))
    is_context = turn.intent == _PAIN and (told.own or told.named) and not told.of_pain
    asked = next((intent for intent in turn.ranking if intent.startswith("ask_")), turn.intent)
    return replace(turn, told=told, intent=asked if is_context else turn.intent)


def risk_of(memory: Memory, content: Content) -> str | None:
    """What she told that is a risk with any pain, as the pain questions name it."""
    return next((one.risk for one in content.conditions.of(memory.person) if one.risk), None)


def remember(told: Told, memory: Memory) -> Memory:
    """The memory with what is new, and without what was taken back."""
    if not told.own and not told.gone:
        return memory
    kept = {fact: value for fact, value in memory.person.items() if fact not in told.gone}
    own = {fact: value for fact, value in told.own.items() if value is not True or fact not in kept}
    return replace(memory, person={**kept, **own})


def acknowledge(turn: Turn, memory: Memory, content: Content, *, whatever_it_asks: bool = False) -> Reply | None:
    """The answer to who only tells something, and asks for nothing that is answered.

    Args:
        whatever_it_asks: also where the message asks something; for who finds no answer to that.
    """
    told = turn.told
    if not (told.own or told.gone) or told.of_pain or not (whatever_it_asks or not _asks(turn, content)):
        return None
    gone = [f"conditions.facts.{fact}.gone" for fact in sorted(told.gone)]
    kept = [f"conditions.facts.{fact}.{'known' if fact in told.known else 'kept'}" for fact in told.own]
    named = content.conditions.of(told.own)[:_MOST_LINES]
    lines = [_line_after(condition, memory, content) for condition in named]
    ids = [*gone, *kept, *lines, *(["conditions.lines.noted"] if kept else [])]
    speaker = Speaker.to(memory.language, content)
    choices = _allowed(_WAYS_ON, content.conditions.of(memory.person), content)
    message = Message(tuple(map(speaker.part, ids)), speaker.language, "told", choices=choices, sources=_sources(named))
    return Reply((message,), replace(memory, offered=choices, misses=0))


def _line_after(condition: Condition, memory: Memory, content: Content) -> str:
    """What a condition means for what is spoken of: for a remedy, else for exercise."""
    of_a_remedy = memory.topic and REMEDY in content.card(memory.topic).movements and REMEDY in condition.sources
    return condition.text(REMEDY if of_a_remedy else "line")


def _asks(turn: Turn, content: Content) -> bool:
    wants = PersonText(content.conditions.rules).wants(turn.text)
    about = any(entity.label in _ASKED_ABOUT for entity in turn.entities)
    return wants or about or is_question(turn.text) or content.questions.asks(turn.text)


def honour(told: Told, before: Memory, reply: Reply, content: Content) -> Reply:
    """The reply as it is for this person: her conditions before exercises, others in place of what is not for her."""
    person = {**told.named} if told.of_another else {**reply.memory.person, **told.named, **told.own}
    conditions = content.conditions.of(person)
    messages = tuple(_for_person(message, conditions, reply.memory, content) for message in reply.messages)
    messages = _noted(told, before, messages, content)
    offered = messages[-1].choices if messages != reply.messages and reply.memory.offered else reply.memory.offered
    topic = _topic(reply, conditions, content)
    return replace(reply, messages=messages, memory=replace(reply.memory, offered=offered, topic=topic))


def _topic(reply: Reply, conditions: tuple[Condition, ...], content: Content) -> str | None:
    """What "that one" means next: after an exercise that is not for this person the first of what is."""
    topic = reply.memory.topic
    spoken_of = topic and any(message.card == topic for message in reply.messages)
    refusal = _refusal(content.card(topic).movements, conditions) if topic and spoken_of else None
    return refusal[0].instead[0] if refusal else topic


def known(memory: Memory, content: Content) -> Message | None:
    """What is kept of the person, for who asks for it; None when that is nothing."""
    if not memory.person:
        return None
    speaker = Speaker.to(memory.language, content)
    ids = ["conditions.lines.known", *(f"conditions.facts.{fact}.known" for fact in memory.person)]
    return Message(tuple(map(speaker.part, ids)), speaker.language, "known")


def allowed(ref: str, person: Person, content: Content) -> bool:
    """Whether an answer may be offered to this person."""
    return not _refusal(content.card(ref).movements, content.conditions.of(person))


def lines_of(told: Person, memory: Memory, content: Content) -> tuple[str, ...]:
    """The names of the lines that stand before an exercise for this person."""
    return tuple(_line(condition, memory) for condition in content.conditions.of(told)[:_MOST_LINES])


def _for_person(message: Message, conditions: tuple[Condition, ...], memory: Memory, content: Content) -> Message:
    card = content.cards.get(message.subject)
    if not card or not card.movements or not conditions:
        return message
    refusal = _refusal(card.movements, conditions)
    if refusal:
        return _instead(message, *refusal, content)
    choices = _allowed(message.choices, conditions, content)
    is_remedy = REMEDY in card.movements
    shown = [one for one in conditions if not is_remedy or REMEDY in one.sources][:_MOST_LINES]
    speaker = Speaker(content, message.language)
    lines = tuple(speaker.part(one.text(REMEDY) if is_remedy else _line(one, memory)) for one in shown)
    sources = tuple(dict.fromkeys((*message.sources, *_sources(shown))))
    return replace(message, parts=(*lines, *message.parts), choices=choices, sources=sources)


def _line(condition: Condition, memory: Memory) -> str:
    """The whole line once in a conversation, then its short form."""
    whole = condition.text("line")
    return condition.text("short") if was_said(whole, memory) else whole


def _refusal(movements: Iterable[str], conditions: Iterable[Condition]) -> tuple[Condition, str] | None:
    """The first condition that keeps somebody from these movements, and from which of them."""
    movements = tuple(movements)
    return next(((one, family) for one in conditions for family in movements if family in one.avoid), None)


def _instead(message: Message, condition: Condition, family: str, content: Content) -> Message:
    """Why that exercise is not offered, and what is."""
    speaker = Speaker(content, message.language)
    ids = (f"conditions.families.{family}", condition.text(f"avoid.{family}"), "conditions.lines.instead")
    titles = tuple(speaker.part(f"titles.{content.card(ref).id}") for ref in condition.instead)
    return replace(
        message,
        parts=(*map(speaker.part, ids), *titles),
        choices=condition.instead if message.choices else (),
        sources=condition.sources[family],
    )


def _allowed(choices: Iterable[str], conditions: tuple[Condition, ...], content: Content) -> tuple[str, ...]:
    """The quick replies that lead to nothing that these people are kept from."""

    def leads_on(choice: str) -> bool:
        return not (choice in content.answers and _refusal(content.card(choice).movements, conditions))

    return tuple(choice for choice in choices if leads_on(choice))


def _sources(conditions: Iterable[Condition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for condition in conditions for source in condition.sources[""]))


def _noted(told: Told, before: Memory, messages: tuple[Message, ...], content: Content) -> tuple[Message, ...]:
    """ "I will keep in mind ..." before the first message, once, unless somebody is sent to a person or to help."""
    first = messages[0]
    if first.card == "told" or first.tier or first.kind in (Kind.ALARM, Kind.CLOSING) or first.wish:
        return messages
    speaker = Speaker(content, first.language)
    lines = tuple(map(speaker.part, _news(told, before, content)))
    return (replace(first, parts=(*lines, *first.parts)), *messages[1:])


def _news(told: Told, before: Memory, content: Content) -> Iterator[str]:
    yield from (f"conditions.facts.{fact}.gone" for fact in sorted(told.gone))
    for fact in told.own:
        is_silent = content.conditions.facts[fact].get("silent")
        if fact not in before.person and not is_silent:
            yield f"conditions.facts.{fact}.kept"
