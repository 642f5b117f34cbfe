"""A person reports pain: the clinic's number first when it is severe, then a few questions, then where to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spineline.content.cards import Answer
from spineline.content.choice import NO, YES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import triage
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.choices import are_numbers
from spineline.dialogue.pain_words import NONE, UNSAID, UNSURE, PainText
from spineline.dialogue.speaker import CLINIC, Speaker
from spineline.dialogue.triage import Progress
from spineline.dialogue.turn import Memory, Message, Reply, Turn

SAFETY, _SIGNS = "safety", "signs"
_SAFETY_REPLIES = (YES, NO)
# While a question about danger is open these ask for nothing, so the question comes back instead of a card.
_SMALL_TALK = frozenset("affirm bot_challenge cancel deny feedback goodbye greet help thanks".split())


def report_mild(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Acknowledge and start the questions; what the message already tells is not asked again."""
    waiting = pending_question(memory, content)
    if waiting:
        return Reply((waiting,), memory)
    return _begin(turn, memory, content, first=None)


def report_severe(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Physician, clinic and number before anything else, with the list of danger signs to tap."""
    card = content.default_cards["report_severe_pain"].answers["about"]
    first = Speaker.to(memory.language, content).answer(card, with_replies=False)
    first = replace(first, tier=Tier.CALL_TODAY)
    if memory.triage and memory.triage["pending"] not in (_SIGNS, SAFETY):
        return Reply((first,), replace(memory, triage=None, offered=(), misses=0))
    return _begin(turn, memory, content, first)


def vote_for_danger(turn: Turn, then: Iterable[Answer], memory: Memory, content: Content) -> Reply:
    """The rules are silent but the classifier votes danger: one plain question decides, a second vote is a yes.

    Args:
        then: what is answered after a no; a report of pain is met with the questions about pain instead.
    """
    if _waits_for_safety(memory):
        if triage.is_about_something_else(turn.text, content):
            return _ask_again(_told_since(turn, memory, content), content)
        return raise_alarm(Tier.ED_NOW, None, memory, content)
    refs = [] if turn.intent.startswith("report_") else [answer.ref for answer in then]
    facts = triage.told(turn.text, content)
    state = {"pending": SAFETY, "then": refs, "before": memory.triage, "facts": facts}
    memory = replace(memory, triage=state, offered=_SAFETY_REPLIES, misses=0)
    return Reply((_safety_question(memory, content),), memory)


def continue_questions(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """Take the answer to the pending question; None when nothing is pending or the message answers nothing."""
    if not memory.triage:
        return None
    if _waits_for_safety(memory):
        return _safety_answer(turn, memory, content)
    progress = triage.take(turn.text, turn.choice, memory.triage, content)
    if progress:
        return _reply(progress, memory, content, ())
    is_to_be_answered = memory.triage["pending"] == _SIGNS and _answers_nothing(turn) and turn.intent != "thanks"
    is_over = turn.intent == "cancel" and PainText(content.triage).stops(turn.text)
    return _ask_again(memory, content) if is_to_be_answered and not is_over else None


def pending_question(memory: Memory, content: Content) -> Message | None:
    """The question that still waits for an answer, to be shown again after an interruption."""
    if not memory.triage:
        return None
    return _safety_question(memory, content) if _waits_for_safety(memory) else _question(memory, content)


def ends_questions(turn: Turn, content: Content) -> bool:
    """Whether the words themselves say "stop" or "goodbye"."""
    reader = PainText(content.triage)
    return reader.stops(turn.text) or reader.leaves(turn.text)


def _safety_question(memory: Memory, content: Content) -> Message:
    text = "tiers.safety_question_again" if (memory.triage or {}).get("again") else "tiers.safety_question"
    return Speaker.to(memory.language, content).question(text, "safety_question", _SAFETY_REPLIES)


def _safety_answer(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    if turn.choice and turn.choice not in _SAFETY_REPLIES:
        return None
    said = {YES: UNSAID, NO: NONE}.get(turn.choice or "") or _said(turn, content)
    if said == NONE:
        return _after_no_danger(memory, content)
    if said == UNSURE:
        return _unsure(memory, content)
    if said:
        sign = content.triage["signs"][said]
        return raise_alarm(Tier(sign["tier"]), sign["flag"], memory, content)
    return _ask_again(memory, content) if _answers_nothing(turn) else None


def _said(turn: Turn, content: Content) -> str | None:
    said = triage.danger_said(turn.text, content)
    is_question = turn.intent.startswith("ask_")
    if said is None and not is_question and PainText(content.triage).starts_with_yes(turn.text):
        return UNSAID
    return said


def _unsure(memory: Memory, content: Content) -> Reply:
    """Unsure is never no: asked once more in other words, then taken as a yes."""
    if (memory.triage or {}).get("again") == UNSURE:
        return raise_alarm(Tier.ED_NOW, None, memory, content)
    return _ask_again(memory, content, UNSURE)


def _answers_nothing(turn: Turn) -> bool:
    """Small talk, or a number where none is shown: no answer to a question about danger, and none is given to it."""
    return not turn.choice and not turn.safety_vote and (turn.intent in _SMALL_TALK or are_numbers(turn.text))


def _ask_again(memory: Memory, content: Content, *reason: str) -> Reply:
    memory = replace(memory, triage=triage.asked_again(memory.triage or {}, *reason), misses=0)
    if _waits_for_safety(memory):
        return Reply((_safety_question(memory, content),), replace(memory, offered=_SAFETY_REPLIES))
    return _reply(Progress(memory.triage, None), memory, content, ())


def _told_since(turn: Turn, memory: Memory, content: Content) -> Memory:
    state = memory.triage or {}
    facts = {**state.get("facts", {}), **triage.told(turn.text, content)}
    return replace(memory, triage={**state, "facts": facts})


def _after_no_danger(memory: Memory, content: Content) -> Reply:
    """Go on with the pain questions that the safety question interrupted, or answer what was asked, or begin.

    What the messages before told by themselves is not asked again, and a risk leads to a person.
    """
    state = memory.triage or {}
    facts, before = state.get("facts", {}), state.get("before")
    memory = replace(memory, triage=None)
    if before:
        before = {**before, "facts": {**before["facts"], **facts}}
        return _reply(Progress(before, None), memory, content, ())
    then = tuple(content.answer(ref) for ref in state.get("then", ()))
    if then and not facts.get("risk"):
        speaker = Speaker.to(memory.language, content)
        messages = tuple(speaker.answer(answer, with_replies=answer is then[-1]) for answer in then)
        return Reply(messages, replace(memory, topic=then[-1].ref, offered=then[-1].buttons))
    return _reply(triage.without_signs(facts, content), memory, content, ())


def _waits_for_safety(memory: Memory) -> bool:
    return bool(memory.triage and memory.triage["pending"] == SAFETY)


def _begin(turn: Turn, memory: Memory, content: Content, first: Message | None) -> Reply:
    opening = first or Speaker.to(memory.language, content).line("pain_acknowledged")
    return _reply(triage.begin(turn.text, content), memory, content, (opening,))


def _reply(progress: Progress, memory: Memory, content: Content, before: tuple[Message, ...]) -> Reply:
    if progress.outcome:
        return _outcome(progress, memory, content)
    memory = replace(memory, triage=progress.state, misses=0)
    message = _question(memory, content)
    assert progress.state is not None
    return Reply((*before, message), replace(memory, offered=triage.options(progress.state, content)))


def _question(memory: Memory, content: Content) -> Message:
    state = memory.triage or {}
    name, again = triage.question(state, content), ".again" if state.get("again") else ""
    text, options = f"triage.questions.{name}{again}", triage.options(state, content)
    return Speaker.to(memory.language, content).question(text, f"triage:{name}", options)


def _outcome(progress: Progress, memory: Memory, content: Content) -> Reply:
    outcome = progress.outcome
    assert outcome is not None
    memory = replace(memory, triage=None, misses=0)
    if outcome.tier and outcome.tier.outranks(Tier.CALL_TODAY):
        return raise_alarm(outcome.tier, outcome.flag, memory, content)
    answer = content.answer(outcome.card)
    message = Speaker.to(memory.language, content).answer(answer)
    calls = (CLINIC,) if outcome.hand_off else message.calls
    message = replace(message, calls=calls, tier=outcome.tier)
    return Reply((message,), replace(memory, topic=answer.ref, offered=answer.buttons))
