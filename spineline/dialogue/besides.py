"""An answer beside what matters more: beside "call today", and before the list of danger signs."""

from __future__ import annotations

from dataclasses import replace

from spineline.content.cards import Answer
from spineline.content.choice import ANSWER
from spineline.content.library import Content
from spineline.dialogue.alarms import can_wait
from spineline.dialogue.answering import find_answers, is_surely_answered, is_to_a_question
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Reply, Turn

_SURE = 0.3  # chance from which an answer is given


def beside_today(reply: Reply, turn: Turn, content: Content) -> Reply:
    """Beside "call today" there is time for the answer to what was asked; beside an emergency there is none."""
    if not can_wait(reply.memory):
        return reply
    return Reply((*reply.messages, *_answered(turn, reply.memory, content)), reply.memory)


def before_the_signs(reply: Reply, turn: Turn, content: Content) -> Reply:
    """ "My back hurts when I wash the dishes": what is known of that, before the list of danger signs."""
    *before, waiting = reply.messages
    return replace(reply, messages=(*before, *_answered(turn, reply.memory, content), waiting))


def _answered(turn: Turn, memory: Memory, content: Content) -> tuple[Message, ...]:
    """The answer to what a message surely asks or taps, without quick replies; none where it asks nothing."""
    speaker, answers = Speaker.to(memory.language, content), _answers(turn, memory, content)
    return tuple(speaker.answer(a, with_replies=False) for a in answers if is_to_a_question(a, content))


def _answers(turn: Turn, memory: Memory, content: Content) -> tuple[Answer, ...]:
    if turn.choice:
        return (content.answer(turn.choice),) if content.choices[turn.choice].kind == ANSWER else ()
    return find_answers(turn, memory, content)[:1] if is_surely_answered(turn, content, _SURE) else ()
