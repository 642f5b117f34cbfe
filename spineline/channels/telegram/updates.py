"""What a Telegram update says: who wrote what, and where. Everything that does not concern us is read as nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

NAME = "telegram"
PATH = f"/webhooks/{NAME}/webhook"
COMMANDS = {"start": "greet/about", "help": "help/about"}  # what each asks for, as a quick reply would
ASKED_FOR = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
_LARGEST = 2**53  # of any id of Telegram's
_COMMAND = re.compile(r"/(?:(start)(?:\s+[\w-]{1,64})?|(help))\s*", re.IGNORECASE)  # a link can add a word to /start
_EVENTS = frozenset(  # what Telegram notes in a chat though nobody wrote
    "pinned_message message_auto_delete_timer_changed write_access_allowed users_shared chat_shared connected_website "
    "chat_background_set successful_payment refunded_payment migrate_to_chat_id migrate_from_chat_id".split()
)

Json = Mapping[str, Any]


class What(Enum):
    """What happened."""

    TEXT = "somebody wrote: a text, the words under a picture, or a text that was changed"
    COMMAND = "somebody asked for the beginning or for help"
    TAP = "somebody tapped a quick reply"
    MEDIA = "somebody sent something without words"
    GROUP = "somebody addressed us where others read along"
    ELSEWHERE = "somebody tapped a quick reply that was not sent to them"
    BLOCKED = "somebody wants nothing more from us"


@dataclass(frozen=True)
class Update:
    """One thing that happened.

    Args:
        key: by which a repetition is recognised; the pictures of one album are one thing.
        chat: where, and where an answer goes.
        text: what was written, the name of the command, or the id of the quick reply.
        language: of the person's Telegram, "es"; a hint, no more.
        query: what Telegram waits for after a tap.
        message: its number in the chat.
    """

    key: str
    what: What
    chat: int = 0
    text: str = ""
    language: str = ""
    query: str = ""
    message: int = 0


def is_update(data: Any) -> bool:
    """Whether this can come from Telegram at all."""
    return isinstance(data, dict) and _is_id(data.get("update_id"))


def read_update(data: Json, bot_name: str) -> Update | None:
    """Read an update for the bot of that name; None when there is nothing to answer or to do."""
    key = str(data["update_id"])
    for name in ("message", "channel_post"):
        if part := _part(data, name):
            return _message(key, part, bot_name)
    if part := _part(data, "edited_message"):
        return _edited(key, part, bot_name)
    if part := _part(data, "callback_query"):
        return _tap(key, part)
    return _member(key, _part(data, "my_chat_member"))


def _message(key: str, message: Json, bot_name: str) -> Update | None:
    chat, person = _part(message, "chat"), _part(message, "from")
    if not _id(chat) or person.get("is_bot") is True:
        return None
    if chat.get("type") != "private":
        number = _id(message, "message_id")
        return Update(key, What.GROUP, _id(chat), message=number) if _is_addressed(message, bot_name) else None
    text, language = _words(message), _language(person)
    if text is not None:
        return _written(key, _id(chat), text, language, bot_name)
    if _EVENTS & message.keys():
        return None
    album = _text(message, "media_group_id")
    return Update(f"album {album}" if album else key, What.MEDIA, _id(chat), language=language)


def _edited(key: str, message: Json, bot_name: str) -> Update | None:
    """A changed text is a new one, for it may tell of danger; what has no words (a place that moves) is nothing new."""
    if _part(message, "chat").get("type") != "private" or _words(message) is None:
        return None
    return _message(key, message, bot_name)


def _written(key: str, chat: int, text: str, language: str, bot_name: str) -> Update:
    text = re.sub(rf"^\s*(/\w+)@{bot_name}\b", r"\1", text, flags=re.IGNORECASE)
    if command := _COMMAND.fullmatch(text.strip()):
        return Update(key, What.COMMAND, chat, (command[1] or command[2]).lower(), language)
    return Update(key, What.TEXT, chat, text.lstrip("/ \n\t"), language)


def _tap(key: str, query: Json) -> Update:
    person, chat = _part(query, "from"), _part(_part(query, "message"), "chat")
    number, language = _text(query, "id"), _language(person)
    if chat.get("type") != "private" or not _id(chat) or _id(chat) != _id(person):
        return Update(key, What.ELSEWHERE, query=number, language=language)
    return Update(key, What.TAP, _id(chat), _text(query, "data"), language, number)


def _member(key: str, change: Json) -> Update | None:
    chat, now = _part(change, "chat"), _part(change, "new_chat_member")
    if chat.get("type") != "private" or now.get("status") != "kicked" or not _id(chat):
        return None
    return Update(key, What.BLOCKED, _id(chat))


def _is_addressed(message: Json, bot_name: str) -> bool:
    """By name, by a command with the name, or by a reply to what we said."""
    answered = _part(_part(message, "reply_to_message"), "from")
    if _text(answered, "username").lower() == bot_name.lower():
        return True
    named = rf"(?:(?<!\w)|^\s*/\w{{1,32}})@{bot_name}\b"
    return re.search(named, _words(message) or "", re.IGNORECASE) is not None


def _words(message: Json) -> str | None:
    """The text, or what stands under a picture."""
    found = (message.get(name) for name in ("text", "caption"))
    return next((text for text in found if isinstance(text, str)), None)


def _language(person: Json) -> str:
    return _text(person, "language_code").lower().partition("-")[0]


def _part(data: Json, name: str) -> Json:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _text(data: Json, name: str) -> str:
    text = data.get(name)
    return text if isinstance(text, str) else ""


def _id(data: Json, name: str = "id") -> int:
    """A number of Telegram's; 0 when there is none."""
    number: Any = data.get(name)
    return int(number) if _is_id(number) else 0


def _is_id(number: Any) -> bool:
    return type(number) is int and -_LARGEST < number < _LARGEST
