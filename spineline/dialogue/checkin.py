"""People come back: better, same, worse, back again. Each has its consequence, and what was told before is known.

What the pain questions ended with is kept as `Memory.after`: its card and the facts. It keeps the questions from
beginning again, and holds what was advised: who was asked to leave training is not taught an exercise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spineline.content.checkin import CALLING, CLEARED, HERE, HOME
from spineline.content.choice import CHECK_IN
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain, triage
from spineline.dialogue.alarms import is_open, raise_alarm, signs_of
from spineline.dialogue.once import forget_said
from spineline.dialogue.speaker import CLINIC, Speaker
from spineline.dialogue.turn import Kind, Memory, Message, Reply, Turn
from spineline.text.letters import words

AWAY_MIN = 6 * 60  # after which a conversation begins anew
_SHORT = 8  # words of a message that says how it goes
_LASTS_MIN = 14 * 24 * 60  # after which a pain is asked about anew
_STATES = ("better", "same", "worse")
_GO_ON, _LEAVE, _NEW = "go_on", "leave", "new_pain"
_HELPED, _NOT_HELPED = "helped", "not_helped"
_SMALL_TALK = ("greet", "thanks", "affirm", "goodbye")
_FOLLOW_UP = (f"{CHECK_IN}:{_HELPED}", f"{CHECK_IN}:{_NOT_HELPED}")
_ROUTINE = "routine"
_OPEN = frozenset(("remedy", "walk", "name"))  # families of movement that advice to leave training leaves alone
_VERDICTS = ("triage_", "severe_pain")
_WAYS_ON = ("soothing/about", "walking/how", "when_doctor/about")
_TRAINING = ("walking/how", "training_amount/about", "core/about")


def with_time(turn: Turn, memory: Memory) -> Turn:
    """The turn, knowing whether somebody comes back after hours."""
    return replace(turn, is_back=bool(turn.at and memory.at and turn.at - memory.at >= AWAY_MIN))


def after_a_while(turn: Turn, memory: Memory, content: Content) -> Memory:
    """The memory at the start of a turn: after hours a conversation begins anew, and an open question is put aside."""
    now = _taken_up(turn, replace(memory, at=turn.at or memory.at), content)
    if not turn.is_back:
        return now
    now, state = forget_said(now), memory.triage
    if not state or not memory.is_asked or state.get("vote") or turn.safety_vote or _answers(turn, state, content):
        return now
    return replace(now, triage=None, offered=(), after={"card": None, "facts": {}, "unfinished": dict(state)})


def _taken_up(turn: Turn, memory: Memory, content: Content) -> Memory:
    """The memory in which a question that rests is open again, when a message answers it in more than a yes or no."""
    state = (memory.after or {}).get("unfinished")
    says_little = turn.choice or turn.intent.startswith("ask_") or content.moves.of(turn.text)
    if not state or memory.is_asked or says_little or not _answers(turn, state, content):
        return memory
    return replace(memory, triage=state, after=None)


def come_back(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """The consequence of how somebody is who comes back."""
    if memory.is_asked:
        return None
    state = _state(turn, memory, content)
    if state and state != HERE:
        return _follows(state, turn, memory, content)
    if turn.intent == "greet" and turn.is_back and (memory.after or {}).get("card"):
        return _welcome(memory, content)
    is_nod = turn.intent == "affirm" and _was_just_told(memory) and not content.moves.of(turn.text)
    return _known(memory, content) if is_nod else None


def _follows(state: str, turn: Turn, memory: Memory, content: Content) -> Reply | None:
    if state in (_HELPED, _NOT_HELPED):
        return _followed(state, memory, content)
    if state in (_GO_ON, _LEAVE, _NEW):
        return _chosen(state, memory, content)
    if state == CLEARED:
        return _cleared(memory, content)
    if state == HOME:
        return _line(HOME, memory, content, _WAYS_ON, call=True)
    if state in ("worse", "back"):
        return _ask_danger(state, turn, memory, content)
    return _better_or_same(state, turn, memory, content)


def _cleared(memory: Memory, content: Content) -> Reply | None:
    """Training is open again; after an operation or a birth for what heals longer only what was allowed."""
    healing = {fact: weeks for fact, weeks in content.check_in.rules["healed"].items() if fact in memory.person}
    if not memory.after and not content.conditions.of(memory.person):
        return None
    person = {**memory.person, **healing}
    return _line("cleared", replace(memory, after=None, person=person), content, _TRAINING)


def _better_or_same(state: str, turn: Turn, memory: Memory, content: Content) -> Reply | None:
    is_of_an_answer = memory.topic and content.moves.of(turn.text)
    if not memory.after and (is_of_an_answer or _tells_more(turn, content)):
        return None
    if state == "better":
        return _line("better", replace(memory, after=None), content, _TRAINING)
    return _same(memory, content)


def known_pain(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """After their verdict the questions do not begin again: it stands, and what else is told is noted.

    What is worse or stronger, or a new risk, is news, and so is another pain, or one after weeks.
    """
    after = memory.after or {}
    is_old = turn.at - after.get("at", turn.at) > _LASTS_MIN
    if not after.get("card") or memory.is_asked or is_old or content.check_in.is_another_pain(turn.text):
        return None
    told = triage.told(turn, content)
    if not triage.is_news(told, after["facts"], content):
        return _known(replace(memory, after={**after, "facts": {**after["facts"], **told}}), content)
    return _ask_danger("worse", turn, memory, content) if told.get("trend") == "worse" else None


def _known(memory: Memory, content: Content) -> Reply:
    return _line("known", memory, content, tuple(f"{CHECK_IN}:{name}" for name in (*_STATES, _NEW)))


def here_again(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """Who says that she is back is greeted; our question that waited is asked again, else how the pain is."""
    if turn.choice or content.check_in.state(turn.text) != HERE:
        return None
    waiting = pain.pending_question(memory, content)
    if waiting:
        named = Speaker.to(memory.language, content).named("checkin.lines.here_again", "checkin:here_again")
        return Reply((named, waiting), replace(memory, misses=0))
    return _welcome(memory, content) if (memory.after or {}).get("card") else None


def _welcome(memory: Memory, content: Content) -> Reply:
    return _line("welcome", memory, content, tuple(f"{CHECK_IN}:{state}" for state in _STATES))


def _was_just_told(memory: Memory) -> bool:
    """Whether what the questions ended with is what was said last."""
    return bool(memory.topic) and memory.topic == f"{(memory.after or {}).get('card')}/about"


def is_calling(turn: Turn, content: Content) -> bool:
    """Whether somebody says that she calls the clinic."""
    return not turn.choice and content.check_in.state(turn.text) == CALLING


def calling(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """Who calls the clinic is encouraged; of our questions only the danger signs still wait."""
    if not is_calling(turn, content):
        return None
    reply = _line(CALLING, memory, content, ("contact/about", "hours_location/when"), call=True)
    waiting = pain.pending_question(memory, content)
    if not waiting or not pain.asks_for_signs(memory):
        return replace(reply, memory=replace(reply.memory, triage=None if waiting else memory.triage))
    return Reply((replace(reply.messages[0], choices=()), waiting), replace(memory, misses=0))


def note_verdict(before: Memory, reply: Reply, content: Content) -> Reply:
    """The reply with what the questions ended with in its memory, and an unfinished question offered once."""
    memory = reply.memory
    verdict = next((m.subject for m in reply.messages if m.subject.startswith(_VERDICTS)), None)
    if verdict and (before.is_asked or not memory.is_asked):
        facts = {**(before.triage or {}).get("facts", {}), **(memory.after or {}).get("facts", {})}
        return replace(
            reply, memory=replace(memory, after={"card": verdict, "facts": _lasting(facts), "at": memory.at})
        )
    after = memory.after or {}
    if after.get("unfinished") and not after.get("offered") and not memory.is_asked and _is_calm(reply):
        return _offered(reply, content)
    return reply


def bind(reply: Reply, content: Content) -> Reply:
    """Who was asked to leave training is reminded of that in place of an exercise."""
    if (reply.memory.after or {}).get("card") not in content.check_in.rules["binding"]:
        return reply
    messages = tuple(_bound(message, content) for message in reply.messages)
    offered = messages[-1].choices if messages != reply.messages and reply.memory.offered else reply.memory.offered
    return replace(reply, messages=messages, memory=replace(reply.memory, offered=offered))


def follow_up(turn: Turn, before: Memory, reply: Reply, content: Content) -> Reply:
    """The reply behind the question how it went, when help was there for an alarm and hours have passed."""
    alarm = before.alarm or {}
    alarms_now = any(message.kind is Kind.ALARM for message in reply.messages)
    if not (turn.is_back and alarm.get("helped")) or is_open(before) or alarms_now:
        return reply
    is_crisis = any(Tier(tier) is Tier.CRISIS_988 for tier, _ in signs_of(alarm))
    speaker = Speaker.to(reply.memory.language, content)
    name, calls = ("after_crisis", ("988",)) if is_crisis else ("after_alarm", ())
    asked = replace(speaker.named(f"checkin.lines.{name}", f"checkin:{name}", _FOLLOW_UP), calls=calls)
    memory = replace(reply.memory, alarm={**alarm, "helped": False})
    if turn.intent in _SMALL_TALK and not turn.choice:
        return Reply((asked,), replace(memory, offered=_FOLLOW_UP))
    return Reply((replace(asked, choices=()), *reply.messages), memory)


def _state(turn: Turn, memory: Memory, content: Content) -> str | None:
    if turn.choice:
        kind, _, name = turn.choice.partition(":")
        return name if kind == CHECK_IN else None
    if memory.offered == _FOLLOW_UP:
        return {"yes": _HELPED, "ok": _HELPED, "no": _NOT_HELPED}.get(content.moves.of(turn.text) or "")
    if memory.offered[:1] == (f"{CHECK_IN}:{_GO_ON}",):
        return {"yes": _GO_ON, "ok": _GO_ON, "no": _LEAVE}.get(content.moves.of(turn.text) or "")
    return content.check_in.state(turn.text) or _course(turn, memory, content)


def _course(turn: Turn, memory: Memory, content: Content) -> str | None:
    """How a pain goes of which we know, in the words that would answer our own question: "no change really"."""
    is_short = len(words(turn.text)) <= _SHORT
    if not (memory.after or {}).get("card") or not is_short or content.questions.asks(turn.text):
        return None
    trend: str | None = triage.course(turn.text, content).get("trend")
    return trend


def _tells_more(turn: Turn, content: Content) -> bool:
    """Whether a message reports a pain, with how strong or since when, and not only how it goes."""
    return bool({"score", "days", "loss"} & set(triage.told(turn, content)))


def _chosen(state: str, memory: Memory, content: Content) -> Reply:
    after = memory.after or {}
    if state == _GO_ON and after.get("unfinished"):
        memory = replace(memory, after=None, triage=after["unfinished"])
        question = pain.pending_question(memory, content)
        assert question is not None
        return Reply((question,), replace(memory, offered=question.choices))
    if state == _NEW:
        return pain.begin_again({}, "lines.pain_acknowledged", replace(memory, after=None), content)
    return _line("leave", replace(memory, after=None), content, _WAYS_ON)


def _followed(state: str, memory: Memory, content: Content) -> Reply:
    """Who got no help is told again what to do."""
    alarm = memory.alarm
    if state == _NOT_HELPED and alarm and not is_open(memory):
        (tier, flag), *others = signs_of(alarm)
        return raise_alarm(Tier(tier), flag, memory, content, "", [(Tier(other), of) for other, of in others if of])
    return _line("after_help", memory, content, _WAYS_ON)


def _ask_danger(state: str, turn: Turn, memory: Memory, content: Content) -> Reply:
    """The danger signs first; what was told before is not asked again."""
    told = triage.told(turn, content)
    known = _lasting((memory.after or {}).get("facts", {}))
    trend = {"trend": "worse"} if state == "worse" else {}
    known.pop("score", None)
    known.pop("loss", None)
    return pain.begin_again({**known, **trend, **told}, f"checkin.lines.{state}", memory, content)


def _same(memory: Memory, content: Content) -> Reply:
    after = memory.after or {}
    if after.get("unfinished"):
        return _chosen(_GO_ON, memory, content)
    if not after:
        return pain.begin_again({}, "lines.pain_acknowledged", memory, content)
    if after.get("card") in content.check_in.rules["binding"]:
        return _line("same_call", memory, content, ("contact/about", "danger_signs/about"), call=True)
    times = after.get("times", 0) + 1
    name = "same_again" if times > 1 or after.get("card") == "triage_visit" else "same"
    memory = replace(memory, after={**after, "times": times})
    return _line(name, memory, content, _WAYS_ON, call=True)


def _line(name: str, memory: Memory, content: Content, choices: tuple[str, ...], *, call: bool = False) -> Reply:
    message = Speaker.to(memory.language, content).named(f"checkin.lines.{name}", f"checkin:{name}", choices)
    message = replace(message, calls=(CLINIC,) if call else ())
    return Reply((message,), replace(memory, offered=choices, misses=0))


def _lasting(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stays true: not the danger signs, which are asked each time, and not how it went."""
    return {fact: value for fact, value in facts.items() if fact not in ("sign", "trend")}


