"""Tells Telegram where to bring messages, and asks how that goes: `register-telegram` and `check-telegram`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import aiohttp

from spineline.accounts import Telegram
from spineline.channels.messengers.courier import TooFastError
from spineline.channels.telegram.api import BotApi, TelegramError
from spineline.channels.telegram.updates import ASKED_FOR, COMMANDS, PATH
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, load_content
from spineline.errors import ConfigError
from spineline.settings import Settings


def register(settings: Settings) -> str:
    """Let Telegram bring messages to PUBLIC_URL, and show the commands in both languages."""
    return _asked(settings, _register)


def check(settings: Settings) -> str:
    """How messages get here, in plain words; ConfigError when they do not."""
    return _asked(settings, _check)


def _asked(settings: Settings, ask: Callable[[BotApi, Telegram, Settings], Awaitable[str]]) -> str:
    account = settings.accounts.telegram
    if account is None:
        names = "TELEGRAM_TOKEN, TELEGRAM_BOT_NAME, TELEGRAM_WEBHOOK_SECRET and PUBLIC_URL"
        raise ConfigError([f"Telegram is not configured: set {names} (docs/channels.md)."])
    return asyncio.run(_with_api(account, settings, ask))


async def _with_api(
    account: Telegram, settings: Settings, ask: Callable[[BotApi, Telegram, Settings], Awaitable[str]]
) -> str:
    api = BotApi(account)
    try:
        return await ask(api, account, settings)
    except (TelegramError, TooFastError) as error:
        raise ConfigError([f"Telegram refused: {error}. {_advice(error)}"]) from None
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        reason = type(error).__name__
        raise ConfigError([f"{account.api} cannot be reached ({reason}). Is this machine online?"]) from None
    finally:
        await api.close()


def _advice(error: Exception) -> str:
    if str(error).startswith(("401", "404")):
        return "Compare TELEGRAM_TOKEN with what BotFather says."
    return "Compare PUBLIC_URL: it must begin with https:// and be reachable from outside."


async def _register(api: BotApi, account: Telegram, settings: Settings) -> str:
    content = load_content(ROOT, settings.clinic)  # first: it takes longer than a line to Telegram may rest
    address = settings.accounts.public_url + PATH
    await api.call(
        "setWebhook",
        {
            "url": address,
            "secret_token": account.secret,
            "allowed_updates": list(ASKED_FOR),
            "drop_pending_updates": False,
        },
    )
    titles = {name: content.choices[choice].title for name, choice in COMMANDS.items()}
    for language in LANGUAGES:
        commands = [{"command": name, "description": title[language]} for name, title in titles.items()]
        others = {} if language == LANGUAGES[0] else {"language_code": language}
        await api.call("setMyCommands", {"commands": commands, **others})
    return f"Telegram brings messages to {address} now. `check-telegram` tells whether they arrive."


async def _check(api: BotApi, account: Telegram, settings: Settings) -> str:
    bot, webhook = await _facts(api, "getMe"), await _facts(api, "getWebhookInfo")
    address = settings.accounts.public_url + PATH
    problems = [*_wrong(bot, account), *_unlike(webhook, address)]
    if problems:
        raise ConfigError(problems)
    waiting = webhook.get("pending_update_count", 0)
    return "\n".join([f"Messages to @{account.bot_name} come to {address}. Waiting: {waiting}.", *_last_error(webhook)])


async def _facts(api: BotApi, method: str) -> Mapping[str, Any]:
    facts = await api.call(method, {})
    if not isinstance(facts, dict):
        raise TelegramError(f"an answer to {method} that is not Telegram's")
    return facts


def _wrong(bot: Mapping[str, Any], account: Telegram) -> Iterator[str]:
    name = str(bot.get("username"))
    if name.lower() != account.bot_name.lower():
        yield f"TELEGRAM_BOT_NAME={account.bot_name}: the bot of this token is {name}. Correct one of the two."


def _unlike(webhook: Mapping[str, Any], address: str) -> Iterator[str]:
    found = webhook.get("url") or "nowhere"
    if found != address:
        yield f"Telegram brings messages to {found}, not to {address}. Run `register-telegram`."
    missing = set(ASKED_FOR) - set(webhook.get("allowed_updates") or ())
    if found == address and missing:
        yield f"Telegram does not bring {', '.join(sorted(missing))}. Run `register-telegram`."


def _last_error(webhook: Mapping[str, Any]) -> Iterator[str]:
    if webhook.get("last_error_message"):
        when = datetime.fromtimestamp(webhook.get("last_error_date", 0), timezone.utc)
        yield f"Last trouble, {when:%Y-%m-%d %H:%M} UTC: {webhook['last_error_message']}"
