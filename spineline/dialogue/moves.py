"""Moves over the last answer: more, another one, easier, why, go back, what now. Read before any intent misreads them.

The words and what is said stand in content/moves.yml; here is what each move leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from spineline.content.cards import Answer, Card
from spineline.content.choice import MOVE
from spineline.content.library import Content
from spineline.dialogue import person
from spineline.dialogue.once import last_said, was_said
from spineline.dialogue.speaker import CLINIC, Speaker
from spineline.dialogue.turn import Entity, Kind, Memory, Message, Reply, Turn

_ORDER = "about how why how_long how_many how_often how_much when safe which instead".split()
_AFTER_HOW = "how_many how_long how_often".split()
_WAYS_ON = ("help/about", "contact/about")
_EASES = ("heat/how", "ice/how", "walking/how")
_MOST_CHOICES = 4
_NO_EXERCISE = frozenset(("general", "remedy", "name"))  # families of movement
_OF_WORDS = ("shorter", "slower")


def move(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """The answer to a move; None where the message is none, or where there is nothing to move over."""
    if memory.is_asked or not memory.topic or memory.topic not in content.answers:
        return None
    name = _move(turn, content)
    if not name:
        return None
    place = _Place(memory, content, content.answer(memory.topic))
    if name in _OF_WORDS and not _is_subject(memory.topic, content):
        return _yes(place)  # "just tell me what to do" after a verdict
    return _MOVES[name](place)


def without_denied(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """ "Not crunches, planks": the answer of the kind that was given last, about what is wanted."""
    exercises = [entity for entity in turn.entities if entity.label in ("exercise", "muscle", "remedy")]
    denied = [entity for entity in exercises if content.moves.denies(turn.text, entity.start)]
    if turn.choice or not denied or memory.is_asked:
        return None
    wanted = [card for entity in exercises if entity not in denied for card in _named(entity, content)]
    kind = content.questions.kind(turn.text) or (content.answer(memory.topic).kind if memory.topic else None)
    if wanted:
        return _answered(wanted[0].answer(kind, content.questions.nearest), memory, content)
    if content.moves.means_another(turn.text):
        return None
    return next((_in_place_of(card, memory, content) for entity in denied for card in _named(entity, content)), None)


def corrected(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """ "No, the shoes", "I mean with sciatica": the last kind of answer, about what was meant."""
    if turn.choice or memory.is_asked or not memory.topic or not content.moves.corrects(turn.text):
        return None
    kind, nearest = content.answer(memory.topic).kind, content.questions.nearest
    cards = [card for entity in turn.entities for card in _named(entity, content)]
    if cards:
        return _answered(cards[0].answer(content.questions.kind(turn.text) or kind, nearest), memory, content)
    is_about_a_person = turn.told.own or turn.told.named
    return _answered(content.answer(memory.topic), memory, content) if is_about_a_person else None


def _in_place_of(card: Card, memory: Memory, content: Content) -> Reply:
    if "instead" in card.answers:
        return _answered(card.answers["instead"], memory, content)
    return _another(_Place(memory, content, card.answers["about"]))


@dataclass(frozen=True)
class _Place:
    """Where the conversation stands: the answer given last."""

    memory: Memory
    content: Content
    last: Answer

    @property
    def card(self) -> Card:
        return self.content.cards[self.last.card]

    @property
    def speaker(self) -> Speaker:
        return Speaker.to(self.memory.language, self.content)


def _move(turn: Turn, content: Content) -> str | None:
    if turn.choice:
        choice = content.choices.get(turn.choice)
        return choice.name if choice and choice.kind == MOVE else None
    return content.moves.of(turn.text)


def _named(entity: Entity, content: Content) -> tuple[Card, ...]:
    return content.named_cards.get((entity.label, entity.value), ())


def _answered(answer: Answer, memory: Memory, content: Content, before: str | None = None) -> Reply:
    """An answer, behind a line where there is one."""
    speaker = Speaker.to(memory.language, content)
    message = speaker.answer(answer)
    if before:
        message = replace(message, parts=(speaker.part(f"moves.lines.{before}"), *message.parts))
    return Reply((message,), replace(memory, topic=answer.ref, offered=answer.buttons, misses=0))


def _line(place: _Place, name: str, choices: tuple[str, ...], call: bool = False) -> Reply:
    message = place.speaker.named(f"moves.lines.{name}", f"move:{name}", choices)
    message = replace(message, calls=(CLINIC,) if call else ())
    return Reply((message,), replace(place.memory, offered=choices, misses=0))


def _is_new(ref: str, place: _Place) -> bool:
    seen = was_said(ref, place.memory) or ref == place.last.ref
    return not seen and person.allowed(ref, place.memory.person, place.content)


def _unseen(place: _Place) -> Iterator[Answer]:
    """The answers of the card that were not given yet, then what leads on from it."""
    answers = place.card.answers
    yield from (answers[kind] for kind in _ORDER if kind in answers and _is_new(answers[kind].ref, place))
    yield from (place.content.answer(ref) for ref in _onward(place) if _is_new(ref, place))


def _onward(place: _Place) -> tuple[str, ...]:
    offered = tuple(ref for ref in place.memory.offered if ref in place.content.answers)
    return tuple(dict.fromkeys((*offered, *place.last.buttons)))


def _siblings(place: _Place) -> Iterator[Card]:
    """The other cards of the same family that were not spoken of yet; of a topic its own cards.

    What the topic itself leads to comes first: it is what most people begin with.
    """
    family = place.card.family or place.card.id
    topic = place.content.cards[family]
    named = dict.fromkeys(_card_of(ref) for answer in topic.answers.values() for ref in answer.buttons)
    for id in dict.fromkeys((*named, *place.content.cards)):
        card = place.content.cards[id]
        is_sibling = card.family == family and card.id != place.card.id
        spoken_of = any(was_said(answer.ref, place.memory) for answer in card.answers.values())
        if is_sibling and not spoken_of and person.allowed(f"{card.id}/about", place.memory.person, place.content):
            yield card


def _more(place: _Place, before: str | None = None) -> Reply:
    answer = next(_unseen(place), None)
    if answer:
        return _answered(answer, place.memory, place.content, before)
    return _line(place, "all_said", _WAYS_ON, call=True)


def _is_exercise(card: Card) -> bool:
    return not _NO_EXERCISE.issuperset(card.movements)


def _is_done(ref: str, place: _Place) -> bool:
    """Whether an answer says how an exercise is done."""
    return place.content.answer(ref).kind == "how" and _is_exercise(place.content.card(ref))


def _another(place: _Place) -> Reply:
    """A sibling, by the kind of answer that was given last; an exercise by how it is done."""
    listed = next((ref for ref in _onward(place) if _is_done(ref, place) and _is_new(ref, place)), None)
    if listed and not _is_exercise(place.card):
        return _answered(place.content.answer(listed), place.memory, place.content)
    siblings = sorted(_siblings(place), key=lambda card: _is_exercise(card) != _is_exercise(place.card))
    if not siblings:
        return _more(place)
    kind = "how" if _is_exercise(siblings[0]) else place.last.kind
    return _answered(siblings[0].answer(kind, place.content.questions.nearest), place.memory, place.content)


def _varied(name: str) -> Callable[[_Place], Reply]:
    def varied(place: _Place) -> Reply:
        card, content = place.card, place.content
        choices = (*_allowed_choices(place), f"{MOVE}:another")[:_MOST_CHOICES]
        if was_said(f"{card.id}/{name}", place.memory):
            return _another(place)
        if not content.moves.has_variation(card.id, name):
            return _another(place) if was_said(f"{MOVE}:{name}", place.memory) else _line(place, name, choices)
        message = place.speaker.named(f"moves.variations.{card.id}.{name}", f"{card.id}/{name}", choices)
        message = replace(message, sources=tuple(content.moves.rules["variations"][card.id]["sources"]))
        return Reply((message,), replace(place.memory, offered=choices, misses=0))

    return varied


def _allowed_choices(place: _Place) -> tuple[str, ...]:
    return tuple(ref for ref in place.last.buttons if person.allowed(ref, place.memory.person, place.content))[:3]


def _text(form: str) -> Callable[[_Place], Reply]:
    """The same answer in another form: "short" or "steps"."""

    def said(place: _Place) -> Reply:
        message = Message(
            (place.speaker.part(f"{form}/{place.last.ref}"),),
            place.speaker.language,
            place.last.ref,
            Kind.ANSWER,
            _allowed_choices(place),
            sources=place.last.sources,
        )
        return Reply((message,), replace(place.memory, offered=message.choices, misses=0))

    return said


def _again(place: _Place) -> Reply:
    return _answered(place.last, place.memory, place.content)


def _why(place: _Place) -> Reply:
    """The card's own reason, else that of its topic."""
    family = place.content.cards[place.card.family or place.card.id]
    why = next((card.answers["why"] for card in (place.card, family) if "why" in card.answers), None)
    is_new = why and why.ref != place.last.ref
    return _answered(why, place.memory, place.content) if why and is_new else _more(place)