def _answers(turn: Turn, state: Mapping[str, Any], content: Content) -> bool:
    return triage.take(turn.text, turn.choice, state, content) is not None


def _is_calm(reply: Reply) -> bool:
    return not any(message.tier or message.kind in (Kind.ALARM, Kind.QUESTION) for message in reply.messages)


def _offered(reply: Reply, content: Content) -> Reply:
    choices = (f"{CHECK_IN}:{_GO_ON}", f"{CHECK_IN}:{_LEAVE}")
    speaker = Speaker.to(reply.memory.language, content)
    offer = speaker.named("checkin.lines.unfinished", "checkin:unfinished", choices)
    *before, last = reply.messages
    after = {**(reply.memory.after or {}), "offered": True}
    memory = replace(reply.memory, after=after, offered=choices)
    return Reply((*before, replace(last, choices=()), offer), memory)


def _bound(message: Message, content: Content) -> Message:
    if message.card != _ROUTINE and not _trains(message.card or "", content):
        return replace(message, choices=tuple(ref for ref in message.choices if not _trains(ref, content)))
    of_the_person = tuple(part for part in message.parts if (part.id or "").startswith("conditions."))
    if any(".avoid." in (part.id or "") for part in of_the_person):
        return message
    speaker = Speaker(content, message.language)
    choices = ("contact/about", "walking/about", "soothing/about") if message.choices else ()
    said = speaker.named("checkin.lines.binds", "checkin:binds", choices)
    return replace(said, parts=(*of_the_person, *said.parts), calls=(CLINIC,))


def _trains(ref: str, content: Content) -> bool:
    """Whether an answer is about an exercise; walks and what soothes are open to everybody."""
    return ref in content.answers and not _OPEN.issuperset(content.card(ref).movements)
