"""One turn: a message as understood and what is remembered go in, the answer and the new memory come out.

The steps stand in the order of what matters: danger first, then an open alarm, then what we asked, then what the
person asks. Nothing here knows Rasa.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from spineline.content.cards import Answer
from spineline.content.choice import ANSWER, REPLIES
from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.dialogue import pain
from spineline.dialogue.alarms import (
    close_alarm,
    is_open,
    raise_alarm,
    reminder,
    said_to_close,
)
from spineline.dialogue.answering import find_answers
from spineline.dialogue.choices import typed_choice
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Reply, Turn
from spineline.text.language import OTHER
from spineline.text.letters import words

LONGEST_MESSAGE = 1000  # characters that the model reads
_NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
_HELP_STILL_GIVEN = frozenset(
    "ask_contact ask_hours_location ask_doctor ask_privacy book_appointment bot_challenge change_language "
    "goodbye request_callback talk_to_human thanks".split()
)
_ABOUT_DATA = frozenset(("ask_privacy", "cancel", "nlu_fallback", "out_of_scope", "report_red_flag"))
_WAYS_ON = ("help/about", "contact/about")

Step = Callable[[Turn, Memory, Assessment, Content], Reply | None]


def respond(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Answer one message. There is always at least one message in the reply."""
    assessment = _assess(turn, memory, content)
    memory = _remember(turn, memory, assessment, content)
    turn = _with_choice(turn, memory, content)
    replies = (step(turn, memory, assessment, content) for step in _STEPS)
    reply = next(reply for reply in replies if reply)
    if turn.intent == "greet" and not content.reviewed:
        reply = _with_line("pending_review", reply, content)
    return _with_emergency_line(reply, content)


def _assess(turn: Turn, memory: Memory, content: Content) -> Assessment:
    """The verdict that came with the message, with what was said earlier; only who brings none is judged here."""
    if turn.choice:
        return Assessment()
    danger = content.red_flags.assess(turn.text) if turn.danger is None else turn.danger
    return content.red_flags.with_earlier(danger, memory.concepts)


