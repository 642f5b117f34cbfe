"""The clinic's accounts with messengers and telephone companies; secrets come from the environment only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_E164 = re.compile(r"\+[1-9]\d{7,14}")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
_TELEGRAM_TOKEN = re.compile(r"\d{3,20}:[\w-]{20,64}")
_SECRET = re.compile(r"[\w-]{16,256}")
_URL = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?")

TELEGRAM_API = "https://api.telegram.org"
TWILIO_API = "https://api.twilio.com"


@dataclass(frozen=True)
class Telegram:
    """A bot. `secret` is what Telegram sends with every update; `api` is another address for tests or an own server."""

    token: str = field(repr=False)
    bot_name: str
    secret: str = field(repr=False)
    api: str = TELEGRAM_API


@dataclass(frozen=True)
class Twilio:
    """An account with one number for texts, WhatsApp and calls; `token` also signs what Twilio sends to us."""

    sid: str
    token: str = field(repr=False)
    number: str
    api: str = TWILIO_API


@dataclass(frozen=True)
class Accounts:
    """What is configured; None is off. `public_url` is how messengers reach this server."""

    telegram: Telegram | None = None
    twilio: Twilio | None = None
    public_url: str = ""


NO_ACCOUNTS = Accounts()
_RULES = {
    "TELEGRAM_TOKEN": (_TELEGRAM_TOKEN, "must be the token that BotFather gave, like 123456:ABC-DEF…"),
    "TELEGRAM_BOT_NAME": (re.compile(r"@?\w{5,32}"), "must be the bot's user name, like spine_clinic_bot"),
    "TELEGRAM_WEBHOOK_SECRET": (_SECRET, "must be 16 to 256 letters, digits, - or _ that you made up"),
    "TELEGRAM_API": (_URL, "must be an address like https://api.telegram.org"),
    "TWILIO_ACCOUNT_SID": (_ACCOUNT_SID, "must be AC and 32 hex digits, from Twilio's console"),
    "TWILIO_AUTH_TOKEN": (_SECRET, "must be the token from Twilio's console"),
    "TWILIO_NUMBER": (_E164, "must be the number that you rent, like +13105550100"),
    "TWILIO_API": (_URL, "must be an address like https://api.twilio.com"),
    "PUBLIC_URL": (_URL, "must be the address of this server as messengers see it, like https://chat.clinic.example"),
}
ACCOUNT_VARIABLES = frozenset(_RULES)
_GROUPS = {
    "Telegram": ("TELEGRAM_TOKEN", "TELEGRAM_BOT_NAME", "TELEGRAM_WEBHOOK_SECRET"),
    "Twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER"),
}


def read_accounts(environment: Mapping[str, str]) -> tuple[Accounts, list[str]]:
    """The accounts, and everything that is wrong with them; a half-configured one is wrong. No secret is repeated."""
    given = {name: value for name in _RULES if (value := environment.get(name, "").strip())}
    problems = [*_malformed(given), *_halves(given)]
    if problems:
        return NO_ACCOUNTS, problems
    return Accounts(_telegram(given), _twilio(given), given.get("PUBLIC_URL", "").rstrip("/")), []


def _malformed(given: Mapping[str, str]) -> Iterator[str]:
    for name, value in given.items():
        pattern, rule = _RULES[name]
        if not pattern.fullmatch(value):
            yield f"{name}: {rule}. Change it, or unset it."


def _halves(given: Mapping[str, str]) -> Iterator[str]:
    for service, names in _GROUPS.items():
        missing = [name for name in (*names, "PUBLIC_URL") if name not in given]
        if missing and any(name in given for name in names):
            yield f"{service} is only half configured: set {', '.join(missing)} too, or none of {', '.join(names)}."


def _telegram(given: Mapping[str, str]) -> Telegram | None:
    if "TELEGRAM_TOKEN" not in given:
        return None
    token, name, secret = (given[key] for key in _GROUPS["Telegram"])
    return Telegram(token, name.lstrip("@"), secret, given.get("TELEGRAM_API", TELEGRAM_API).rstrip("/"))


def _twilio(given: Mapping[str, str]) -> Twilio | None:
    if "TWILIO_ACCOUNT_SID" not in given:
        return None
    sid, token, number = (given[key] for key in _GROUPS["Twilio"])
    return Twilio(sid, token, number, given.get("TWILIO_API", TWILIO_API).rstrip("/"))
