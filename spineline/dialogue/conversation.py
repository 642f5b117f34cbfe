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
from spineline.danger.tiers import Tier
from spineline.dialogue import checkin, moves, pain, person, routines
from spineline.dialogue.alarm_words import asked_about
from spineline.dialogue.alarms import (
    answer_afterwards,
    answer_directly,
    close_alarm,
    holds,
    is_open,
    raise_alarm,
    raise_alarms,
    remind,
    said_to_close,
    says_yes,
)
from spineline.dialogue.answering import (
    asks_in_particular,
    find_answers,
    is_asked_for,
    is_small_talk,
    is_surely,
    is_surely_answered,
    is_to_a_question,
    nearest_answers,
)
from spineline.dialogue.besides import before_the_signs, beside_today
from spineline.dialogue.choices import typed_choice, typed_title
from spineline.dialogue.once import say_once
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.suited import in_general, suited
from spineline.dialogue.together import read_together
from spineline.dialogue.turn import Memory, Message, Reply, Turn
from spineline.text.language import OTHER
from spineline.text.letters import words

LONGEST_MESSAGE = 1000  # characters that the model reads
_NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
_HELP_STILL_GIVEN = frozenset(
    "ask_contact ask_hours_location ask_doctor ask_privacy book_appointment bot_challenge change_language "
    "request_callback talk_to_human".split()
)
_ABOUT_DATA = frozenset(("ask_privacy", "cancel", "nlu_fallback", "out_of_scope", "report_red_flag"))
_SMALL_TALK = frozenset(("affirm", "deny", "help"))  # while our question waits these get it again, and nothing else
_FEW = 6  # words that may mean something else in a conversation than alone
_MOST_WHOLE = 2  # answers to one message that are said whole; more of them are said in short
_SURE = 0.8  # chance from which who tells about herself surely asks: "pregnancy belt yes or no"
_INTERPRETER = "interpreter/about"
_ELSEWHERE = "other_joints/about"
_GREETING = "greet/about"
_WAYS_ON = ("help/about", "contact/about")

Step = Callable[[Turn, Memory, Assessment, Content], Reply | None]


def respond(turn: Turn, memory: Memory, content: Content) -> Reply:
    """Answer one message. There is always at least one message in the reply."""
    assessment = _assess(turn, memory, content)
    before, turn = memory, checkin.with_time(person.listen(turn, memory, content), memory)
    memory = checkin.after_a_while(turn, memory, content)
    memory = person.remember(turn.told, _remember(turn, memory, assessment, content))
    turn = _with_choice(turn, memory, content)
    replies = (step(turn, memory, assessment, content) for step in _STEPS)
    reply = next(reply for reply in replies if reply)
    reply = checkin.bind(person.honour(turn.told, before, reply, content), content)
    reply = checkin.follow_up(turn, before, reply, content)
    reply = say_once(checkin.note_verdict(before, reply, content), content)
    if not content.reviewed and any(message.card == _GREETING for message in reply.messages):
        reply = _with_line("pending_review", reply, content)
    return _with_emergency_line(reply, content)


def _assess(turn: Turn, memory: Memory, content: Content) -> Assessment:
    """The verdict that came with the message, with what was said earlier; only who brings none is judged here."""
    if turn.choice:
        return Assessment()
    danger = content.red_flags.assess(turn.text) if turn.danger is None else turn.danger
    danger = content.red_flags.with_earlier(danger, memory.concepts)
    return danger if danger.alarm else read_together(turn.text, turn.recent, content) or danger