def _best(place: _Place) -> Reply:
    """A topic's own answer to "which", else the exercise that comes first and is for this person."""
    content, memory = place.content, place.memory
    family = content.cards[place.card.family or place.card.id]
    which = family.answers.get("which")
    if which and _is_new(which.ref, place):
        return _answered(which, memory, content, "best")
    onward = sorted(_onward(place), key=lambda ref: content.answer(ref).kind != "how")
    for ref in (*onward, *(f"{card.id}/about" for card in _siblings(place))):
        if _is_new(ref, place):
            return _answered(content.answer(ref), memory, content, "best")
    return _line(place, "best", _allowed_choices(place))


def _back(place: _Place) -> Reply:
    """The subject before this one."""
    said = last_said(place.memory, place.content)
    refs = [ref for ref in said if _card_of(ref) != place.card.id and _is_subject(ref, place.content)]
    return _answered(place.content.answer(refs[0]), place.memory, place.content, "back") if refs else _again(place)


def _is_subject(ref: str, content: Content) -> bool:
    """Whether an answer is about something; a greeting is not."""
    return content.card(ref).intents[0].startswith("ask_")


def _card_of(ref: str) -> str:
    """The card of an answer "card/kind"."""
    return ref.partition("/")[0]


def _did_it(place: _Place) -> Reply:
    return _line(place, "did_it", (f"{MOVE}:helped", f"{MOVE}:not_helped", f"{MOVE}:another"))


