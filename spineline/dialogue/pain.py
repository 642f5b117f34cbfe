"""A person reports pain: the clinic's number first when it is severe, then a few questions, then where to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spineline.content.cards import Answer
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import triage
from spineline.dialogue.alarms import DEFAULT_LANGUAGE, raise_alarm
from spineline.dialogue.render import answer_message, call_button, data, line_message, quick_replies
from spineline.dialogue.triage import Progress
from spineline.dialogue.turn import Memory, Message, Reply, Turn

_SAFETY = "safety"
_SAFETY_REPLIES = ("line:yes", "line:no")


def report_mild(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Acknowledge and start the questions; what the message already tells is not asked again."""
    waiting = pending_question(memory, content)
    if waiting:
        return Reply((waiting,), memory)
    return _begin(turn, memory, content, first=None)


def report_severe(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Physician, clinic and number before anything else, with the list of danger signs to tap."""
    card = content.default_cards["report_severe_pain"].answers["about"]
    first = answer_message(card, _language(memory), content, with_replies=False)
    first = replace(first, data={**first.data, "tier": Tier.CALL_TODAY.value})
    if memory.triage and memory.triage["pending"] not in ("signs", _SAFETY):
        return Reply((first,), replace(memory, triage=None, offered=(), misses=0))
    return _begin(turn, memory, content, first)


def vote_for_danger(then: Iterable[Answer], memory: Memory, content: Content) -> Reply:
    """The rules are silent but the classifier votes danger: one plain question decides, a second vote is a yes.

    Args:
        then: what is answered after a no.
    """
    if _waits_for_safety(memory):
        return raise_alarm(Tier.ED_NOW, None, memory, content)
    state = {"pending": _SAFETY, "then": [answer.ref for answer in then], "before": memory.triage}
    memory = replace(memory, triage=state, offered=_SAFETY_REPLIES, misses=0)
    return Reply((_safety_question(memory, content),), memory)


def continue_questions(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """Take the answer to the pending question; None when nothing is pending or the message answers nothing."""
    if not memory.triage:
        return None
    if _waits_for_safety(memory):
        return _safety_answer(turn, memory, content)
    progress = triage.take(turn.text, turn.choice, memory.triage, content)
    return _reply(progress, memory, content, ()) if progress else None


def pending_question(memory: Memory, content: Content) -> Message | None:
    """The question that still waits for an answer, to be shown again after an interruption."""
    if not memory.triage:
        return None
    return _safety_question(memory, content) if _waits_for_safety(memory) else _question(memory, content)


def _safety_question(memory: Memory, content: Content) -> Message:
    language = _language(memory)
    text = content.tiers["safety_question"][language]
    return Message(text, quick_replies(_SAFETY_REPLIES, language, content), data(language, card="safety_question"))


def _safety_answer(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    answer = turn.choice or {"affirm": "line:yes", "deny": "line:no"}.get(turn.intent)
    if answer == "line:yes":
        return raise_alarm(Tier.ED_NOW, None, memory, content)
    if answer == "line:no":
        return _after_no_danger(memory, content)
    return None


def _after_no_danger(memory: Memory, content: Content) -> Reply:
    """Go on with the pain questions that the safety question interrupted, or answer what was asked, or begin."""
    state = memory.triage or {}
    then = tuple(content.answer(ref) for ref in state.get("then", ()))
    memory = replace(memory, triage=state.get("before"))
    if memory.triage:
        return _reply(Progress(memory.triage, None), memory, content, ())
    if then:
        language = _language(memory)
        messages = tuple(answer_message(answer, language, content, answer is then[-1]) for answer in then)
        return Reply(messages, replace(memory, topic=then[-1].ref, offered=then[-1].buttons))
    asked = triage.begin("", content)
    progress = triage.take("", "triage:none", asked.state or {}, content) or asked
    return _reply(progress, memory, content, ())


def _waits_for_safety(memory: Memory) -> bool:
    return bool(memory.triage and memory.triage["pending"] == _SAFETY)


def _begin(turn: Turn, memory: Memory, content: Content, first: Message | None) -> Reply:
    opening = first or line_message("pain_acknowledged", _language(memory), content)
    return _reply(triage.begin(turn.text, content), memory, content, (opening,))


def _reply(progress: Progress, memory: Memory, content: Content, before: tuple[Message, ...]) -> Reply:
    if progress.outcome:
        return _outcome(progress, memory, content)
    memory = replace(memory, triage=progress.state, misses=0)
    message = _question(memory, content)
    assert progress.state is not None
    return Reply((*before, message), replace(memory, offered=triage.options(progress.state, content)))


def _question(memory: Memory, content: Content) -> Message:
    language, state = _language(memory), memory.triage or {}
    name = triage.question(state, content)
    buttons = quick_replies(triage.options(state, content), language, content)
    text = content.fill(content.triage["questions"][name][language], language)
    return Message(text, buttons, data(language, card=f"triage:{name}"))


def _outcome(progress: Progress, memory: Memory, content: Content) -> Reply:
    outcome = progress.outcome
    assert outcome is not None
    memory = replace(memory, triage=None, misses=0)
    if outcome.tier and outcome.tier.outranks(Tier.CALL_TODAY):
        return raise_alarm(outcome.tier, outcome.flag, memory, content)
    answer = content.answer(outcome.card)
    language = _language(memory)
    message = answer_message(answer, language, content)
    if outcome.hand_off and not answer.call:
        message = replace(message, buttons=(call_button("clinic", language, content), *message.buttons))
    tier = outcome.tier.value if outcome.tier else None
    message = replace(message, data={**message.data, "tier": tier})
    return Reply((message,), replace(memory, topic=answer.ref, offered=answer.buttons))


def _language(memory: Memory) -> str:
    return memory.language or DEFAULT_LANGUAGE