def _remember(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Memory:
    told = (turn.language, turn.wished_language)
    language = next((one for one in told if one in content.clinic.languages), memory.language)
    if turn.intent == "change_language":
        language = content.languages.asked_for(turn.text) or language
    concepts = tuple(sorted({*memory.concepts, *assessment.concepts}))
    return replace(memory, language=language, concepts=concepts)


def _with_choice(turn: Turn, memory: Memory, content: Content) -> Turn:
    """A typed number or part of a title becomes the choice that it means; a choice brings its own intent."""
    choice = turn.choice or typed_choice(turn.text, memory.offered, content, turn.numbered)
    if choice and content.choices[choice].kind == ANSWER:
        return replace(turn, choice=choice, intent=content.choices[choice].intent)
    return replace(turn, choice=choice)


def _danger(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    flag = assessment.alarm
    return raise_alarm(flag.tier, flag.id, memory, content) if flag else None


def _alarm_reply(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    if turn.choice in REPLIES and memory.alarm:
        return close_alarm(turn.choice, memory, content)
    said = said_to_close(turn.text, content) if is_open(memory) and not turn.choice else None
    return close_alarm(said, memory, content) if said else None


def _own_data(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "Delete my data" and "what do you know about me": the channel does it, and says what really happened."""
    on_another_subject = turn.intent.startswith(("ask_", "report_")) and turn.intent != "ask_privacy"
    wish = None if turn.choice or on_another_subject else content.privacy.wish(turn.text)
    if not wish:
        return None
    line = "forgotten" if wish == "forget" else "known_about_you"
    message = replace(Speaker.to(memory.language, content).line(line), wish=wish)
    return Reply((reminder(memory, content), message) if is_open(memory) else (message,), memory)


def _open_alarm(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Until the alarm is taken care of the advice is repeated; only ways to reach people are answered."""
    if not is_open(memory):
        return None
    messages: tuple[Message, ...] = (reminder(memory, content),)
    card = content.default_cards.get(turn.intent)
    if card and turn.intent in _HELP_STILL_GIVEN:
        messages += (Speaker.to(memory.language, content).answer(card.answers["about"], with_replies=False),)
    return Reply(messages, replace(memory, offered=REPLIES))


def _unreadable(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Nothing to read, too much to read, or another language."""
    if turn.choice:
        return None
    if not words(turn.text):
        return _line("empty_message", memory, content)
    if turn.too_long or len(turn.text) > LONGEST_MESSAGE:
        return _line("too_long", memory, content)
    if turn.language == OTHER and turn.intent != "change_language":
        return _other_language(memory, content)
    return None


def _our_question(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    return pain.continue_questions(turn, memory, content)


def _pain(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Severe pain, said to the rules or to the classifier, brings the number first, whatever else is asked."""
    if turn.choice:
        return None
    if turn.safety_vote:
        return pain.vote_for_danger(turn, find_answers(turn, memory, content), memory, content)
    severe = assessment.red_flag is not None and not assessment.red_flag.takes_over
    if severe or turn.intent == "report_severe_pain":
        return pain.report_severe(turn, memory, content)
    if turn.intent == "report_mild_pain":
        return pain.report_mild(turn, memory, content)
    return None


def _chosen(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """A tapped quick reply leads to its own answer."""
    if not turn.choice:
        return None
    if content.choices[turn.choice].kind != ANSWER:
        return _line("choose_again", memory, content)
    return _answered((content.answer(turn.choice),), memory, content)


def _asked(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Answer what is asked, then come back to a question of ours that still waits."""
    answers = find_answers(turn, memory, content)
    return _answered(answers, memory, content) if answers else None


def _language_wish(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    if turn.intent != "change_language" or turn.choice:
        return None
    if turn.language == OTHER or not content.languages.asked_for(turn.text):
        return None
    return _line("switched_language", memory, content)


def _ended(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "Stop" and "goodbye" end our questions; while one waits, only in words that say so."""
    if turn.intent not in ("cancel", "goodbye") or turn.choice or _names_its_card(turn, content):
        return None
    if memory.triage and not pain.ends_questions(turn, content):
        return _not_understood(turn, memory, assessment, content)
    return _answered((content.default_cards[turn.intent].answers["about"],), replace(memory, triage=None), content)


def _names_its_card(turn: Turn, content: Content) -> bool:
    """ "Cancel my appointment" is asked of the front desk."""
    named = (card for e in turn.entities for card in content.named_cards.get((e.label, e.value), ()))
    return any(turn.intent in card.intents for card in named)


def _not_understood(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """First the likeliest topics, then the phone number; never the same sorry twice running."""
    waiting, again = pain.pending_question(memory, content), memory.misses % 2 == 1
    if waiting:
        name = "not_understood_again" if again else "not_understood_first"
        reply = Reply((Speaker.to(memory.language, content).line(name, call=again), waiting), memory)
    elif turn.intent == "out_of_scope" and not again:
        reply = _answered((content.default_cards["out_of_scope"].answers["about"],), memory, content)
    elif again:
        reply = _line("not_understood_again", memory, content, call=True)
    else:
        reply = _line("not_understood_first", memory, content, choices=_likeliest(turn, content))
    return replace(reply, memory=replace(reply.memory, misses=memory.misses + 1))


def _likeliest(turn: Turn, content: Content) -> tuple[str, ...]:
    """The cards of the two likeliest questions, and a way to all topics."""
    intents = [i for i in turn.ranking if i in content.default_cards and i.startswith("ask_")]
    return (*(f"{content.default_cards[i].id}/about" for i in intents[:2]), "help/about")


def _answered(answers: tuple[Answer, ...], memory: Memory, content: Content) -> Reply:
    speaker, last = Speaker.to(memory.language, content), answers[-1]
    waiting = pain.pending_question(memory, content)
    messages = tuple(speaker.answer(a, with_replies=a is last and not waiting) for a in answers)
    offered = memory.offered if waiting else last.buttons
    memory = replace(memory, topic=_topic(last, memory, content), offered=offered, misses=0)
    return Reply((*messages, waiting) if waiting else messages, memory)


def _topic(answer: Answer, memory: Memory, content: Content) -> str | None:
    """What a follow-up will mean: the last question, over a "thanks" in between."""
    asked = content.cards[answer.card].intents[0].startswith("ask_")
    return answer.ref if asked else memory.topic


def _line(
    name: str, memory: Memory, content: Content, choices: tuple[str, ...] = _WAYS_ON, call: bool = False
) -> Reply:
    waiting, speaker = pain.pending_question(memory, content), Speaker.to(memory.language, content)
    if waiting:
        return Reply((speaker.line(name, call=call), waiting), memory)
    return Reply((speaker.line(name, choices, call=call),), replace(memory, offered=choices))


def _other_language(memory: Memory, content: Content) -> Reply:
    message = Speaker.to(memory.language, content).line("other_language", call=True)
    parts = tuple(content.part("lines.other_language", language) for language in content.clinic.languages)
    return Reply((replace(message, parts=parts),), replace(memory, offered=()))


def _with_emergency_line(reply: Reply, content: Content) -> Reply:
    """After an alarm was taken care of, every answer still ends with the emergency line."""
    alarm = reply.memory.alarm
    if not alarm or alarm["open"]:
        return reply
    return _with_line("not_emergency_line", reply, content)


def _with_line(name: str, reply: Reply, content: Content) -> Reply:
    *before, last = reply.messages
    part = Speaker.to(reply.memory.language, content).part(f"lines.{name}")
    return replace(reply, messages=(*before, last.plus(part)))


_STEPS: tuple[Step, ...] = (
    _danger,
    _alarm_reply,
    _own_data,
    _open_alarm,
    _unreadable,
    _our_question,
    _pain,
    _chosen,
    _language_wish,
    _ended,
    _asked,
    _not_understood,
)