def _helped(place: _Place) -> Reply:
    often = [f"{place.card.id}/how_often"] if "how_often" in place.card.answers else []
    return _line(place, "helped", (*often, "walking/how", "training_amount/about"))


def _not_helped(place: _Place) -> Reply:
    choices = tuple(ref for ref in _EASES if _card_of(ref) != place.card.id)
    return _line(place, "not_helped", (*choices, "when_doctor/about"), call=True)


def _dizzy(place: _Place) -> Reply:
    return _line(place, "dizzy", (f"{MOVE}:easier", "danger_signs/about", "when_doctor/about"), call=True)


def _now(place: _Place) -> Reply:
    """After how to do it: how many, how long, how often; then another one."""
    answers = place.card.answers
    refs = [answers[kind].ref for kind in _AFTER_HOW if kind in answers] if place.last.kind != "about" else []
    for ref in (*refs, *(ref for ref in _onward(place) if _card_of(ref) == place.card.id)):
        if _is_new(ref, place):
            return _answered(place.content.answer(ref), place.memory, place.content)
    return _another(place)


def _yes(place: _Place) -> Reply:
    """What was offered first and was not said yet."""
    ref = next((ref for ref in _onward(place) if _is_new(ref, place)), None)
    return _answered(place.content.answer(ref), place.memory, place.content) if ref else _more(place)


def _okay(place: _Place) -> Reply:
    return _line(place, "okay", _unseen_choices(place))


def _no(place: _Place) -> Reply:
    return _line(place, "no_then", _WAYS_ON)


def _unseen_choices(place: _Place) -> tuple[str, ...]:
    return tuple(ref for ref in _onward(place) if _is_new(ref, place))[:_MOST_CHOICES] or _WAYS_ON


_MOVES: Mapping[str, Callable[[_Place], Reply]] = {
    "more": _more,
    "another": _another,
    "easier": _varied("easier"),
    "harder": _varied("harder"),
    "shorter": _text("short"),
    "again": _again,
    "slower": _text("steps"),
    "why": _why,
    "best": _best,
    "back": _back,
    "did_it": _did_it,
    "helped": _helped,
    "not_helped": _not_helped,
    "dizzy": _dizzy,
    "now": _now,
    "yes": _yes,
    "no": _no,
    "ok": _okay,
    "already_said": lambda place: _more(place, "already_said"),
}
