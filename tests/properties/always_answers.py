"""Any memory, any text, any clinic: there is an answer, and nobody reads a placeholder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from hypothesis import strategies as st
from in_turns import Remembering, finished, turns_around
from said import put_away, taken_out, tap_of, titles_of, turn_of

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.intake import LONGEST_READ, take_in
from spineline.dialogue.turn import Message
from spineline.turns.shape import CHANNELS, text_for
from tests.properties import plays
from tests.properties.clinics import DrawnClinic, clinics
from tests.properties.plays import Played
from tests.properties.pools import calm, dangers, intents, small_talk
from tests.properties.prop import Property

_NAME = re.compile(r"\$\{?[a-z]+_?[a-z]*\}?")
_ODD = [
    "",
    " ",
    "👩‍👩‍👧‍👦👍🏽🔥",
    "‮txet lamron‬ مرحبا بك",
    "\ud800\udfff lonely",
    "{clinic.phone} $kept_days %s {0}",
    "</p><script>alert(1)</script>",
    "\x00\x1b[31m\u2028\u200b",
    "/",
    "/restart",
    '/help{"choice": "gone/about"}',
    '/help{"choice": "help/about"}',
    '/deny{"choice": "line:no"} and more',
    '/report_mild_pain{"choice": "triage:none"}',
    "????",
    "1 2 3 4 5 6 7 8 9",
    "d" * LONGEST_READ,
    "ñ\n" * (LONGEST_READ // 2),
]


def texts() -> st.SearchStrategy[str]:
    """Anything that can be typed, pasted or sent by a program, also far too much of it."""
    pool = st.sampled_from([*calm(), *(one.text for one in dangers())]) | st.sampled_from(small_talk())
    piece = st.one_of(pool, st.text(st.characters(), max_size=60), st.sampled_from(_ODD))
    mixed = st.lists(piece, min_size=1, max_size=5).map(" ".join)
    long = st.builds(lambda text, times: (text * times)[: 2 * LONGEST_READ], mixed, st.sampled_from([3, 30, 300]))
    payload = st.builds(
        lambda intent, choice: f"/{intent}" + json.dumps({"choice": choice}),
        st.sampled_from(intents()),
        plays.choices() | st.sampled_from(["gone/about", "triage:gone", "", "a:b:c/d"]),
    )
    return st.one_of(mixed, piece, long, payload)


def answers_always(played: Played, raw: str, told: plays.Told, choice: str | None, clinic: DrawnClinic) -> None:
    """The conversation by itself: every message has words in a language of the clinic, and the memory can be kept."""
    content = clinic.content
    understood = dict(told)
    turn = tap_of(choice, **understood) if choice else turn_of(take_in(raw, content), **understood)
    reply = respond(turn, played.memory, content)
    _are_whole(reply.messages, content)
    kept = put_away(reply.memory)
    assert put_away(taken_out(kept, content)) == kept, "something of the memory is lost between two turns"


def answers_on_every_channel(played: Played, raw: str, intent: str, channel: str, clinic: DrawnClinic) -> None:
    """The same through the turns, as the channel shows or says it, with what the turns fill in themselves."""
    content = clinic.content
    turns = turns_around(Remembering(content, played.memory, intent), content)
    replies = finished(turns.answer(raw, f"{channel}:anna", channel))
    _are_whole(replies, content)
    notice = CHANNELS[channel].notice
    shown = [message.card for message in replies]
    is_forgotten = any(message.wish for message in replies)
    assert notice is None or is_forgotten or notice in shown, f"{notice} was not shown"
    for message in replies:
        assert text_for(message, CHANNELS[channel], content).strip()
        assert all(part.said.strip() for part in message.parts)


def _are_whole(replies: Sequence[Message], content: Content) -> None:
    assert replies, "no answer"
    own = [content.clinic.name, content.clinic.doctor, content.clinic.phone]
    own += [text for both in content.clinic.texts.values() for text in both.values()]
    for said in replies:
        assert said.text.strip(), "a blank message"
        assert said.language in content.clinic.languages
        assert all(title.strip() for title in titles_of(said, content)), "a blank button"
        ours = said.text
        for text in sorted(own, key=len, reverse=True):
            ours = ours.replace(text, "")
        assert not {"{", "}"} & set(ours), f"a placeholder: {ours}"
        assert said.wish or not _NAME.search(ours), f"a placeholder: {ours}"


ANSWERS_ALWAYS = Property(
    "any memory, any text, any clinic: there is an answer",
    answers_always,
    {
        "played": plays.memories(),
        "raw": texts(),
        "told": plays.understood(),
        "choice": st.none() | plays.choices(),
        "clinic": clinics(),
    },
)
ON_EVERY_CHANNEL = Property(
    "any memory, any text, any clinic: there is an answer on every channel",
    answers_on_every_channel,
    {
        "played": plays.memories(4),
        "raw": texts(),
        "intent": st.sampled_from(intents()),
        "channel": st.sampled_from(sorted(CHANNELS)),
        "clinic": clinics(),
    },
)