def _remember(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Memory:
    told = (turn.language, turn.wished_language)
    language = next((one for one in told if one in content.clinic.languages), memory.language)
    if turn.intent == "change_language" and not _asks_of_people(turn, content):
        language = content.languages.asked_for(turn.text) or language
    concepts = tuple(sorted({*memory.concepts, *assessment.concepts}))
    return replace(memory, language=language, concepts=concepts)


def _with_choice(turn: Turn, memory: Memory, content: Content) -> Turn:
    """A typed number or part of a title becomes the choice that it means; a choice brings its own intent."""
    offered = turn.choice or typed_choice(turn.text, memory.offered, content, turn.numbered)
    choice = offered or typed_title(turn.text, content)
    if choice and content.choices[choice].kind == ANSWER:
        return replace(turn, choice=choice, intent=content.choices[choice].intent)
    return replace(turn, choice=choice)


def _danger(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    found = [*(flag.tier for flag in assessment.alarms), *([turn.net_alarm[0]] if turn.net_alarm else [])]
    is_only_that = bool(found) and not turn.choice and all(tier is Tier.CRISIS_988 for tier in found)
    if is_only_that and says_yes(turn.text, memory, content):
        return answer_directly(turn.text, memory, content)
    if turn.net_alarm and not turn.choice and not holds(memory, turn.net_alarm[0]) and not _has_a_place(turn, memory):
        further = [(flag.tier, flag.id) for flag in assessment.alarms]
        if not further or turn.net_alarm[0].outranks(further[0][0]):
            return raise_alarm(*turn.net_alarm, memory, content, turn.text, further)
    if not assessment.alarm:
        return None
    return beside_today(raise_alarms(assessment.alarms, memory, content, turn.text), turn, content)


def _has_a_place(turn: Turn, memory: Memory) -> bool:
    """Whether a few words that only hint at suicide may mean something else here: "all of them", "what if I don't"."""
    is_talk = bool(memory.topic) or memory.is_asked or is_open(memory)
    return turn.net_hints and is_talk and len(words(turn.text)) <= _FEW


def _alarm_reply(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    if turn.choice in REPLIES and memory.alarm:
        return close_alarm(turn.choice, memory, content)
    if turn.choice:
        return None
    said = said_to_close(turn.text, memory, content)
    if said:
        return close_alarm(said, memory, content, turn.text)
    return answer_directly(turn.text, memory, content) or answer_afterwards(turn.text, memory, content)


def _own_data(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "Delete my data" and "what do you know about me": the channel does it, and says what really happened."""
    on_another_subject = turn.intent.startswith(("ask_", "report_")) and turn.intent != "ask_privacy"
    wish = None if turn.choice or on_another_subject else content.privacy.wish(turn.text)
    if not wish:
        return None
    line = "forgotten" if wish == "forget" else "known_about_you"
    message = replace(Speaker.to(memory.language, content).line(line), wish=wish)
    known = person.known(memory, content) if wish == "tell" else None
    messages = (message, known) if known else (message,)
    if not is_open(memory):
        return Reply(messages, memory)
    reminder, memory = remind("", memory, content)
    return Reply((reminder, *messages), memory)


def _open_alarm(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Until the alarm is taken care of the advice is repeated; only ways to reach people are answered."""
    if not is_open(memory):
        return None
    reminder, memory = remind("" if turn.choice else turn.text, memory, content)
    messages: tuple[Message, ...] = (reminder,)
    card = content.default_cards.get(turn.intent)
    is_answered = not turn.choice and asked_about(turn.text, content) is not None
    if card and turn.intent in _HELP_STILL_GIVEN and not is_answered and not checkin.is_calling(turn, content):
        messages += (Speaker.to(memory.language, content).answer(card.answers["about"], with_replies=False),)
        return Reply(messages, memory)
    return beside_today(Reply(messages, memory), turn, content)


def _unreadable(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Nothing to read, too much to read, or another language."""
    if turn.choice:
        return None
    if not words(turn.text):
        return _line("empty_message", memory, content)
    if turn.too_long or len(turn.text) > LONGEST_MESSAGE:
        return _line("too_long", memory, content)
    wishes = turn.intent == "change_language" and content.languages.asked_for(turn.text)
    if turn.language == OTHER and not wishes and not _is_ours(turn, content):
        return _other_language(memory, content)
    return None


def _is_ours(turn: Turn, content: Content) -> bool:
    """Whether the words are known, whatever the statistics say of a message that is so short."""
    return bool(content.check_in.state(turn.text) or content.moves.of(turn.text)) or pain.tells_of_pain(turn, content)


def _said_aside(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "I'm calling now", "I'm back": heard before our question takes it for an answer."""
    if turn.safety_vote:
        return None
    return checkin.calling(turn, memory, content) or checkin.here_again(turn, memory, content)


def _our_question(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    is_routine = not turn.choice and content.routines.is_asked_for(turn.text)  # "10 minutes" says nothing of the pain
    return None if is_routine and not pain.asks_for_signs(memory) else pain.continue_questions(turn, memory, content)


def _told(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Who tells about herself and asks for nothing: said once, and kept."""
    if turn.choice or not (turn.told.own or turn.told.gone) or _is_dangerous(turn, assessment, content):
        return None
    if not any(_is_wanted(answer, content) for answer in find_answers(turn, memory, content)):
        return person.acknowledge(turn, memory, content, whatever_it_asks=True)
    asks = asks_in_particular(turn, content) or is_surely_answered(turn, content, _SURE)
    return None if asks else person.acknowledge(turn, memory, content)


def _is_wanted(answer: Answer, content: Content) -> bool:
    """Whether an answer is to a question or a wish: an appointment, a person."""
    return is_to_a_question(answer, content) or content.cards[answer.card].intents[0] in _HELP_STILL_GIVEN


def _suited(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """What is for this person, or is not, where she asks that in general."""
    return None if _is_dangerous(turn, assessment, content) else suited(turn, memory, content)


def _routine(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """A routine that is asked for, or the last one changed."""
    if _is_dangerous(turn, assessment, content):
        return None
    reply = routines.routine(turn, memory, content)
    waiting, memory = pain.after_interruption(memory, content)
    if not reply or not waiting:
        return reply
    memory = replace(reply.memory, triage=memory.triage, offered=waiting.choices)
    return Reply((*(replace(message, choices=()) for message in reply.messages), waiting), memory)


def _come_back(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Better, same, worse, back again: what follows from it."""
    if _is_dangerous(turn, assessment, content):
        return None
    return checkin.come_back(turn, memory, content)


def _moved(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "More", "easier", "not crunches, planks": what is asked of the last answer."""
    if _is_dangerous(turn, assessment, content):
        return None
    ways = (moves.move, moves.without_denied, moves.corrected)
    return next((reply for way in ways if (reply := way(turn, memory, content))), None)


def _pain(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """Severe pain, said to the rules or to the classifier, brings the number first, whatever else is asked."""
    if turn.choice:
        return None
    elsewhere = not (turn.safety_vote or memory.is_asked) and _hurts_elsewhere(turn, assessment, content)
    if not elsewhere and _asks(turn, content) and not _is_said_severe(assessment):
        return None
    if _is_severe(turn, assessment, content):
        return before_the_signs(pain.report_severe(turn, memory, content), turn, content)
    report = pain.reported(turn, content)
    if turn.safety_vote and not report:
        return pain.vote_for_danger(turn, find_answers(turn, memory, content), memory, content)
    if elsewhere:
        return _answered((content.answer(_ELSEWHERE),), memory, content)
    if report is pain.report_mild:
        return checkin.known_pain(turn, memory, content) or before_the_signs(
            report(turn, memory, content), turn, content
        )
    return report(turn, memory, content) if report else None


def _hurts_elsewhere(turn: Turn, assessment: Assessment, content: Content) -> bool:
    """Whether somebody reports pain of a knee or a hand, and asks nothing beside it."""
    if not pain.is_elsewhere(turn, content) or _is_said_severe(assessment) or content.questions.asks(turn.text):
        return False
    asks = asks_in_particular(turn, content) if pain.tells_of_pain(turn, content) else _asks(turn, content)
    return not asks and pain.reported(turn, content) is pain.report_mild


def _asks(turn: Turn, content: Content) -> bool:
    """Whether a report of pain is a question; who tells of her condition and of her pain reports it.

    So does who says where it aches and asks nothing: "sore between the shoulder blades".
    """
    only_tells = pain.tells_of_pain(turn, content) and not content.questions.asks(turn.text)
    if (turn.told.own and turn.told.of_pain) or (only_tells and not asks_in_particular(turn, content)):
        return False
    return is_asked_for(turn, content)


def _is_dangerous(turn: Turn, assessment: Assessment, content: Content) -> bool:
    """Severe pain, or a vote for danger: what is not urgent waits."""
    return turn.safety_vote or _is_severe(turn, assessment, content)


def _is_severe(turn: Turn, assessment: Assessment, content: Content) -> bool:
    """Severe pain, said to the rules or to the classifier; the latter only if the words bear it out."""
    return _is_said_severe(assessment) or pain.reported(turn, content) is pain.report_severe


def _is_said_severe(assessment: Assessment) -> bool:
    return assessment.red_flag is not None and not assessment.red_flag.takes_over


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
    answers = in_general(turn, memory, content) or answers
    waiting = pain.pending_question(memory, content)
    if waiting and answers and all(answer.card in _SMALL_TALK for answer in answers):
        return Reply((waiting,), replace(memory, misses=0))
    return _answered(answers, memory, content) if answers else None


def _language_wish(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    if turn.intent != "change_language" or turn.choice:
        return None
    if _asks_of_people(turn, content):
        return _answered((content.answer(_INTERPRETER),), memory, content)
    if turn.language == OTHER or not content.languages.asked_for(turn.text):
        return None
    return _line("switched_language", memory, content)


def _asks_of_people(turn: Turn, content: Content) -> bool:
    """Whether a language is meant that the staff or somebody else speaks, and not that of this chat."""
    if is_surely(turn, _INTERPRETER):
        return True
    cards = (card for e in turn.entities for card in content.named_cards.get((e.label, e.value), ()))
    return content.languages.names_another(turn.text) or any(
        card.answers["about"].ref == _INTERPRETER for card in cards
    )


def _ended(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """ "Stop" and "goodbye" end our questions; while one waits, only in words that say so."""
    if turn.intent not in ("cancel", "goodbye") or turn.choice or _names_its_card(turn, content):
        return None
    if not pain.ends_questions(turn, content) and not is_small_talk(turn, content):
        return None
    if memory.is_asked and not pain.ends_questions(turn, content):
        return _not_understood(turn, memory, assessment, content)
    memory = replace(memory, triage=None) if memory.is_asked else memory
    return _answered((content.default_cards[turn.intent].answers["about"],), memory, content)


def _names_its_card(turn: Turn, content: Content) -> bool:
    """ "Cancel my appointment" is asked of the front desk."""
    named = (card for e in turn.entities for card in content.named_cards.get((e.label, e.value), ()))
    return any(turn.intent in card.intents for card in named)


def _hinted(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """A hint at suicide that meant nothing else here."""
    return raise_alarm(*turn.net_alarm, memory, content, turn.text) if turn.net_alarm and not turn.choice else None


def _not_understood(turn: Turn, memory: Memory, assessment: Assessment, content: Content) -> Reply | None:
    """The nearest answers where some are near, else what can be asked and the number; sorry in three ways."""
    waiting, again = pain.pending_question(memory, content), memory.misses % 3 > 0
    sorry_again = "not_understood_third" if memory.misses % 3 == 2 else "not_understood_again"
    near = tuple(answer.ref for answer in nearest_answers(turn.whole, content))
    if waiting:
        name = sorry_again if again else "not_understood_first"
        reply = Reply((Speaker.to(memory.language, content).line(name, call=again), waiting), memory)
    elif again:
        reply = _line(sorry_again, memory, content, choices=near or _WAYS_ON, call=True)
    elif near:
        reply = _line("not_understood_first", memory, content, choices=near)
    elif turn.intent == "out_of_scope":
        reply = _answered((content.default_cards["out_of_scope"].answers["about"],), memory, content)
    else:
        reply = _line("nothing_near", memory, content, call=True)
    return replace(reply, memory=replace(reply.memory, misses=memory.misses + 1))


def _answered(answers: tuple[Answer, ...], memory: Memory, content: Content) -> Reply:
    speaker, last = Speaker.to(memory.language, content), answers[-1]
    waiting, memory = pain.after_interruption(memory, content)
    messages = tuple(speaker.answer(a, with_replies=a is last and not waiting) for a in answers)
    if len(answers) > _MOST_WHOLE:
        messages = tuple(_shortened(message, speaker) for message in messages)
    offered = memory.offered if waiting else last.buttons
    memory = replace(memory, topic=_topic(last, memory, content), offered=offered, misses=0)
    return Reply((*messages, waiting) if waiting else messages, memory)


def _shortened(message: Message, speaker: Speaker) -> Message:
    return replace(message, parts=(speaker.part(f"short/{message.card}"), *message.parts[1:]))


def _topic(answer: Answer, memory: Memory, content: Content) -> str | None:
    """What a follow-up will mean: the last question, over a "thanks" in between."""
    return answer.ref if is_to_a_question(answer, content) else memory.topic


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
    _said_aside,
    _our_question,
    _routine,
    _suited,
    _told,
    _come_back,
    _moved,
    _pain,
    _chosen,
    _language_wish,
    _ended,
    _asked,
    _hinted,
    _not_understood,
)
