"""Routines, put together from approved blocks: minutes, level, place and days, and what is for this person.

`Memory.routine` holds what was asked for, never the words; the same request gives the same blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any

from spineline.content.choice import MOVE, ROUTINE
from spineline.content.library import Content
from spineline.content.routines import LEVELS, PLACES, Block
from spineline.dialogue import person
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Reply, Turn

_MINUTES, _FEWEST, _MOST = 10, 3, 60
_MOST_CHOICES = 4
_CLOSE = 2  # minutes that a routine may be off
_MOST_ROUNDS = 6
_INTROS = (5, 10, 15, 20, 30)
_NO_FLOOR, _CHAIR, _STANDING, _FLOOR = "no_floor", *PLACES
_EASIER, _HARDER = "easier", "harder"
_WEEK, _NEXT, _WHOLE, _ORDER = "week", "next", "whole", "order"


@dataclass(frozen=True)
class Plan:
    """What was asked for.

    Args:
        turn: how often another one was wanted.
        step: the block that was shown last, step by step; None when all of them are shown.
        whole: all of them with their steps.
    """

    minutes: int = _MINUTES
    level: str = "normal"
    place: str = _FLOOR
    week: bool = False
    turn: int = 0
    step: int | None = None
    whole: bool = False

    def kept(self) -> dict[str, Any]:
        """As it lies in the memory."""
        return vars(self)


def compose(plan: Plan, allowed: Sequence[Block]) -> tuple[tuple[Block, ...], int]:
    """The blocks of a routine and how often they are done: within two minutes of what was asked."""
    best: tuple[int, tuple[Block, ...], int] | None = None
    for rounds in range(1, _MOST_ROUNDS + 1):
        blocks = tuple(_filled(plan.minutes // rounds, allowed, plan.turn))
        off = abs(sum(block.minutes for block in blocks) * rounds - plan.minutes)
        if blocks and (best is None or off < best[0]):
            best = (off, blocks, rounds)
        if blocks and off <= _CLOSE:
            break
    return (best[1], best[2]) if best else ((), 1)


def routine(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """A routine for who asks for one, or the last one as it is wanted now."""
    plan = None if _waits(turn, memory, content) else _wanted(turn, memory, content)
    if plan:
        return _as_before(plan, turn, memory, content) or _told(plan, turn, memory, content)
    if memory.is_asked:
        return None
    return _asked(turn, memory, content) if memory.routine and not memory.topic and not turn.choice else None


def _waits(turn: Turn, memory: Memory, content: Content) -> bool:
    """While our question waits only who asks for a routine gets one, or changes it; nobody who may be in danger."""
    if not memory.is_asked:
        return False
    is_spoken_of = bool(memory.routine) and not memory.topic
    wants = is_spoken_of or content.routines.is_asked_for(turn.text)
    return bool(turn.choice or (memory.triage or {}).get("vote") or not wants)


def _as_before(plan: Plan, turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """How the same blocks become easier or harder, where there are no others for this person."""
    before, level = memory.routine, turn.choice.partition(":")[2] if turn.choice else content.moves.of(turn.text)
    if not before or level not in (_EASIER, _HARDER):
        return None
    allowed = (blocks_for(of, memory.person, content) for of in (plan, Plan(**before)))
    if len({compose(of, blocks) for of, blocks in zip((plan, Plan(**before)), allowed)}) > 1:
        return None
    choices = _choices(plan)
    message = Speaker.to(memory.language, content).named(f"moves.lines.{level}", f"routine:{level}", choices)
    return Reply((message,), replace(memory, offered=choices, misses=0))


def _asked(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """A question about the routine that was just given."""
    name = content.routines.question(turn.text)
    if not name:
        return None
    plan = Plan(**(memory.routine or {}))
    if name == _ORDER:
        return _told(replace(plan, step=0), turn, memory, content, before=(f"routines.lines.{name}",))
    choices = _choices(plan)
    message = Speaker.to(memory.language, content).named(f"routines.lines.{name}", f"routine:{name}", choices)
    return Reply((message,), replace(memory, offered=choices, misses=0))


def blocks_for(plan: Plan, conditions_of: Mapping[str, Any], content: Content) -> tuple[Block, ...]:
    """The blocks that fit a plan and that nothing in the person's conditions keeps her from."""
    avoided = {family for condition in content.conditions.of(conditions_of) for family in condition.avoid}
    fitting = (block for block in content.routines.blocks if block.fits(plan.level, plan.place))
    return tuple(block for block in fitting if not avoided & set(block.movements))


def _filled(minutes: int, allowed: Sequence[Block], turn: int) -> Iterator[Block]:
    """A warm-up first, then mobility and core in turns, the rest as a walk, and calm breaths at the end."""
    left = minutes
    for block in _in_order(allowed, turn):
        if block.minutes <= left:
            left -= block.minutes
            yield block


def _in_order(allowed: Sequence[Block], turn: int) -> Iterator[Block]:
    """The blocks as they are tried: what needs the floor before what does not, a different one first each turn."""
    nearest = sorted(allowed, key=lambda block: -PLACES.index(block.place))
    warm = _of_kind("warm_up", nearest)
    in_turns = zip_longest(_turned(_of_kind("mobility", nearest), turn), _turned(_of_kind("core", nearest), turn))
    walks = sorted(_of_kind("walk", nearest), key=lambda block: -block.minutes)
    ordered = chain(warm[:1], chain.from_iterable(in_turns), walks, _of_kind("end", nearest), warm[1:])
    yield from (block for block in ordered if block)


def _of_kind(kind: str, blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind == kind]


