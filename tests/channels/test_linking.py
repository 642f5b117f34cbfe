"""One conversation in two chats, by a code: what goes on elsewhere, what stays apart, and what it never gives away."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from engines import asks
from fake_rasa import FakeRasa
from kept import kept_in, together
from patience import LONG_S, NEVER_S, SHORT_S
from replies import says
from servers import say, spineline_server

from spineline.content.library import Content
from spineline.dialogue.turn import Memory, Message
from spineline.keep.links import CODE_LASTS_S, Links
from spineline.keep.notices import Notices
from spineline.keep.serving import Serving
from spineline.server.keeping import export, forget, forget_asked
from spineline.settings import Settings
from spineline.turns import linking as linking_module
from spineline.turns.engine import Asked, Say
from spineline.turns.linking import Linking
from spineline.turns.logs import configure_logs
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
ASK = {"en": "link my chats", "es": "vincular mis chats"}
JOIN = {"en": "link", "es": "vincular"}
LEAVE = {"en": "unlink", "es": "desvincular"}
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
FORGET = {"en": "delete my data", "es": "borre mis datos"}
TELL = {"en": "what do you know about me", "es": "¿qué sabe de mí?"}
PAGE, PHONE, BEN = "rest:anna", "sms:1f0c", "sms:beef"
NOW = 2_000_000_000.0


class Chats:
    """Turns, and people who write on several channels."""

    def __init__(self, content: Content, links: Links | None = None, rasa: FakeRasa | None = None) -> None:
        self.content, self.links, self.now = content, links or Links(), NOW
        settings = Settings(deadline_s=60, rate_per_session="", rate_per_address="")
        self.rasa = rasa or FakeRasa(content)
        database = self.rasa.tracker_store.database
        self.turns = Turns(content, settings, self.rasa, Notices(database), Metrics(), self.links, database=database)
        self.turns.linking = Linking(self.links, self.turns.people, content, lambda: self.now, lambda: self.now)

    async def say(self, sender: str, text: str, channel: str = "") -> list[Message]:
        channel = channel or sender.partition(":")[0]
        return await self.turns.answer(text, sender, channel)

    async def cards(self, sender: str, text: str) -> list[str]:
        """What was said, without the notice that comes once."""
        cards = [str(said.card) for said in await self.say(sender, text)]
        return [card for card in cards if not card.endswith("_notice")]

    async def text(self, sender: str, text: str) -> str:
        return (await self.say(sender, text))[-1].text

    async def code(self, sender: str, language: str = "en") -> str:
        return code_in(await self.text(sender, ASK[language]))

    async def link(self, first: str, *others: str) -> None:
        for other in others:
            assert await self.cards(other, f"link {await self.code(first)}") == ["link_done"]

    @property
    def heard(self) -> list[tuple[str, str | None]]:
        """What reached the conversation, and under which name."""
        return [(message.conversation, message.text) for message in self.rasa.messages]


def code_in(text: str) -> str:
    words = [word.strip(".;,") for word in text.split()]
    return next(word for word in words if len(word) == 9 and word[4] == "-")


@pytest.fixture
def chats(content: Content) -> Chats:
    return Chats(content)


# Going on


@LANGUAGES
async def test_a_chat_goes_on_in_another_by_a_code(chats: Chats, language: str) -> None:
    first = await chats.say(PAGE, ASK[language])
    text, code = first[-1].text, code_in(first[-1].text)
    assert text == chats.content.line("link_code", language).replace("$code", code).replace("$minutes", "10")
    assert await chats.text(PHONE, f"{JOIN[language]} {code}") == chats.content.line("link_done", language)
    await chats.say(PHONE, "hello?")
    await chats.say(PAGE, "hello!")
    assert chats.heard == [(PAGE, "hello?"), (PAGE, "hello!")], "and nothing about codes"


async def test_each_chat_keeps_its_own_name_for_all_but_the_conversation(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    await chats.say(PHONE, "hello?")
    assert chats.rasa.messages[-1].channel == "sms"
    assert chats.turns.people.get(PHONE).spoke_in == PAGE
    assert await chats.turns.keeper.was_told(PHONE)
    assert chats.turns.people.get(PHONE).is_told


@LANGUAGES
async def test_every_channel_shows_its_own_notice_first(chats: Chats, language: str) -> None:
    first = await chats.say(PAGE, ASK[language])
    assert [said.card for said in first] == ["privacy_notice", "link_code"]
    second = await chats.say(PHONE, f"{JOIN[language]} {code_in(first[-1].text)}")
    assert [said.card for said in second] == ["text_notice", "link_done"]
    assert {said.language for said in [*first, *second]} == {language}


async def test_the_language_of_the_conversation_goes_along(chats: Chats) -> None:
    await chats.say(PAGE, "me gustaría saber algo sobre la columna")
    await chats.link(PAGE, PHONE)
    (reply,) = await chats.say(PHONE, "???")
    assert reply.language == "es"


@LANGUAGES
async def test_an_alarm_of_one_chat_is_open_in_the_other(chats: Chats, language: str) -> None:
    assert await chats.cards(PAGE, DANGER[language]) == ["alarm"]
    await chats.link(PAGE, PHONE)
    assert await chats.cards(PHONE, "ok") == ["alarm"], "the advice is repeated"
    await chats.say(PHONE, chats.content.choices["alarm:getting_help"].payload)
    assert "alarm" not in await chats.cards(PAGE, "ok"), "and whoever closes it closes it for both"


@LANGUAGES
async def test_danger_in_the_same_message_always_wins(chats: Chats, language: str) -> None:
    assert await chats.cards(PAGE, f"{ASK[language]}. {DANGER[language]}") == ["alarm"]
    assert await chats.cards(PHONE, f"{DANGER[language]}, {ASK[language]}") == ["alarm"]


@LANGUAGES
async def test_danger_is_answered_in_a_chat_whose_conversation_fails(chats: Chats, language: str) -> None:
    await chats.link(PAGE, PHONE)
    chats.rasa.fails = True
    assert await chats.cards(PHONE, DANGER[language]) == ["alarm"]
    await chats.turns.stop()


async def test_what_could_not_be_answered_is_noted_in_the_shared_conversation(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    chats.rasa.fails = True
    assert await chats.cards(PHONE, "hello?") == ["safe_text"]
    await chats.turns.stop()
    noted = await chats.rasa.tracker_store.export(PAGE)
    assert [event["text"] for event in noted if event["event"] == "user"] == ["hello?"]
    assert await chats.rasa.tracker_store.export(PHONE) == []


async def test_the_last_words_are_in_the_language_of_the_chat(chats: Chats) -> None:
    await chats.say(PAGE, "good morning, I would like to know something")
    code = await chats.code(PAGE)
    await chats.say(PHONE, f"vincular {code}")
    chats.rasa.fails = True
    assert await chats.text(PHONE, "???") == chats.content.line("safe_text", "es")
    assert await chats.text(PAGE, "???") == chats.content.line("safe_text", "en")


# Quick replies


async def offered(chats: Chats, sender: str, *choices: str) -> None:
    """A turn of this chat whose answer ends with these quick replies."""

    async def offer(message: Asked, say: Say) -> None:
        say(says("What?", choices=choices))

    memory = chats.rasa.memories.get(PAGE, Memory())
    chats.rasa.memories[PAGE] = Memory(language="en", offered=choices, topic=memory.topic)
    answers = chats.rasa.answer
    await asks(chats.turns, offer).answer("what is there?", sender, sender.partition(":")[0])
    asks(chats.turns, answers)


async def test_a_button_works_although_the_other_chat_spoke_since(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    await offered(chats, PAGE, "core/about", "contact/about")
    await offered(chats, PHONE, "privacy/about", "hamstring_stretch/about")
    assert await chats.cards(PAGE, chats.content.choices["contact/about"].payload) == ["contact/about"]


async def test_a_button_that_answers_nothing_any_more_is_at_worst_to_be_chosen_again(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    await offered(chats, PAGE, "triage:mild", "triage:moderate")
    await chats.say(PHONE, "hello?")
    assert await chats.cards(PAGE, chats.content.choices["triage:mild"].payload) == ["choose_again"]


@pytest.mark.parametrize("typed", ["2", "2.", " 2 ", "(2)"])
async def test_a_number_means_the_line_of_the_chat_where_it_is_typed(chats: Chats, typed: str) -> None:
    await chats.link(PAGE, PHONE)
    await offered(chats, PHONE, "privacy/about", "hamstring_stretch/about")
    await offered(chats, PAGE, "core/about", "contact/about")
    assert await chats.cards(PHONE, typed) == ["hamstring_stretch/about"]


async def test_a_number_means_the_line_that_was_shown_after_a_chat_was_taken_out(chats: Chats) -> None:
    await offered(chats, PHONE, "core/about", "contact/about")
    await chats.link(PAGE, PHONE)
    await offered(chats, PHONE, "privacy/about", "hamstring_stretch/about")
    await chats.say(PHONE, "unlink")
    assert await chats.cards(PHONE, "2") == ["hamstring_stretch/about"]


async def test_a_number_in_answer_to_how_strong_the_pain_is_stays_a_number(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    await offered(chats, PHONE, "triage:mild", "triage:moderate", "triage:severe")
    await chats.say(PAGE, "hello?")
    await chats.say(PHONE, "3")
    assert chats.heard[-1] == (PAGE, "3")


async def test_a_number_presses_no_danger_sign_in_a_chat_that_shows_none(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)
    await offered(chats, PAGE, "triage:numb", "triage:bladder", "triage:none")
    await chats.say(PHONE, "hello?")
    await chats.say(PAGE, "3")
    assert chats.heard[-1] == (PAGE, "3")


async def test_in_one_chat_alone_numbers_are_left_to_the_conversation(chats: Chats) -> None:
    await offered(chats, PHONE, "privacy/about", "hamstring_stretch/about")
    await chats.say(PHONE, "2")
    assert chats.heard[-1] == (PHONE, "2")


# Codes that are none


def wrong(content: Content, language: str) -> str:
    return content.line("link_wrong", language).replace("$minutes", "10")


@LANGUAGES
@pytest.mark.parametrize("code", ["BCDF-3479", "bcdf3479", "ABCD-EFGH"])
async def test_a_wrong_code_is_said_to_be_one(chats: Chats, language: str, code: str) -> None:
    assert await chats.text(PHONE, f"{JOIN[language]} {code}") == wrong(chats.content, language)
    assert chats.heard == []


@LANGUAGES
async def test_a_code_is_no_longer_good_after_its_time(chats: Chats, language: str) -> None:
    code = await chats.code(PAGE, language)
    chats.now += CODE_LASTS_S
    assert await chats.text(PHONE, f"{JOIN[language]} {code}") == wrong(chats.content, language)
    await chats.say(PHONE, "hello?")
    assert chats.heard == [(PHONE, "hello?")]


@LANGUAGES
async def test_who_guesses_gets_nowhere_even_with_a_right_code(chats: Chats, language: str) -> None:
    for _ in range(5):
        await chats.say(BEN, f"{JOIN[language]} BCDF-3479")
    code = await chats.code(PAGE)
    assert await chats.text(BEN, f"{JOIN[language]} {code}") == wrong(chats.content, language)
    assert await chats.cards(PHONE, f"{JOIN[language]} {code}") == ["link_done"], "others are not kept from theirs"
    chats.now += 3601
    assert await chats.cards(BEN, f"{JOIN[language]} {await chats.code(PAGE)}") == ["link_done"]


@pytest.mark.parametrize("between", ["delete my data", "unlink", "link my chats"])
async def test_no_other_wish_gives_new_guesses(chats: Chats, between: str) -> None:
    for _ in range(5):
        await chats.say(BEN, "link BCDF-3479")
        await chats.say(BEN, between)
    assert await chats.cards(BEN, f"link {await chats.code(PAGE)}") == ["link_wrong"]


async def test_right_codes_are_no_guesses(chats: Chats) -> None:
    for _ in range(7):
        await chats.link(PAGE, PHONE)
        await chats.say(PHONE, "unlink")


@LANGUAGES
async def test_a_chats_own_code_is_for_the_other_one(chats: Chats, language: str) -> None:
    code = await chats.code(PAGE, language)
    assert await chats.text(PAGE, f"{JOIN[language]} {code}") == chats.content.line("link_own", language)
    assert await chats.cards(PHONE, f"{JOIN[language]} {code}") == ["link_done"]


@LANGUAGES
@pytest.mark.parametrize("kind", ["ask", "join", "leave"])
async def test_a_telephone_call_stands_by_itself(chats: Chats, language: str, kind: str) -> None:
    words = {"ask": ASK[language], "join": f"{JOIN[language]} {await chats.code(PAGE)}", "leave": LEAVE[language]}
    (reply,) = await chats.say("voice:ca11", words[kind])
    assert reply.text == chats.content.line("not_linkable", language)
    assert together(chats.links, "voice:ca11") == ("voice:ca11",)
    assert chats.heard == []


# Apart


@LANGUAGES
async def test_who_leaves_goes_on_with_what_was_before(chats: Chats, language: str) -> None:
    await chats.say(PHONE, "before")
    await chats.link(PAGE, PHONE)
    await chats.say(PHONE, "together")
    assert await chats.text(PHONE, LEAVE[language]) == chats.content.line("link_ended", language)
    await chats.say(PHONE, "after")
    await chats.say(PAGE, "alone")
    assert chats.heard == [(PHONE, "before"), (PAGE, "together"), (PHONE, "after"), (PAGE, "alone")]


@LANGUAGES
async def test_who_is_alone_is_told_how_to_connect(chats: Chats, language: str) -> None:
    assert await chats.text(PHONE, LEAVE[language]) == chats.content.line("link_none", language)


@LANGUAGES
async def test_two_strangers_never_share(chats: Chats, language: str) -> None:
    await chats.say(PAGE, DANGER[language])
    await chats.code(PAGE, language)
    await chats.code(BEN, language)
    assert "alarm" not in await chats.cards(BEN, "hello?")
    assert {sender for sender, text in chats.heard if text == "hello?"} == {BEN}
    assert together(chats.links, PAGE) == (PAGE,)


async def test_linking_shows_nothing_that_was_said_in_the_other_chat(chats: Chats) -> None:
    await chats.say(PAGE, "my name is Anita Torrez and my zzyzx hurts")
    code = await chats.code(PAGE)
    replies = await chats.say(PHONE, f"link {code}")
    assert not any(word in str(replies) for word in ("Torrez", "zzyzx", PAGE, code))


# One's own data


async def everything(chats: Chats, *senders: str) -> list[dict[str, Any]]:
    return [event for sender in senders for event in await chats.rasa.tracker_store.export(sender)]


@LANGUAGES
@pytest.mark.parametrize("who", [PAGE, PHONE])
async def test_to_delete_deletes_what_all_connected_chats_left(chats: Chats, language: str, who: str) -> None:
    asked: list[str] = []

    async def drop(sender: str) -> None:
        asked.append(sender)

    chats.turns.keeper.also.append(drop)
    await chats.say(PHONE, "before")
    await chats.say(BEN, "of another person")
    await chats.link(PAGE, PHONE)
    await chats.say(PHONE, "together")
    code = await chats.code(PAGE)
    assert await chats.cards(who, FORGET[language]) == ["forgotten"]
    assert await everything(chats, PAGE, PHONE) == []
    assert await everything(chats, BEN) != []
    assert sorted(asked) == [PAGE, PHONE], "what waits in either chat goes too"
    assert [together(chats.links, one) for one in (PAGE, PHONE)] == [(PAGE,), (PHONE,)]
    assert await chats.cards(BEN, f"link {code}") == ["link_wrong"]


async def test_what_could_not_be_deleted_everywhere_stays_tied_to_be_tried_again(chats: Chats) -> None:
    await chats.link(PAGE, PHONE)

    async def fail(_: str) -> None:
        raise sqlite3.OperationalError("disk is full")

    chats.turns.keeper.also.append(fail)
    assert await chats.cards(PHONE, FORGET["en"]) == ["forget_failed"]
    chats.turns.keeper.also.clear()
    assert await chats.cards(PHONE, FORGET["en"]) == ["forgotten"]
    assert await everything(chats, PAGE, PHONE) == []


@LANGUAGES
@pytest.mark.parametrize("who", [PAGE, PHONE])
async def test_who_asks_is_told_of_all_connected_chats(chats: Chats, language: str, who: str) -> None:
    await chats.say(PHONE, "before")
    await chats.link(PAGE, PHONE)
    for sender in (PHONE, PAGE):
        await chats.say(sender, "together")
    text = await chats.text(who, TELL[language])
    known, _, links = text.partition("\n")
    assert " 4 " in known, "one before, two together, and this question"
    assert links == chats.content.line("link_known", language).replace("$chats", "2")


async def test_the_staff_exports_and_forgets_connected_chats_together(content: Content, tmp_path: Path) -> None:
    database = kept_in(tmp_path)
    settings, notices = Settings(data_dir=tmp_path), Notices(database)
    serving = Serving(tmp_path)
    chats = Chats(content, Links(database), FakeRasa(content, database))
    await chats.say(PHONE, "before")
    await chats.link(PAGE, PHONE)
    await chats.say(PHONE, "together")
    told = await notices.given_at(PHONE)
    found = json.loads(await asyncio.to_thread(export, PHONE, settings))
    assert (found["session"], found["connected"], found["notice_given_at"]) == (PHONE, [PAGE], told)
    assert sorted(event["text"] for event in found["events"] if event["event"] == "user") == ["before", "together"]
    assert await asyncio.to_thread(forget, PHONE, settings) == len(found["events"])
    await forget_asked(chats.turns.keeper, database)
    assert await chats.rasa.tracker_store.retrieve(PAGE) is None, "in the memory of the server too"
    assert json.loads(await asyncio.to_thread(export, PAGE, settings))["events"] == []
    assert together(chats.links, PAGE) == (PAGE,)
    serving.close()


async def test_ties_in_use_outlive_the_retention_and_others_do_not(chats: Chats) -> None:
    await chats.link(PAGE, PHONE, BEN)
    chats.now += timedelta(days=40).total_seconds()
    await chats.say(PHONE, "hello?")
    await chats.turns.keeper.purge(datetime.fromtimestamp(chats.now, timezone.utc) - timedelta(days=30))
    assert together(chats.links, PAGE) == (PAGE, PHONE)


# When the file fails, and what is written down


class BrokenFile:
    """A disk that is full."""

    def __getattr__(self, name: str) -> Any:
        raise sqlite3.OperationalError("disk is full")


@LANGUAGES
async def test_without_its_file_everybody_is_answered_in_a_chat_of_their_own(content: Content, language: str) -> None:
    chats = Chats(content)
    chats.turns.linking = Linking(BrokenFile(), chats.turns.people, content)  # type: ignore[arg-type]
    assert await chats.cards(PAGE, ASK[language]) == ["link_failed"]
    assert await chats.cards(PAGE, f"{JOIN[language]} BCDF-3479") == ["link_failed"]
    assert await chats.cards(PAGE, DANGER[language]) == ["alarm"]
    assert chats.heard == [(PAGE, DANGER[language])]


async def test_nobody_waits_long_for_a_code_while_the_disk_hangs(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> str:
        await asyncio.sleep(NEVER_S)
        return ""

    chats = Chats(content)
    monkeypatch.setattr(chats.links, "offer", hang)
    monkeypatch.setattr(linking_module, "OBEYS_WITHIN_S", SHORT_S)
    assert await asyncio.wait_for(chats.cards(PAGE, ASK["en"]), LONG_S) == ["link_failed"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs("DEBUG", stream)
    yield stream
    configure_logs("INFO")


async def test_no_code_and_no_name_is_ever_logged(chats: Chats, log: io.StringIO) -> None:
    codes = [await chats.code(PAGE), "BCDF-3479"]
    for code in reversed(codes):
        await chats.say(PHONE, f"link {code}")
    for code in codes:
        assert code.lower() not in log.getvalue().lower()
        assert code.replace("-", "").lower() not in log.getvalue().lower()
    assert '"card": "link_done"' in log.getvalue()
    assert PHONE not in log.getvalue()


# With the model and a real server


@pytest.fixture(scope="module")
def base(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spineline_server(tmp_path_factory.mktemp("links")) as base:
        yield base


FOLLOW_UPS = {
    "en": ("how long do i hold a hamstring stretch", "and how many of those?"),
    "es": ("¿cuánto tiempo aguanto el estiramiento de isquiotibiales?", "¿y cuántas veces?"),
}


@pytest.mark.trained
@LANGUAGES
def test_a_follow_up_is_understood_in_the_other_chat(base: str, language: str) -> None:
    anna, phone, ben = (f"{who} {language}" for who in ("anna", "phone", "ben"))
    question, follow_up = FOLLOW_UPS[language]
    assert _cards(say(base, anna, question)) == ["hamstring_stretch/how_long"]
    code = code_in(say(base, anna, ASK[language])[-1]["text"])
    assert _cards(say(base, phone, f"{JOIN[language]} {code.lower()}")) == ["link_done"]
    assert _cards(say(base, phone, follow_up)) == ["hamstring_stretch/how_many"]
    assert _cards(say(base, ben, follow_up)) != ["hamstring_stretch/how_many"]
    assert _cards(say(base, phone, FORGET[language])) == ["forgotten"]
    assert _cards(say(base, anna, follow_up)) != ["hamstring_stretch/how_many"]


def _cards(reply: Sequence[dict[str, Any]]) -> list[str]:
    return [message["metadata"]["card"] for message in reply]
