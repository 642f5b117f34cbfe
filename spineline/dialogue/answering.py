"""Which answers a message gets: the subject that is named or was just talked about, and the kind of question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spineline.content.cards import Answer, Card
from spineline.content.library import Content
from spineline.dialogue.turn import Memory, Question, Turn

_MOST_ANSWERS = 2
_UNCLEAR = ("nlu_fallback", "out_of_scope")
_NAMING = ("topic", "remedy", "exercise", "muscle")  # entity labels that can name a card


def find_answers(turn: Turn, memory: Memory, content: Content) -> tuple[Answer, ...]:
    """The answers to all questions of a message, at most two; empty when nothing in it can be answered."""
    parts = [part for part in turn.parts if _may_be_asked(part)]
    return _all_answers(parts, memory, content) or _all_answers([turn.whole], memory, content)


def _may_be_asked(part: Question) -> bool:
    return part.intent.startswith("ask_") or part.intent in _UNCLEAR


def _all_answers(questions: Iterable[Question], memory: Memory, content: Content) -> tuple[Answer, ...]:
    """In order, so that "how often do I plank, and for how long?" means the plank both times."""
    found: dict[str, Answer] = {}
    for question in questions:
        for answer in _answers(question, memory, content):
            found[answer.ref] = answer
            memory = replace(memory, topic=answer.ref)
    return tuple(found.values())[:_MOST_ANSWERS]


def _answers(question: Question, memory: Memory, content: Content) -> Iterator[Answer]:
    kind = content.questions.kind(question.text)
    named = _named(question, content)
    if named:
        kind = kind or _kind_before(question, memory, content)
        yield from (card.answer(kind, content.questions.nearest) for card in named)
        return
    card = _pointed_at(question, memory, content)
    if card:
        yield card.answer(kind or _kind_before(question, memory, content), content.questions.nearest)
        return
    card = _default(question, content)
    if card:
        yield card.answer(kind if _may_be_asked(question) else None, content.questions.nearest)


def _named(question: Question, content: Content) -> list[Card]:
    """The cards that the message names: topics before exercises, then in its order, those that fit the intent first."""
    named = sorted(
        (e for e in question.entities if e.label in _NAMING), key=lambda e: (_NAMING.index(e.label), e.start)
    )
    cards = {card: e.label for e in reversed(named) for card in content.named_cards.get((e.label, e.value), ())}
    in_order = [card for card in reversed(cards) if not any(other.family == card.id for other in cards)]
    fitting = [card for card in in_order if question.intent in card.intents]
    if not fitting:
        fitting = _unmistakable_first(card for card in in_order if _name_is_enough(card, question, content))[:1]
    alike = _unmistakable_first(card for card in fitting if cards[card] == cards[fitting[0]])
    return _pair(alike, content) or alike[:_MOST_ANSWERS]


def _unmistakable_first(cards: Iterable[Card]) -> list[Card]:
    """ "Walk me through a dead bug" is about the dead bug: everyday names count only where there is no other."""
    named = list(cards)
    return [card for card in named if not card.everyday_name] or named


def _pair(cards: Iterable[Card], content: Content) -> list[Card]:
    named = {card.id for card in cards}
    return [card for card in content.cards.values() if card.pair and set(card.pair) <= named]


def _name_is_enough(card: Card, question: Question, content: Content) -> bool:
    """Whether a named subject is answered although the intent does not fit it.

    Among the article's topics always; when the message was not understood, where it asks something; when it seems out
    of scope, only where an exercise or a muscle with an unmistakable name is asked about.
    """
    default = content.default_cards.get(question.intent)
    if default and any(other.family == default.id for other in content.cards.values()):
        return True
    surely = question.intent == "out_of_scope"
    asks = content.questions.kind(question.text) if surely else content.questions.asks(question.text)
    unmistakable = not card.everyday_name and any(label in ("exercise", "muscle") for label, _ in card.named_by)
    return bool(asks) and (unmistakable or not surely) and _may_be_asked(question)


def _pointed_at(question: Question, memory: Memory, content: Content) -> Card | None:
    """The card that a follow-up such as "and how many of those?" or "what about the neck one?" means."""
    if not memory.topic or not content.questions.points_back(question.text):
        return None
    last = content.card(memory.topic)
    return _sibling(question, last, content) or last


def _sibling(question: Question, last: Card, content: Content) -> Card | None:
    """Another card of the same family whose name holds a body part that is now mentioned: neck -> neck rotation."""
    parts = {e.value for e in question.entities if e.label in ("body_part", "muscle")}
    family = last.family or last.id
    siblings = (card for card in content.cards.values() if card.family == family)
    return next((c for c in siblings if any(p in value.split() for p in parts for _, value in c.named_by)), None)


def _kind_before(question: Question, memory: Memory, content: Content) -> str | None:
    """ "And the plank?" asks about the plank what was asked before."""
    if memory.topic and content.questions.points_back(question.text):
        return content.answer(memory.topic).kind
    return None


def _default(question: Question, content: Content) -> Card | None:
    if question.intent == "out_of_scope":
        return None
    return content.default_cards.get(question.intent)
