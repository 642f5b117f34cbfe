"""A clinic that updates keeps what it had: the files are the first version's own (make_first_version.py)."""

from __future__ import annotations

import asyncio
import json
import urllib.request
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from engines import EngineOf
from faulty import say_ok
from first_version import FIRST_VERSION, first_version
from in_process import InProcess
from patience import until
from rasa.shared.core.domain import Domain
from servers import ANSWERS_WITHIN_S, Reply, spineline_server
from texting import ACCOUNT, PATH, message, read_messages, signed

from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.channels.web import channel as web
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content, load_content
from spineline.dialogue import recall
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory, Turn
from spineline.keep.database import Database
from spineline.keep.deliveries import Deliveries, Draft
from spineline.keep.links import Joined, Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions, read_secret
from spineline.keep.takeover import open_database
from spineline.settings import Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns.engine import Asked, Say
from spineline.turns.metrics import Metrics
from spineline.turns.turns import Turns

FACTS: Mapping[str, Any] = json.loads((FIRST_VERSION / "facts.json").read_text(encoding="utf-8"))
MADE: float = FACTS["made"]
LATER = datetime.fromtimestamp(MADE, timezone.utc) + timedelta(hours=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """DATA_DIR as the first version left it."""
    first_version(tmp_path)
    return tmp_path


def opened(folder: Path) -> Database:
    """Its database, as a process opens it."""
    return open_database(Settings(data_dir=folder).database, folder)


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


def sms(folder: Path, number: str) -> str:
    return Pseudonyms(read_secret("", folder)).of("sms", number)


async def memory_of(sender: str, folder: Path, domain: Domain) -> Memory:
    """What the conversation core remembers, read from the file as the actions read it."""
    store = ConversationStore(domain, database=opened(folder))
    tracker = await store.retrieve(sender)
    await store.close()
    assert tracker is not None
    return recall.memory_of(tracker.get_slot, load_content(ROOT, "spine_institute"))


def cards(memory: Memory, said: Turn, content: Content) -> list[Any]:
    return [message.card for message in respond(said, memory, content).messages]


# The conversations


@pytest.mark.parametrize(
    ("sender", "language", "topic"),
    [("rest:maria", "es", "abdominals/why"), ("rest:john", "en", "hamstring_stretch/how_long")],
)
async def test_what_was_talked_about_is_remembered(
    sender: str, language: str, topic: str, folder: Path, domain: Domain, content: Content
) -> None:
    memory = await memory_of(sender, folder, domain)
    assert (memory.language, memory.topic) == (language, topic)
    first = memory.offered[0]
    assert cards(memory, Turn("1", "nlu_fallback"), content) == [first], "a number still means the line shown last"


async def test_every_word_that_was_kept_is_still_there(folder: Path, domain: Domain) -> None:
    store = ConversationStore(domain, database=opened(folder))
    said = [event["text"] for event in await store.export("rest:john") if event["event"] == "user"]
    await store.close()
    assert said == ["hello", "what is the hamstring stretch for?", "how long do I hold a hamstring stretch?"]


@pytest.mark.parametrize(
    ("sender", "answer", "asked"),
    [
        ("rest:lee", Turn("a 3, I sleep and walk fine", "report_mild_pain", language="en"), ["triage:risks"]),
        ("rest:rosa", Turn("ninguna de estas", "deny", language="es"), ["triage:severity"]),
    ],
)
async def test_pain_questions_go_on_where_they_were(
    sender: str, answer: Turn, asked: list[str], folder: Path, domain: Domain, content: Content
) -> None:
    assert cards(await memory_of(sender, folder, domain), answer, content) == asked


def open_alarms() -> dict[str, tuple[str, str]]:
    return {
        "rest:frank": ("CALL_911", "en"),
        "rest:ines": ("CRISIS_988", "es"),
        f"web:{web_session('alarm')}": ("ED_NOW", "es"),
    }


def web_session(name: str) -> str:
    """The id inside the text that the browser keeps."""
    signer = Sessions((FIRST_VERSION / "secret.txt").read_bytes().strip(), "web")
    return signer.read(FACTS[name]["session"], datetime.fromtimestamp(MADE, timezone.utc)).id


@pytest.mark.parametrize(("sender", "alarm"), open_alarms().items(), ids=["911", "988", "emergency room"])
async def test_an_alarm_is_still_open_and_the_next_question_gets_the_reminder(
    sender: str, alarm: tuple[str, str], folder: Path, domain: Domain, content: Content
) -> None:
    memory, (tier, language) = await memory_of(sender, folder, domain), alarm
    question = {"en": "how do I do a bird dog?", "es": "¿cómo se hace la plancha?"}[language]
    replies = respond(Turn(question, "ask_core", language=language), memory, content).messages
    assert (replies[0].card, replies[0].tier) == ("alarm", tier)
    assert content.fill(content.tiers["replies"]["reminder"][language], language) in replies[0].text


async def test_an_alarm_that_was_taken_care_of_stays_closed(folder: Path, domain: Domain, content: Content) -> None:
    memory = await memory_of("rest:ruth", folder, domain)
    assert "alarm" not in cards(memory, Turn("when are you open", "ask_hours_location", language="en"), content)


# The small files


@pytest.mark.parametrize("number", FACTS["opted_out"])
async def test_who_wanted_no_more_messages_gets_none(number: str, folder: Path) -> None:
    deliveries = Deliveries(opened(folder))
    assert await deliveries.has_opted_out(sms(folder, number))
    await deliveries.opt_in(sms(folder, number))
    assert not await deliveries.has_opted_out(sms(folder, number))


async def test_chats_that_were_linked_are_one_conversation(folder: Path) -> None:
    links, phone = Links(opened(folder), read_secret("", folder)), sms(folder, FACTS["linked"])
    assert await links.conversation_of(phone) == "rest:anna"
    assert await links.together("rest:anna") == ("rest:anna", phone)


async def test_a_code_that_was_given_before_is_good_for_the_rest_of_its_time(folder: Path) -> None:
    links = Links(opened(folder), read_secret("", folder))
    assert await links.join("sms:new", FACTS["code"].replace("-", ""), MADE + 300) is Joined.YES
    assert "sms:new" in await links.together("rest:anna")


async def test_who_has_seen_the_notice_does_not_get_it_again(folder: Path, content: Content) -> None:
    settings = Settings(data_dir=folder)
    turns = Turns(content, settings, EngineOf(say_ok), Notices(opened(folder)), Metrics())
    shown = {
        who: [message.card for message in await turns.answer("hello", who, who.split(":")[0])]
        for who in ("rest:maria", sms(folder, FACTS["linked"]), "rest:new")
    }
    assert list(shown.values()) == [[None], [None], ["privacy_notice", None]]


async def test_answers_that_waited_for_a_messenger_are_sent_in_order(folder: Path) -> None:
    sent, courier = list[Draft](), Courier(Deliveries(opened(folder)), Metrics(), lambda: MADE + 60)

    async def send(draft: Draft) -> None:
        sent.append(draft)

    courier.carry("telegram", send)
    running = asyncio.ensure_future(courier.run("telegram"))
    await until(lambda: len(sent) == 2)
    running.cancel()
    assert {draft.recipient for draft in sent} == {"77"}
    assert [text in draft.body["text"] for text, draft in zip(("Automated assistant", "ice"), sent)] == [True, True]
    assert not await courier.deliveries.waiting("telegram", 1)


# The website


class Website(InProcess):
    """The web channel over the first version's files."""

    def __init__(self, content: Content, folder: Path) -> None:
        super().__init__(content, Settings(data_dir=folder), database := opened(folder))
        self.outbox = Outbox(database)
        sessions, widget = Sessions(read_secret("", folder), "web"), load_widget(ROOT, content)
        self.web = web.WebChannel(sessions, self.outbox, widget, web.Origins(), self.turns.keeper.forget, self.turns)
        self.channels, self.on_message = [self.web], self._nobody

    async def _nobody(self, _: Asked, __: Say) -> None:
        raise AssertionError("nothing is asked anew")

    async def ask(self, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        headers = {"Origin": f"http://127.0.0.1:{self.port}"}
        async with self.client.post(f"/webhooks/web/{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hours after the first version ended, whenever this runs; sessions last a day."""
    monkeypatch.setattr(web, "_now", lambda: LATER)


async def test_an_open_page_gets_the_answer_that_waited(folder: Path, content: Content, later: None) -> None:
    waiting = FACTS["waiting"]
    async with Website(content, folder) as site:
        status, polled = await site.ask("poll", {"session": waiting["session"], "since": 0})
        assert (status, [event["reply"]["text"] for event in polled["events"]]) == (200, [waiting["reply"]])
        again = {"session": polled["session"], "id": waiting["id"], "text": "what shoes are good for lifting?"}
        assert (await site.ask("message", again))[1]["type"] == "done", "what was answered is not answered again"


@pytest.mark.parametrize("name", ["waiting", "read", "alarm", "spanish"])
async def test_a_page_that_was_open_is_known(name: str, folder: Path, content: Content, later: None) -> None:
    async with Website(content, folder) as site:
        status, answer = await site.ask("message", {"session": FACTS[name]["session"], "since": 0})
        assert (status, answer) == (200, {"type": "pong"})


async def test_the_language_that_a_page_wished_for_is_still_to_be_spoken(folder: Path) -> None:
    assert await Outbox(opened(folder)).take_language(web_session("spanish")) == "es"


# The whole server


@pytest.mark.trained
def test_a_new_server_goes_on_with_the_old_folder(model: Path, folder: Path) -> None:
    lapsed = datetime.now(timezone.utc) - timedelta(hours=25)
    asyncio.run(Outbox(opened(folder)).begin("lapsed", lapsed, None))
    with spineline_server(folder, accounts={**ACCOUNT, "KEPT_DAYS": "3650"}) as base:
        assert [_card(reply) for reply in _say(base, "frank", "how do I do a plank?")] == ["alarm"]
        assert [_card(reply) for reply in _say(base, "ines", "¿cómo se hace la plancha?")] == ["alarm"]
        assert [_card(reply) for reply in _say(base, "lee", "a 3, I sleep and walk fine")] == ["triage:risks"]
        assert _card(_say(base, "john", "how often?")[-1]).startswith("hamstring_stretch/")
        numbers = (*FACTS["opted_out"], "+13105560009")
        assert [bool(_text(base, number, "hello")) for number in numbers] == [
            False,
            False,
            True,
        ]
        told = " ".join(_text(base, FACTS["linked"], "what do you know about me"))
        assert "Chats connected in one conversation and counted together here: 2" in told
    assert not asyncio.run(Outbox(opened(folder)).knows("lapsed")), (
        "a chat that nobody has used for a day is gone, although nobody began one"
    )


def _say(base: str, sender: str, text: str) -> Reply:
    """The whole answer, with a notice if there is one."""
    body = json.dumps({"sender": sender, "message": text}).encode()
    request = urllib.request.Request(f"{base}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
        reply: Reply = json.load(answer)
    return reply


def _card(reply: Mapping[str, Any]) -> str:
    return str(reply["metadata"]["card"])


def _text(base: str, number: str, text: str) -> list[str]:
    body, headers = signed(message(text, From=number, MessageSid=f"SM{uuid.uuid4().hex}"), base)
    with urllib.request.urlopen(urllib.request.Request(f"{base}{PATH}", body, headers), timeout=60) as answer:
        return read_messages(answer.read().decode())
