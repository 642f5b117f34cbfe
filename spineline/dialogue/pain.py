"""A person reports pain, or something that may be danger: a list of danger signs, a few questions, then where to go.

Severe pain brings the clinic's number first. While the list is open it alone reads the message, after the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from spineline.content.cards import Answer
from spineline.content.choice import BACK, TRIAGE
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import danger_list, person, triage
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.choices import are_numbers
from spineline.dialogue.pain_words import MILD, NONE, OTHER, UNSAID, UNSURE, Facts, PainText
from spineline.dialogue.speaker import CLINIC, Speaker
from spineline.dialogue.triage import SIGN, SIGNS, Progress
from spineline.dialogue.turn import Memory, Message, Reply, Turn

_WAYS_ON = ("help/about", "contact/about")
_JOINT = "another joint"  # the topic of content/entities/topic.yml that names a part and that it hurts
_NUMBER = "number"  # why the danger signs are asked again: a score, or something else that is no answer
_MOST_INTERRUPTIONS = 2
# While the danger signs are asked these ask for nothing, so the question comes back instead of a card.
_SMALL_TALK = frozenset("affirm bot_challenge cancel deny feedback goodbye greet help thanks".split())


Report = Callable[[Turn, Memory, Content], Reply]


def reported(turn: Turn, content: Content) -> Report | None:
    """How a message that the classifier takes for a report of pain is met; None when it is none.

    Severe pain needs pain: what is said to be mild, or to be none, is not taken for severe.
    """
    if turn.intent not in ("report_severe_pain", "report_mild_pain"):
        return None
    levels = {entity.value for entity in turn.entities if entity.label == "pain_level"}
    told = PainText(content.triage).pain_told(turn.text, triage.told(turn, content), levels)
    if told == NONE:
        return report_none
    if turn.intent == "report_mild_pain" or told == MILD:
        return report_mild
    return report_severe if told or levels else _report_of_a_place(turn)


def _report_of_a_place(turn: Turn) -> Report | None:
    """Without a word of pain: a part of the body may hurt, all else is no report."""
    return report_mild if any(entity.label in ("body_part", "muscle") for entity in turn.entities) else None


def tells_of_pain(turn: Turn, content: Content) -> bool:
    """Whether the words themselves say that something hurts."""
    return PainText(content.triage).pain_told(turn.text, triage.told(turn, content)) not in (None, NONE)


def is_elsewhere(turn: Turn, content: Content) -> bool:
    """Whether nothing hurts but what has nothing to do with the spine: a knee, a hand."""
    parts = {entity.value for entity in turn.entities if entity.label in ("body_part", "muscle")}
    named = any(entity.label == "topic" and entity.value == _JOINT for entity in turn.entities)
    return (named or bool(parts)) and parts <= set(content.triage["elsewhere"])


def report_none(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Nothing hurts: no question of ours, unless one waits already."""
    waiting = pending_question(memory, content)
    if waiting:
        return Reply((waiting,), memory)
    message = Speaker.to(memory.language, content).line("no_pain", _WAYS_ON)
    return Reply((message,), replace(memory, offered=_WAYS_ON, misses=0))


