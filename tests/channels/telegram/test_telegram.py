"""Telegram's webhook on a real server, with an agent that repeats and a stand-in for Telegram."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fake_bot_api import BOT, SECRET
from kept import waiting
from patience import until
from telegram_battery import ANA, ANSWERED, CHAT, GROUP, REFUSED, SILENT, message, tap, update
from telegram_server import Server

from spineline.content.library import Content
from spineline.turns.engine import Asked, Say

PHONE = "310-828-7757"
DANGER = "numb between my legs and I cannot pee"
SPANISH = {**ANA, "language_code": "es-MX"}


@pytest.fixture
async def server(content: Content) -> AsyncIterator[Server]:
    async with Server(content) as server:
        yield server


def numbered(number: int, body: bytes) -> bytes:
    return json.dumps({**json.loads(body), "update_id": number}).encode()


def keyboard(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(b["text"], b["callback_data"]) for row in said["reply_markup"]["inline_keyboard"] for b in row]


async def test_the_first_answer_says_that_this_is_automatic(server: Server) -> None:
    assert (await server.post(message(text="hello")))[0] == 200
    await until(lambda: len(server.api.sent(77)) == 2)
    notice, answer = server.api.sent(77)
    assert "Automated assistant" in notice["text"]
    assert answer["text"] == "You wrote: hello"


async def test_quick_replies_are_buttons_and_nothing_is_markup(server: Server, content: Content) -> None:
    (said,) = await server.say(message(text="*1* _2_ [x](y)"))
    assert said["text"] == "You wrote: *1* _2_ [x](y)"
    assert keyboard(said) == [(content.answer(ref).ask["en"], ref) for ref in ("core/about", "core/why")]
    assert said["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in said


async def test_a_tap_is_the_quick_reply_and_the_button_comes_to_rest(server: Server, content: Content) -> None:
    await server.say(message(text="hello"))
    await server.say(numbered(2, tap(data="core/why")))
    assert server.agent.texts[-1] == "core/why"
    await until(lambda: ("answerCallbackQuery", {"callback_query_id": "5"}) in server.api.calls)


async def test_a_quick_reply_of_long_ago_is_said_in_words(server: Server, content: Content) -> None:
    server.agent.language = "es"
    await server.say(message(text="hola"))
    await server.say(numbered(2, tap(data="crunches/how_many")))
    assert server.agent.texts[-1] == content.answer("crunches/how_many").ask["es"]


@pytest.mark.parametrize("data", ["core/nothing", '/greet{"choice": "greet/about"}', "", 5, None], ids=repr)
async def test_a_tap_that_is_not_ours_gets_other_choices(server: Server, data: Any, content: Content) -> None:
    (said,) = await server.say(tap(data=data))
    assert said["text"] == content.line("choose_again", "en")
    assert len(keyboard(said)) == 4
    assert not server.agent.texts


@pytest.mark.parametrize(
    "elsewhere",
    [{"message": {"message_id": 1, "chat": GROUP}}, {"message": {"chat": {**CHAT, "id": 78}}}, {"message": None}],
    ids=["a group", "another's chat", "no chat"],
)
async def test_a_tap_in_another_chat_is_no_message(server: Server, elsewhere: dict[str, Any]) -> None:
    assert not await server.say(tap(**elsewhere))
    await until(lambda: bool(server.api.calls))
    assert [method for method, _ in server.api.calls] == ["answerCallbackQuery"]
    assert "private chat" in server.api.calls[0][1]["text"]
    assert not server.agent.texts


@pytest.mark.parametrize(("said", "meant"), [
    ("/start", "greet/about"), (f"/start@{BOT}", "greet/about"), ("/START from_the_poster", "greet/about"),
    ("/help", "help/about"), (f"/help@{BOT.upper()}", "help/about"),
])  # fmt: skip
async def test_commands_are_what_the_quick_replies_are(server: Server, said: str, meant: str, content: Content) -> None:
    await server.say(message(text=said))
    assert server.agent.texts == [meant]


async def test_commands_are_in_the_language_of_the_person(server: Server, content: Content) -> None:
    await server.say(message(text="/start", **{"from": SPANISH}))
    assert server.agent.texts[-1] == content.answer("greet/about").ask["es"]
    await server.say(numbered(2, message(text="/help", **{"from": SPANISH})))
    assert server.agent.texts[-1] == content.answer("help/about").ask["en"], "the answer before was English"


@pytest.mark.parametrize(("said", "heard"), [
    ("/restart", "restart"), (f"/stop@{BOT} it hurts", "stop it hurts"), ("/help my back hurts", "help my back hurts"),
    ('/greet{"choice": "greet/about"}', 'greet{"choice": "greet/about"}'), ("/bottom of my back", "bottom of my back"),
])  # fmt: skip
async def test_other_commands_are_words(server: Server, said: str, heard: str) -> None:
    await server.say(message(text=said))
    assert server.agent.texts == [heard]


async def test_a_changed_message_is_read_again(server: Server) -> None:
    await server.say(message(text="my back is stiff"))
    changed = {"message_id": 1, "chat": CHAT, "from": ANA, "edit_date": 2, "text": DANGER}
    server.on_message = fail
    (said,) = await server.say(update(2, edited_message=changed))
    assert "911" in said["text"]


async def fail(_: Asked, __: Say) -> None:
    raise RuntimeError


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "document", "location", "contact", "video_note", "dice"])
async def test_media_are_answered_kindly(server: Server, kind: str, content: Content) -> None:
    (said,) = await server.say(message(**{kind: {}, "from": {**ANA, "language_code": "en"}}))
    assert said["text"] == content.line("only_text", "en")
    assert PHONE in said["text"]
    assert not server.agent.texts


@pytest.mark.parametrize(("person", "languages"), [(SPANISH, ["es"]), (ANA, ["en", "es"])], ids=["es", "unknown"])
async def test_media_are_answered_in_the_language_that_is_known(
    server: Server, person: dict[str, Any], languages: list[str], content: Content
) -> None:
    (said,) = await server.say(message(photo=[{}], **{"from": person}))
    assert said["text"] == "\n".join(content.line("only_text", language) for language in languages)


async def test_words_under_a_picture_are_read(server: Server) -> None:
    await server.say(message(photo=[{}], caption="does this help my back?"))
    assert server.agent.texts == ["does this help my back?"]


async def test_the_pictures_of_an_album_are_answered_once(server: Server) -> None:
    for number in range(1, 5):
        assert len(await server.say(numbered(number, message(photo=[{}], media_group_id="9")))) == (number == 1)


@pytest.mark.parametrize("addressed", [
    {"text": f"@{BOT} {DANGER}"}, {"text": f"hey @{BOT.upper()}, my back hurts"}, {"text": f"/start@{BOT}"},
    {"text": "and how long?", "reply_to_message": {"from": {"username": BOT}}}, {"photo": [], "caption": f"(@{BOT})"},
])  # fmt: skip
async def test_a_group_is_invited_to_a_private_chat(server: Server, addressed: dict[str, Any]) -> None:
    (said,) = await server.say(message(chat=GROUP, **addressed), chat=-100)
    assert said["text"].count(f"https://t.me/{BOT}") == 2
    assert said["text"].count("911") == 2
    assert "reply_markup" not in said
    assert not server.agent.texts
    assert DANGER not in json.dumps(server.api.calls)


async def test_a_channel_that_addresses_us_is_invited_too(server: Server) -> None:
    post = {"message_id": 3, "chat": {"id": -5, "type": "channel"}, "text": f"ask @{BOT}"}
    (said,) = await server.say(update(channel_post=post), chat=-5)
    assert f"https://t.me/{BOT}" in said["text"]


async def test_an_update_is_answered_once_even_at_the_same_time(server: Server) -> None:
    await asyncio.gather(*(server.post(message(text="hello")) for _ in range(5)))
    await server.say(message(text="hello"))
    assert server.agent.texts == ["hello"]
    assert len(server.api.sent(77)) == 2


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "ñ" * 16], ids=repr)
@pytest.mark.parametrize("body", [message(text=DANGER), tap(), b"{oops"], ids=["text", "tap", "no JSON"])
async def test_a_forged_update_is_refused(server: Server, secret: str | None, body: bytes) -> None:
    status, reason = await server.post(body, secret)
    assert status == 403
    assert json.loads(reason) == {"error": "The secret of the webhook is missing or wrong."}
    assert not server.agent.texts
    assert not server.api.calls
    assert not await server.deliveries.was_seen("telegram", "1")


async def test_there_is_no_other_route(server: Server) -> None:
    async with server.client.get("/webhooks/telegram/webhook") as answer:
        assert answer.status == 405
    async with server.client.get("/webhooks/telegram/set_webhook") as answer:
        assert answer.status == 404


async def test_what_was_said_while_telegram_was_down_arrives_in_order(server: Server) -> None:
    server.api.refusals = [(502, {})] * 3 + [(429, {"parameters": {"retry_after": 0.05}})]
    for number in range(1, 6):
        assert (await server.post(numbered(number, message(text=f"message {number}"))))[0] == 200
    await until(lambda: not waiting(server.deliveries, "telegram"))
    assert [s["text"] for s in server.api.sent(77)][1:] == [f"You wrote: message {n}" for n in range(1, 6)]


async def test_nothing_more_is_sent_to_who_has_blocked_us(server: Server) -> None:
    server.api.refusals = [(403, {"description": "Forbidden: bot was blocked by the user"})]
    assert not await server.say(message(text="hello"))
    assert not server.api.calls
    assert len(await server.say(numbered(2, message(text="hello again")))) == 1


async def test_what_waits_is_dropped_when_we_are_blocked(server: Server) -> None:
    server.api.refusals = [(502, {})] * 1000
    await server.post(message(text="hello"))
    gone = {"chat": CHAT, "from": ANA, "new_chat_member": {"status": "kicked"}}
    await server.post(update(2, my_chat_member=gone))
    await until(lambda: not waiting(server.deliveries, "telegram"))
    assert not server.api.calls


async def test_a_message_that_telegram_never_takes_does_not_hold_up_the_next(server: Server) -> None:
    server.api.refusals = [(400, {"description": "Bad Request: chat not found"})] * 2
    assert not await server.say(message(text="hello"))
    assert len(await server.say(numbered(2, message(text="hello")))) == 1


async def test_a_stopping_server_lets_telegram_come_back(server: Server) -> None:
    server.turns.limits.is_stopping = True
    assert (await server.post(message(text="hello")))[0] == 503
    assert not await server.deliveries.was_seen("telegram", "1")
    (said,) = await server.say(numbered(2, message(text=DANGER)))
    assert "911" in said["text"]
    server.turns.limits.is_stopping = False
    assert len(await server.say(message(text="hello"))) == 1


async def test_who_writes_too_fast_is_told(content: Content) -> None:
    async with Server(content, rate_per_session="1/minute") as server:
        await server.say(message(text="hello"))
        (said,) = await server.say(numbered(2, message(text="hello")))
        assert PHONE in said["text"]


async def test_telegrams_own_address_is_not_limited(content: Content) -> None:
    async with Server(content, rate_per_address="1/minute") as server:
        server.client.headers["X-Forwarded-For"] = "149.154.167.220"
        for at in range(1, 4):
            group, person = {**GROUP, "id": -at}, {**CHAT, "id": at}
            invited = await server.say(numbered(at, message(chat=group, text=f"@{BOT}")), chat=-at)
            answered = await server.say(numbered(10 + at, message(chat=person, text="hello")), chat=at)
            assert "t.me" in invited[0]["text"]
            assert answered[0]["text"] == "You wrote: hello"


async def test_an_outbox_that_cannot_be_written_does_not_silence_us(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(server.deliveries, "finish", full)
    assert (await server.post(message(text="hello")))[0] == 200
    await until(lambda: len(server.api.sent(77)) == 2)


async def test_people_never_share_a_conversation(server: Server) -> None:
    other = {"id": 78, "type": "private"}
    await server.say(message(text="mine"))
    await server.say(numbered(2, message(text="yours", chat=other, **{"from": {"id": 78}})), chat=78)
    assert not [said for said in server.api.sent(78) if "mine" in said["text"]]


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
async def test_what_cannot_come_from_telegram_is_refused_with_a_reason(server: Server, body: bytes) -> None:
    status, reason = await server.post(body)
    assert status == 400
    assert "update_id" in json.loads(reason)["error"]
    assert not server.agent.texts


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
async def test_what_tells_of_nothing_is_taken_in_silence(server: Server, body: bytes) -> None:
    assert await server.post(body) == (200, "")
    assert not waiting(server.deliveries, "telegram")
    assert not server.api.calls
    assert not server.agent.texts


@pytest.mark.parametrize("body", ANSWERED.values(), ids=ANSWERED)
async def test_strange_messages_are_answered(server: Server, body: bytes) -> None:
    assert await server.say(body)


async def test_a_body_that_is_far_too_large_is_refused(server: Server) -> None:
    assert (await server.post(message(text="x" * 65_000)))[0] == 413
