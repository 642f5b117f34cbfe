"""Which answers a message gets: the subject that is named or was just talked about, and the kind of question."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from spineline.content.cards import Answer, Card
from spineline.content.library import Content
from spineline.content.questions import ABOUT
from spineline.dialogue.turn import Candidate, Memory, Question, Turn
from spineline.text.letters import words

_MOST_ANSWERS = 3
_MOST_NAMED = 2
_MOST_NEAR = 3
_SURE = 0.2  # chance from which an answer is given
_STANDS_ALONE = 0.95  # chance from which a message that leans on the last answer is taken for itself
_ASKED = 0.3  # chance from which a message asks, although its intent is a report of pain
_WARNED = 0.4  # the same, where the intent warns of danger and no rule does
_REPORTED = 0.4  # chance of a report beyond which nothing else is taken to be asked
_PARTICULAR = 0.5  # chance from which a question is heard in what somebody tells about herself
_SMALL = 0.75  # chance from which small talk is one: what nobody taught looks like it
_OWN_SUBJECT = 0.3  # chance from which "and stretching the leg?" has a subject of its own
_CLEAR = 0.5  # chance of what is surely asked; below it the words say better than the ranking how somebody asks
_ONE = 0.7  # chance from which a message is one question, where one of its parts is not clear by itself
_BARE = 3  # words of a question that can only mean the last subject
_BARELY_NAMED = 5  # words of a question that names its subject and asks nothing of it
_NEAR = 0.08  # chance from which an answer is offered
_NAMED_ODDS, _KIND_ODDS = 5.0, 1.5  # how much likelier an answer is when its card, its kind of question is named
_ELSE = "instead"
_SMALL_TALK = frozenset("affirm cancel deny feedback goodbye greet help thanks".split())
_OF_EXERCISE = frozenset("ask_core ask_crunches ask_lifting ask_stretching".split())
_OFTEN_MISREAD = ("why", "when")  # kinds whose words stand in many other questions
_OTHER_JOINTS = "other_joints"  # the card of knees and wrists
_AMOUNTS = "training_amount"  # the card that says how much of any exercise
_NUMBERS = frozenset("how_long how_often how_many how_much".split())
_UNCLEAR = ("nlu_fallback", "out_of_scope")
_WARNING = "report_red_flag"  # danger has no card, it is ranked by its intent
_REPORTS = ("mild_pain/about", "severe_pain/about", _WARNING)
_NAMING = ("topic", "remedy", "exercise", "muscle")  # entity labels that can name a card


def find_answers(turn: Turn, memory: Memory, content: Content) -> tuple[Answer, ...]:
    """The answers to all questions of a message, at most three; empty when nothing in it can be answered."""
    parts = [] if _is_one_question(turn, content) else [part for part in turn.parts if _may_be_asked(part)]
    return _all_answers(parts, memory, content) or _all_answers([turn.whole], memory, content)


def _is_one_question(turn: Turn, content: Content) -> bool:
    """Whether a message that looks like several questions is better understood as one.

    "Is that the split muscle thing, and what do I do for it?" says the rest of it before.
    """
    best, *_ = [*_known(turn.whole, content), Candidate("", 0.0)]
    if best.chance < _ONE or any(_asks_for_another_number(part, best.ref, content) for part in turn.parts):
        return False
    firsts = [next(iter(_known(part, content)), Candidate("", 0.0)) for part in turn.parts]
    return any(first.chance < _CLEAR for first in firsts)


def _asks_for_another_number(part: Question, ref: str, content: Content) -> bool:
    """ "... and how often should I do it?" """
    kind = content.questions.kind(part.text)
    return kind in _NUMBERS and kind != content.answers[ref].kind


def is_asked_for(turn: Turn, content: Content) -> bool:
    """Whether a message asks for an answer, although its intent is a report of pain, or warns of danger.

    The intent does not know how people ask ("lie on your back, legs up like a roach"); the ranker knows that, and how
    people report pain and danger.
    """
    best = next(iter(_known(turn.whole, content)), None)
    if not best or not _is_given(best.ref, content):
        return False
    reported = sum(candidate.chance for candidate in turn.candidates if candidate.ref in _REPORTS)
    return best.chance >= (_WARNED if turn.safety_vote else _ASKED) and reported <= _REPORTED


def is_surely_answered(turn: Turn, content: Content, at_least: float) -> bool:
    """Whether a question of the message has an answer of this chance, and danger is not what it looks like most."""
    best = next(iter(_known(turn.whole, content)), None)
    warns = bool(turn.candidates) and turn.candidates[0].ref == _WARNING
    is_answer = bool(best and best.chance >= at_least and content.card(best.ref).intents[0].startswith("ask_"))
    return is_answer and not warns


def asks_in_particular(turn: Turn, content: Content) -> bool:
    """Whether a message surely asks more than what something is: "I'm pregnant, which ones are off limits"."""
    best = next(iter(_known(turn.whole, content)), None)
    return bool(best and best.chance >= _PARTICULAR and content.answers[best.ref].kind != ABOUT)


def is_surely(turn: Turn, ref: str) -> bool:
    """Whether a message surely asks for this answer."""
    return any(candidate.ref == ref and candidate.chance >= _CLEAR for candidate in turn.candidates)


def is_to_a_question(answer: Answer, content: Content) -> bool:
    """Whether an answer is to a question, and not to small talk or to what is outside what we know."""
    return content.cards[answer.card].intents[0].startswith("ask_")


def nearest_answers(question: Question, content: Content) -> tuple[Answer, ...]:
    """What a message may ask for where no answer is sure: at most three, the likeliest first; none if none is near."""
    near = (c.ref for c in _known(question, content) if c.chance >= _NEAR and not _is_small_talk(c.ref, content))
    return tuple(content.answers[ref] for ref in near if _is_given(ref, content))[:_MOST_NEAR]


def _known(question: Question, content: Content) -> list[Candidate]:
    """The candidates that the content still has, likelier where the words name their card or their kind of question."""
    known = [candidate for candidate in question.candidates if candidate.ref in content.answers]
    cards = (card for e in question.entities for card in content.named_cards.get((e.label, e.value), ()))
    named = {card.id for card in _unmistakable_first(cards)}
    kind = content.questions.kind(question.text)
    odds = [c.chance * _odds(content.answers[c.ref], named, kind) for c in known]
    whole = sum(odds) + 1 - sum(c.chance for c in known)
    weighed = [replace(candidate, chance=share / whole) for candidate, share in zip(known, odds)]
    return sorted(weighed, key=lambda candidate: -candidate.chance)


def _odds(answer: Answer, named: Container[str], kind: str | None) -> float:
    return (_NAMED_ODDS if answer.card in named else 1) * (_KIND_ODDS if answer.kind == kind else 1)


def _is_given(ref: str, content: Content) -> bool:
    """Whether an answer is given to who asks; pain has its own questions, and nobody asks for a refusal."""
    card = content.card(ref)
    return card.intents[0] not in _UNCLEAR and not _reports(card)


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


def _answers(question: Question, memory: Memory, content: Content) -> Iterable[Answer]:
    """The likeliest answer where it is sure; what the words name where nobody ranked, or where they lean on before."""
    best = next(iter(_known(question, content)), None)
    leans = _leans(question, best, memory, content)
    is_bare = len(words(question.text)) <= _BARE  # "and how many?" has no subject of its own, however sure
    if not best or (leans and (is_bare or best.chance < _STANDS_ALONE or _named(question, content))):
        return _by_name(question, memory, content)
    asks = leans and content.questions.kind(question.text)
    if _is_small_talk(best.ref, content) and (asks or _named(question, content)):
        return _by_name(question, memory, content)  # "cancel my appointment" is not "cancel"
    if best.chance < (_SMALL if _is_small_talk(best.ref, content) else _SURE):
        return _agreed(question, memory, content)
    return [_as_asked(best, question, content)] if _is_given(best.ref, content) else []


def _leans(question: Question, best: Candidate | None, memory: Memory, content: Content) -> bool:
    """Whether a question means the last subject: "and how often?" does, "and stretching the leg?" has its own."""
    if memory.topic is None or not content.questions.points_back(question.text):
        return False
    if not best or not content.questions.only_opens(question.text) or content.questions.kind(question.text) in _NUMBERS:
        return True
    said, named = len(words(question.text)), _named(question, content)
    if said <= _BARE and not named:
        return True  # "and which ones?"
    if said <= _BARELY_NAMED and named and not content.questions.kind(question.text):
        return True  # "and ice?"
    return best.chance < _OWN_SUBJECT or not content.card(best.ref).intents[0].startswith("ask_")


def _as_asked(best: Candidate, question: Question, content: Content) -> Answer:
    """The likeliest answer; where it is not clear, that one of its card which the words ask for."""
    answer = content.answers[best.ref]
    kind = content.questions.kind(question.text)
    is_plain = best.chance < _CLEAR and kind not in _OFTEN_MISREAD
    return content.cards[answer.card].answers.get(kind or "", answer) if is_plain else answer


def is_small_talk(turn: Turn, content: Content) -> bool:
    """Whether a message that looks like "bye" or "stop" surely is one; where nobody ranked, it is believed."""
    best = next(iter(_known(turn.whole, content)), None)
    return best is None or (_is_small_talk(best.ref, content) and best.chance >= _SMALL)


def _is_small_talk(ref: str, content: Content) -> bool:
    return content.card(ref).intents[0] in _SMALL_TALK


def _agreed(question: Question, memory: Memory, content: Content) -> list[Answer]:
    """What the words name, if its card is also near."""
    near = {answer.card for answer in nearest_answers(question, content)}
    return [answer for answer in _by_name(question, memory, content) if answer.card in near]


def _by_name(question: Question, memory: Memory, content: Content) -> Iterator[Answer]:
    kind = content.questions.kind(question.text)
    named = _named(question, content)
    if named:
        kind = kind or _kind_before(question, memory, content)
        yield from (card.answer(kind, content.questions.nearest) for card in named)
        return
    card = _pointed_at(question, kind, memory, content)
    if card:
        answer = card.answer(kind or _kind_before(question, memory, content), content.questions.nearest)
        yield _in_general(answer, kind, memory, content)
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
    return _pair(alike, content) or alike[:_MOST_NAMED]


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
    surely = question.intent == "out_of_scope" and not content.questions.only_opens(question.text)
    asks = content.questions.kind(question.text) if surely else content.questions.asks(question.text)
    unmistakable = not card.everyday_name and any(label in ("exercise", "muscle") for label, _ in card.named_by)
    return bool(asks) and (unmistakable or not surely) and _may_be_asked(question)


def _pointed_at(question: Question, kind: str | None, memory: Memory, content: Content) -> Card | None:
    """The card that a follow-up such as "and how many of those?" or "what about the neck one?" means.

    After a verdict on pain it is pain in general, where that card answers such a question.
    """
    if not memory.topic or not content.questions.points_back(question.text):
        return None
    last, parts = content.card(memory.topic), {e.value for e in question.entities if e.label == "body_part"}
    if parts and parts <= set(content.triage["elsewhere"]):
        return content.cards[_OTHER_JOINTS]
    if _reports(last):
        pain = content.default_cards[last.intents[0]]
        return pain if kind in pain.answers else None
    return _sibling(question, last, content) or last


def _in_general(answer: Answer, kind: str | None, memory: Memory, content: Content) -> Answer:
    """ "How many?" of a subject that has no number, and was just spoken of: what holds for exercise in general."""
    says_nothing_new = answer.ref == memory.topic and kind in _NUMBERS and kind != answer.kind
    is_exercise = not _OF_EXERCISE.isdisjoint(content.cards[answer.card].intents)
    return content.cards[_AMOUNTS].answers.get(kind or "", answer) if says_nothing_new and is_exercise else answer


def _reports(card: Card) -> bool:
    return card.intents[0].startswith("report_")


def _sibling(question: Question, last: Card, content: Content) -> Card | None:
    """Another card of the same family whose name holds a body part that is now mentioned: neck -> neck rotation."""
    parts = {e.value for e in question.entities if e.label in ("body_part", "muscle")}
    family = last.family or last.id
    siblings = (card for card in content.cards.values() if card.family == family)
    return next((c for c in siblings if any(p in value.split() for p in parts for _, value in c.named_by)), None)


def _kind_before(question: Question, memory: Memory, content: Content) -> str | None:
    """ "And the plank?" asks about the plank what was asked before; nobody asks what else to do a second time."""
    if not memory.topic or not content.questions.points_back(question.text):
        return None
    kind = content.answer(memory.topic).kind
    return None if kind == _ELSE or _reports(content.card(memory.topic)) else kind


def _default(question: Question, content: Content) -> Card | None:
    if question.intent == "out_of_scope":
        return None
    return content.default_cards.get(question.intent)