def report_mild(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Acknowledge and start the questions; what the message already tells is not asked again."""
    waiting = pending_question(memory, content)
    if waiting:
        return Reply((waiting,), memory)
    return _begin(turn, memory, content, first=None)


def begin_again(facts: Facts, opening: str, memory: Memory, content: Content) -> Reply:
    """Start with the danger signs for somebody who comes back; what is known is not asked again.

    Args:
        opening: the name of the text that is said first.
    """
    first = Speaker.to(memory.language, content).named(opening, "pain_acknowledged")
    state = {"pending": SIGNS, "lead": [], "facts": dict(facts)}
    return _reply(Progress(state, None), memory, content, (first,))


def report_severe(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Physician, clinic and number before anything else, with the list of danger signs to tap."""
    card = content.default_cards["report_severe_pain"].answers["about"]
    first = Speaker.to(memory.language, content).answer(card, with_replies=False)
    first = replace(first, tier=Tier.CALL_TODAY)
    if memory.is_asked and not asks_for_signs(memory):
        return Reply((first,), replace(memory, triage=None, offered=(), misses=0))
    return _begin(turn, memory, content, first)


def vote_for_danger(turn: Turn, then: Iterable[Answer], memory: Memory, content: Content) -> Reply:
    """The rules are silent but the classifier votes danger: the list decides, led by what this message may be about.

    Args:
        then: what is answered when none of the signs is there; a report of pain is met with the other questions.
    """
    told, lead = triage.told(turn, content), danger_list.leading(turn.text, turn.likely, content)
    if asks_for_signs(memory):
        state = dict(memory.triage or {})
        state |= {"facts": {**state["facts"], **told}, "lead": lead or state.get("lead", []), "from": 0}
        memory = replace(memory, triage=state)
        if triage.tells_only_facts(turn.text, {**told, **triage.course(turn.text, content)}, content):
            return _ask_again(memory, content)
        return _unsure(memory, content)
    refs = [] if turn.intent.startswith("report_") else [answer.ref for answer in then]
    before = memory.triage if memory.is_asked else None
    facts = {**triage.of_the_person(memory.triage), **told}
    state = {"pending": SIGNS, "vote": True, "lead": lead, "then": refs, "before": before, "facts": facts}
    return _ask({**state, **_shape(turn)}, memory, content)


def continue_questions(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """Take the answer to the pending question; None when nothing is pending or the message answers nothing."""
    if not memory.is_asked:
        return None
    before = _back(turn, memory, content)
    if before:
        return before
    if asks_for_signs(memory):
        return _signs_answer(turn, memory, content)
    progress = triage.take(turn.text, turn.choice, memory.triage or {}, content)
    if not progress and _wants_the_end(turn, content):
        progress = triage.finish(memory.triage or {}, content)
    if not progress:
        progress = _tells_more(turn, memory, content)
    return _reply(_after(memory.triage, progress), memory, content, ()) if progress else None


def _back(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    """To the question before, with what was known then; risks that were told meanwhile hold for any pain."""
    state: Mapping[str, Any] = memory.triage or {}
    typed = not turn.choice and not asks_for_signs(memory) and PainText(content.triage).goes_back(turn.text)
    if turn.choice != BACK and not typed:
        return None
    before = state.get("back") or state
    facts = {**triage.of_the_person(state), **before["facts"]}
    return _ask({**before, "facts": facts}, memory, content)


def _tells_more(turn: Turn, memory: Memory, content: Content) -> Progress | None:
    """Something about the pain that answers another question: noted, and the one that waits comes again."""
    told = {**triage.told(turn, content), **triage.course(turn.text, content)}
    if turn.choice or not triage.tells_only_facts(turn.text, told, content):
        return None
    return triage.go_on({**(memory.triage or {})["facts"], **told}, content)


def _wants_the_end(turn: Turn, content: Content) -> bool:
    """ "Just tell me", "what do I do now", "thanks": no more questions, but what follows from the answers."""
    return not turn.choice and (turn.intent == "thanks" or content.moves.of(turn.text) in ("now", "shorter"))


def pending_question(memory: Memory, content: Content) -> Message | None:
    """The question that still waits for an answer, to be shown again after an interruption."""
    return _question(memory, content) if memory.is_asked else None


def after_interruption(memory: Memory, content: Content) -> tuple[Message | None, Memory]:
    """The question that comes back after something else was answered: at most twice, then it may be left."""
    if not memory.is_asked:
        return None, memory
    state: Mapping[str, Any] = memory.triage or {}
    times = state.get("interrupted", 0) + 1
    if times > _MOST_INTERRUPTIONS:
        left = Speaker.to(memory.language, content).line("questions_left", call=True)
        return left, replace(memory, triage=None, offered=())
    memory = replace(memory, triage={**state, "interrupted": times})
    return _question(memory, content), memory


def ends_questions(turn: Turn, content: Content) -> bool:
    """Whether the words themselves say "stop" or "goodbye"."""
    reader = PainText(content.triage)
    return reader.stops(turn.text) or reader.leaves(turn.text)


def asks_for_signs(memory: Memory) -> bool:
    """Whether the list of danger signs waits for an answer."""
    return bool(memory.triage and memory.triage["pending"] == SIGNS)


def _signs_answer(turn: Turn, memory: Memory, content: Content) -> Reply | None:
    state: Mapping[str, Any] = memory.triage or {}
    said = _said(turn, content)
    told = triage.told(turn, content)
    memory = replace(memory, triage={**state, "facts": {**state["facts"], **told}})
    if said and said in content.triage["signs"]:
        sign = danger_list.meant(said, state, content)
        others = danger_list.further(said, turn.also, content)
        return raise_alarm(sign.tier, sign.flag, memory, content, further=others)
    if said in (NONE, OTHER):
        return _not_on_this_page(said, memory, content)
    if said == UNSURE or (said == "skip" and state.get("vote")):
        return _unsure(memory, content)
    if said == "skip":
        return _without_signs({SIGN: None}, memory, content)
    more = {**told, **triage.course(turn.text, content)}
    return _ask_again(memory, content) if _answers_nothing(turn, more, state, content) else None


def _said(turn: Turn, content: Content) -> str | None:
    """A sign, "none", "other", "unsure" or "skip"; None when the message answers nothing."""
    if turn.choice:
        option = content.choices[turn.choice]
        means = content.triage["means"].get(option.name, {}) if option.kind == TRIAGE else {}
        return means.get(SIGN) or ("skip" if option.name == "skip" and option.kind == TRIAGE else None)
    said = triage.danger_said(turn.text, content)
    is_question = turn.intent.startswith("ask_")
    if said is None and not is_question and PainText(content.triage).starts_with_yes(turn.text):
        return UNSAID
    return said


def _not_on_this_page(said: str, memory: Memory, content: Content) -> Reply:
    """The next signs; after the last "none" goes on, and something else that is not named counts as unsure."""
    more = danger_list.next_page(memory.triage or {}, said, content)
    if more:
        return _ask(more, memory, content)
    return _without_signs({SIGN: NONE}, memory, content) if said == NONE else _unsure(memory, content)


def _unsure(memory: Memory, content: Content) -> Reply:
    """Unsure is never no: asked once more in other words, then the most urgent of what leads the list."""
    state: Mapping[str, Any] = memory.triage or {}
    if state.get("again") != UNSURE:
        return _ask_again(memory, content, UNSURE)
    sign = danger_list.meant(UNSAID, state, content)
    return raise_alarm(sign.tier, sign.flag, memory, content)


def _answers_nothing(turn: Turn, told: Facts, state: Mapping[str, Any], content: Content) -> bool:
    """Small talk, or a number where none is shown: no answer to a question about danger, and none is given to it."""
    if turn.choice or turn.safety_vote:
        return False
    reader = PainText(content.triage)
    if turn.intent == "cancel" and reader.stops(turn.text) and not state.get("vote"):
        return False
    is_thanks = turn.intent == "thanks" and not state.get("vote")
    is_small_talk = turn.intent in _SMALL_TALK and not is_thanks
    facts = {name: value for name, value in told.items() if state["facts"].get(name) != value}
    return is_small_talk or are_numbers(turn.text) or triage.tells_only_facts(turn.text, facts, content)


def _ask_again(memory: Memory, content: Content, reason: str = _NUMBER) -> Reply:
    state: Mapping[str, Any] = memory.triage or {}
    again = state.get("again") if reason == _NUMBER and state.get("again") else reason
    return _ask({**state, "again": again}, memory, content)


def _ask(state: Mapping[str, Any], memory: Memory, content: Content) -> Reply:
    return _reply(Progress(state, None), memory, content, ())


def _without_signs(sign: Facts, memory: Memory, content: Content) -> Reply:
    """Go on with the questions that the list interrupted, or answer what was asked, or with the next question.

    What the messages before told by themselves is not asked again, and a risk leads to a person.
    """
    state: Mapping[str, Any] = memory.triage or {}
    facts, before = {**state["facts"], **sign}, state.get("before")
    memory = replace(memory, triage=None)
    if before:
        return _reply(Progress({**before, "facts": {**before["facts"], **facts}}, None), memory, content, ())
    then = tuple(content.answer(ref) for ref in state.get("then", ()))
    if then and not facts.get("risk"):
        speaker = Speaker.to(memory.language, content)
        messages = tuple(speaker.answer(answer, with_replies=answer is then[-1]) for answer in then)
        return Reply(messages, replace(memory, topic=then[-1].ref, offered=then[-1].buttons))
    return _reply(_after(state, triage.go_on(facts, content)), memory, content, ())


def _after(before: Mapping[str, Any] | None, progress: Progress) -> Progress:
    """The next question, which knows the way back to the one before."""
    return replace(progress, state={**progress.state, "back": before}) if progress.state and before else progress


def _begin(turn: Turn, memory: Memory, content: Content, first: Message | None) -> Reply:
    opening = first or Speaker.to(memory.language, content).line("pain_acknowledged")
    risk = person.risk_of(memory, content)
    known = {**({"risk": risk} if risk else {}), **triage.of_the_person(memory.triage)}
    facts = {**known, **triage.told(turn, content)}
    lead = danger_list.leading(turn.text, turn.likely, content, hints=False)
    state = {"pending": SIGNS, "lead": lead, "facts": facts, **_shape(turn)}
    return _reply(Progress(state, None), memory, content, (opening,))


def _shape(turn: Turn) -> dict[str, bool]:
    return {"grouped": True} if turn.numbered else {}


def _reply(progress: Progress, memory: Memory, content: Content, before: tuple[Message, ...]) -> Reply:
    if progress.outcome:
        return _outcome(progress, memory, content)
    assert progress.state is not None
    memory = replace(memory, triage=progress.state, misses=0)
    return Reply(
        (*before, _question(memory, content)), replace(memory, offered=triage.options(progress.state, content))
    )


def _question(memory: Memory, content: Content) -> Message:
    state: Mapping[str, Any] = memory.triage or {}
    name = triage.question(state, content)
    text, options = f"triage.questions.{name}{_wording(state)}", triage.options(state, content)
    return Speaker.to(memory.language, content).question(text, f"triage:{name}", options)


def _wording(state: Mapping[str, Any]) -> str:
    if state["pending"] != SIGNS:
        return ""
    if state.get("again"):
        return ".again"
    return ".more" if state.get("from") else ".first" if state.get("vote") else ""


def _outcome(progress: Progress, memory: Memory, content: Content) -> Reply:
    outcome = progress.outcome
    assert outcome is not None
    if outcome.tier and (outcome.flag or outcome.tier.outranks(Tier.CALL_TODAY)):
        return raise_alarm(outcome.tier, outcome.flag, replace(memory, triage=None, misses=0), content)
    answer = content.answer(outcome.card)
    message = Speaker.to(memory.language, content).answer(answer)
    calls = (CLINIC,) if outcome.hand_off else message.calls
    message = replace(message, calls=calls, tier=outcome.tier)
    kept = {"pending": None, "verdict": outcome.card, "facts": outcome.facts}
    return Reply((message,), replace(memory, triage=kept, topic=answer.ref, offered=answer.buttons, misses=0))