def _turned(blocks: list[Block], by: int) -> list[Block]:
    at = by % len(blocks) if blocks else 0
    return [*blocks[at:], *blocks[:at]]


def _wanted(turn: Turn, memory: Memory, content: Content) -> Plan | None:
    """The plan that a message asks for; None when it asks for none."""
    last = Plan(**memory.routine) if memory.routine else None
    if turn.choice:
        return _tapped(turn.choice, last)
    routines, text = content.routines, turn.text
    if routines.is_asked_for(text):
        return _read(Plan(place=_place_of(memory)), text, content)
    if not last or memory.topic:
        return None
    if routines.wants_next(text):
        return replace(last, step=0 if last.step is None else last.step + 1)
    moved = _moved(content.moves.of(text), last)
    return moved or (None if routines.question(text) else _changed(last, text, content))


def _place_of(memory: Memory) -> str:
    return _STANDING if _NO_FLOOR in memory.person else _FLOOR


def _read(plan: Plan, text: str, content: Content) -> Plan:
    routines = content.routines
    minutes = routines.minutes(text)
    return replace(
        plan,
        minutes=min(max(minutes or plan.minutes, _FEWEST), _MOST),
        level=routines.level(text) or plan.level,
        place=routines.place(text) or plan.place,
        week=plan.week or routines.is_for_a_week(text),
        step=None,
    )


def _changed(last: Plan, text: str, content: Content) -> Plan | None:
    """ "No floor", "only 5 minutes", "a week": the same routine, changed."""
    changed = _read(last, text, content)
    is_short = len(text.split()) <= 8
    return changed if is_short and changed != replace(last, step=None) else None


def _moved(move: str | None, last: Plan) -> Plan | None:
    if move in (_EASIER, _HARDER):
        by = -1 if move == _EASIER else 1
        level = LEVELS[min(max(LEVELS.index(last.level) + by, 0), len(LEVELS) - 1)]
        return replace(last, level=level, turn=last.turn + (level == last.level), step=None)
    if move == "another":
        return replace(last, turn=last.turn + 1, step=None)
    if move == "shorter":
        return replace(last, minutes=max(_FEWEST, last.minutes // 2), step=None)
    if move == "slower":
        return replace(last, step=0)
    return replace(last, step=None) if move == "again" else None


def _tapped(choice: str, last: Plan | None) -> Plan | None:
    kind, _, name = choice.partition(":")
    if kind == MOVE and last:
        return _moved(name, last)
    if kind != ROUTINE:
        return None
    plan = last or Plan()
    if name.startswith("minutes_"):
        return replace(plan, minutes=int(name.removeprefix("minutes_")), step=None)
    if name == _WHOLE:
        return replace(plan, whole=True, step=None)
    if name == _NEXT:
        return replace(plan, step=0 if plan.step is None else plan.step + 1)
    return replace(plan, week=True, step=None) if name == _WEEK else replace(plan, place=name, step=None)


def _told(plan: Plan, turn: Turn, memory: Memory, content: Content, before: tuple[str, ...] = ()) -> Reply:
    """In short, one block at a time, or whole."""
    shown = memory.person if not turn.told.of_another else turn.told.named
    shown = {**shown, **turn.told.named}
    blocks, rounds = compose(plan, blocks_for(plan, shown, content))
    speaker = Speaker.to(memory.language, content)
    if plan.step is not None:
        ids, plan = _step(plan, blocks)
        choices: tuple[str, ...] = (f"{ROUTINE}:{_NEXT}",) if plan.step is not None else ("training_amount/about",)
    else:
        ids = list(_whole(plan, blocks, rounds))
        choices = _choices(plan)
    has = {fact: value for fact, value in shown.items() if fact != _NO_FLOOR}  # the place says that already
    lines = person.lines_of(has, memory, content) if not plan.step else ()
    sources = tuple(dict.fromkeys(source for block in blocks for source in block.sources))
    parts = tuple(map(speaker.part, [*lines, *before, *ids]))
    message = Message(parts, speaker.language, "routine", choices=choices, sources=sources)
    return Reply(
        (message,), replace(memory, routine=replace(plan, whole=False).kept(), topic=None, offered=choices, misses=0)
    )


def _step(plan: Plan, blocks: Sequence[Block]) -> tuple[list[str], Plan]:
    step = plan.step or 0
    if step >= len(blocks):
        return ["routines.lines.finished"], replace(plan, step=None)
    title, text = f"routines.blocks.{blocks[step].id}.title", f"routines.blocks.{blocks[step].id}"
    first = ["routines.lines.stop"] if step == 0 else []
    return [title, text, *first, "routines.lines.next"], plan


def _whole(plan: Plan, blocks: Sequence[Block], rounds: int) -> Iterator[str]:
    yield f"routines.lines.intro_{plan.minutes if plan.minutes in _INTROS else 'any'}"
    for block in blocks:
        yield f"routines.blocks.{block.id}.title"
        if plan.whole:
            yield f"routines.blocks.{block.id}"
    if rounds > 1:
        yield f"routines.lines.rounds_{rounds}"
    if plan.week:
        yield "routines.lines.week"
    yield "routines.lines.stop"
    if not plan.whole:
        yield "routines.lines.step_by_step"


def _choices(plan: Plan) -> tuple[str, ...]:
    place = _CHAIR if plan.place != _CHAIR else _STANDING
    week = () if plan.week else (f"{ROUTINE}:{_WEEK}",)
    return (f"{MOVE}:slower", f"{ROUTINE}:{_WHOLE}", f"{MOVE}:easier", f"{ROUTINE}:{place}", *week)[:_MOST_CHOICES]
