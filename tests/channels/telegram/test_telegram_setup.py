"""`register-telegram` and `check-telegram`: what Telegram is told, and what a clinic reads when that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_bot_api import BOT, SECRET, TOKEN, FakeBotApi
from servers import free_port

from spineline.accounts import Accounts, Telegram
from spineline.channels.telegram.setup import check, register
from spineline.channels.telegram.updates import ASKED_FOR
from spineline.errors import ConfigError
from spineline.settings import Settings

HERE = "https://chat.clinic.example/webhooks/telegram/webhook"
GOOD = {"url": HERE, "pending_update_count": 3, "allowed_updates": list(ASKED_FOR)}


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    api = FakeBotApi()
    yield api
    api.close()
    assert not api.wrong


def settings(address: str) -> Settings:
    return Settings(accounts=Accounts(Telegram(TOKEN, BOT, SECRET, address), public_url="https://chat.clinic.example"))


def test_telegram_is_told_where_we_are_and_what_we_want(api: FakeBotApi) -> None:
    assert HERE in register(settings(api.address))
    (_, webhook), *commands = api.calls
    assert webhook == {
        "url": HERE,
        "secret_token": SECRET,
        "allowed_updates": list(ASKED_FOR),
        "drop_pending_updates": False,
    }
    assert [(method, body.get("language_code")) for method, body in commands] == [
        ("setMyCommands", None),
        ("setMyCommands", "es"),
    ]
    assert [command["command"] for command in commands[1][1]["commands"]] == ["start", "help"]


def test_all_is_well(api: FakeBotApi) -> None:
    api.results["getWebhookInfo"] = GOOD
    assert check(settings(api.address)) == f"Messages to @{BOT} come to {HERE}. Waiting: 3."


def test_the_last_trouble_is_told(api: FakeBotApi) -> None:
    api.results["getWebhookInfo"] = {**GOOD, "last_error_date": 0, "last_error_message": "Connection refused"}
    assert "Last trouble, 1970-01-01 00:00 UTC: Connection refused" in check(settings(api.address))


@pytest.mark.parametrize(
    ("method", "result", "said"),
    [
        ("getWebhookInfo", {"url": ""}, "to nowhere"),
        ("getWebhookInfo", {**GOOD, "url": "https://other.example"}, "to https://other.example"),
        ("getWebhookInfo", {**GOOD, "allowed_updates": ["message"]}, "does not bring callback_query"),
        ("getWebhookInfo", {}, "to nowhere"),
        ("getMe", {"username": "another_bot"}, "TELEGRAM_BOT_NAME"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(api: FakeBotApi, method: str, result: Any, said: str) -> None:
    api.results = {"getMe": {"username": BOT}, "getWebhookInfo": GOOD, method: result}
    with pytest.raises(ConfigError, match=said):
        check(settings(api.address))


@pytest.mark.parametrize(
    ("status", "description", "said"),
    [
        (401, "Unauthorized", "TELEGRAM_TOKEN"),
        (400, "bad webhook: HTTPS must be used", "PUBLIC_URL"),
        (429, "", "wait"),
    ],
)
def test_a_refusal_comes_with_advice_and_no_secret(api: FakeBotApi, status: int, description: str, said: str) -> None:
    api.refusals = [(status, {"description": description})]
    with pytest.raises(ConfigError, match=said) as caught:
        register(settings(api.address))
    assert TOKEN not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("command", [register, check])
def test_a_telegram_that_cannot_be_reached_is_named(command: Any) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ConfigError, match=f"{address} cannot be reached") as caught:
        command(settings(address))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("command", [register, check])
def test_without_an_account_the_variables_are_named(command: Any) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_SECRET"):
        command(replace(Settings(), accounts=Accounts()))


def test_an_answer_that_is_not_telegrams_is_no_success(api: FakeBotApi) -> None:
    api.results["getWebhookInfo"] = None
    with pytest.raises(ConfigError, match="not Telegram's"):
        check(settings(api.address))
