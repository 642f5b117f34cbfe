"""Bodies that Telegram would not send, or that tell of nothing, and what the webhook answers to each."""

from __future__ import annotations

import json
from typing import Any

CHAT = {"id": 77, "type": "private"}
ANA = {"id": 77, "is_bot": False, "first_name": "Ana"}
GROUP = {"id": -100, "type": "supergroup", "title": "Gym"}


def update(number: Any = 1, **parts: Any) -> bytes:
    return json.dumps({"update_id": number, **parts}).encode()


def message(**parts: Any) -> bytes:
    return update(message={"message_id": 1, "date": 1, "chat": CHAT, "from": ANA, **parts})


def tap(**parts: Any) -> bytes:
    shown = {"message_id": 1, "date": 1, "chat": CHAT}
    return update(callback_query={"id": "5", "from": ANA, "message": shown, "data": "core/about", **parts})


REFUSED = {
    "nothing": b"",
    "blanks": b"  \n\t ",
    "no JSON": b"{oops",
    "half an object": b'{"update_id": 1, "message": {',
    "null": b"null",
    "a list": b"[]",
    "a list of updates": b'[{"update_id": 1}]',
    "a string": b'"hi"',
    "a number": b"5",
    "true": b"true",
    "an empty object": b"{}",
    "not UTF-8": b'{"update_id": 1, "message": "\xff\xfe"}',
    "UTF-16": json.dumps({"update_id": 1}).encode("utf-16-le")[:-1],
    "thirty thousand brackets": b"[" * 30_000,
    "objects in each other without end": b'{"a":' * 10_000,
    "no update_id": b'{"message": {}}',
    "an update_id that is null": update(None),
    "an update_id that is a text": update("1"),
    "an update_id that is a list": update([1]),
    "an update_id that is true": update(True),
    "an update_id with a comma": update(1.5),
    "an update_id without end": b'{"update_id": ' + b"9" * 5000 + b"}",
    "an update_id that is far too large": update(2**80),
    "an update_id that is not a number": b'{"update_id": NaN}',
    "a form": b"update_id=1&message=hi",
}
SILENT = {
    "only an update_id": update(),
    "an unknown kind": update(poll_answer={"poll_id": "1"}),
    "a message that is null": update(message=None),
    "a message that is a text": update(message="hi"),
    "a message that is a list": update(message=[{"text": "hi"}]),
    "an empty message": update(message={}),
    "no chat": update(message={"message_id": 1, "from": ANA, "text": "hi"}),
    "a chat that is a number": message(chat=77),
    "a chat without an id": message(chat={"type": "private"}),
    "a chat id that is a text": message(chat={"id": "77", "type": "private"}),
    "a chat id that is true": message(chat={"id": True, "type": "private"}),
    "a chat id that is far too large": message(chat={"id": 2**70, "type": "private"}),
    "a chat without a type, not addressed": message(chat={"id": 77}, text="hi"),
    "a chat type that is a list": message(chat={"id": 77, "type": ["private"]}, text="hi"),
    "another bot": message(**{"from": {**ANA, "is_bot": True}, "text": "hi"}),
    "a pinned message": message(pinned_message={"message_id": 1}),
    "a changed place": update(edited_message={"message_id": 1, "chat": CHAT, "from": ANA, "location": {"latitude": 1}}),
    "a changed message that is a text": update(edited_message="hi"),
    "a group that talks among itself": message(chat=GROUP, text="numb between my legs"),
    "a group with our name inside a word": message(chat=GROUP, text="me@spine_test_bot or @spine_test_bots"),
    "a group's photo": message(chat=GROUP, photo=[{}]),
    "a new member of a group": message(chat=GROUP, new_chat_members=[{"username": "spine_test_bot"}]),
    "a channel's post": update(channel_post={"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "news"}),
    "we are added to a group": update(my_chat_member={"chat": GROUP, "new_chat_member": {"status": "member"}}),
    "a member that is a text": update(my_chat_member={"chat": CHAT, "new_chat_member": "kicked"}),
    "a member of nothing": update(my_chat_member={}),
    "two levels too deep": update(message={"chat": {"id": {"id": {"id": 1}}, "type": "private"}}),
}
ANSWERED = {
    "a text that is a number": message(text=5),
    "a text that is null": message(text=None),
    "a text that is a list": message(text=["hi"]),
    "an empty text": message(text=""),
    "a text of blanks": message(text=" \n\t "),
    "only a slash": message(text="/"),
    "half a character": b'{"update_id":1,"message":{"chat":{"id":77,"type":"private"},"text":"\\ud800 hi"}}',
    "a zero inside": message(text="hi\x00there"),
    "written backwards": message(text="\u202eih"),
    "a text of fifty thousand letters": message(text="x" * 50_000),
    "four thousand emojis": message(text="\U0001f525" * 4_000),
    "no sender": update(message={"message_id": 1, "chat": CHAT, "text": "hi"}),
    "a sender that is a text": message(**{"from": "Ana", "text": "hi"}),
    "a language that is a number": message(**{"from": {**ANA, "language_code": 5}, "text": "hi"}),
    "entities that are no list": message(text="hi", entities="bold"),
    "a caption beside a broken text": message(text={}, caption="hi"),
    "an intent with slots": message(text='/greet{"language": "xx"}'),
    "a restart": message(text="/restart"),
    "an album that is a number": message(photo=[{}], media_group_id=5),
    "a kind of media that is not known yet": message(hologram={}),
    "deep inside what is not read": message(text="hi", photo=json.loads("[" * 400 + "]" * 400)),
    "a tapped choice that is not ours": tap(data="core/nothing"),
    "a tapped choice that is a payload": tap(data='/greet{"choice": "greet/about"}'),
    "a tapped choice that is a number": tap(data=5),
    "a tap without a choice": tap(data=None),
}
