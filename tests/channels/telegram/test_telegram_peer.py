"""A real server and the Bot API emulator of npm "telegram-test-api", which nobody here wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bot_api_spec import description, violations
from fake_bot_api import SECRET, TOKEN
from servers import free_port, spineline_server

from spineline.channels.telegram.updates import NAME
from spineline.content.library import ROOT, Content

pytestmark = pytest.mark.trained
PEERS = ROOT / "tests" / "peers"
BOT = "TestNameBot"  # as the emulator calls every bot
DOWN_S = float(os.environ.get("TEST_DOWN_S", "3"))
ANA = {"from": {"id": 41, "is_bot": False, "first_name": "Ana"}, "chat": {"id": 41, "type": "private"}}
BEN = {"from": {"id": 42, "is_bot": False, "first_name": "Ben"}, "chat": {"id": 42, "type": "private"}}


class Emulator:
    """Telegram, with one person who writes to the bot."""

    def __init__(self, log: Path) -> None:
        self.port, self._log = free_port(), log
        self.address = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def up(self) -> Iterator[None]:
        with self._log.open("ab") as log:
            command = ["node", str(PEERS / "telegram.js"), str(self.port)]
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            self._wait()
            yield
        finally:
            process.terminate()
            process.wait(60)

    def _wait(self) -> None:
        until = time.monotonic() + 120
        while True:
            try:
                self._asked("/getUpdates", {})
                return
            except OSError:
                assert time.monotonic() < until, self._log.read_text()
                time.sleep(0.1)

    def _asked(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def write(self, text: str) -> list[dict[str, Any]]:
        self._asked("/sendMessage", {**ANA, "botToken": TOKEN, "date": 1, "text": text})
        return self.read()

    def command(self, text: str) -> list[dict[str, Any]]:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._asked("/sendCommand", {**ANA, "botToken": TOKEN, "date": 1, "text": text, "entities": entities})
        return self.read()

    def tap(self, choice: str) -> list[dict[str, Any]]:
        self._asked("/sendCallback", {**ANA, "botToken": TOKEN, "message": {**ANA, "message_id": 1}, "data": choice})
        return self.read()

    def read(self, least: int = 1, chat: int = 41) -> list[dict[str, Any]]:
        """What the bot said since the last time; all of it, for a little while nothing more has come."""
        found: list[dict[str, Any]] = []
        until = time.monotonic() + 60
        while True:
            new = self._asked("/getUpdates", {"token": TOKEN, "chatId": chat})["result"]
            found += [update["message"] for update in new]
            if len(found) >= least and not new:
                return found
            assert time.monotonic() < until, f"only {found}"
            time.sleep(0.3)

    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        lines = self._log.read_text().splitlines()
        return [(method, body) for method, body in (json.loads(line) for line in lines if line.startswith("["))]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Emulator:
    if not (PEERS / "node_modules" / "telegram-test-api").is_dir() or not shutil.which("node"):
        pytest.skip("The emulator is not installed: run `npm ci --prefix tests/peers` (needs node).")
    return Emulator(tmp_path_factory.mktemp("emulator") / "calls.txt")


@pytest.fixture(scope="module")
def base(model: Path, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that starts before Telegram can be reached."""
    with spineline_server(tmp_path_factory.mktemp("server"), accounts=account(emulator)) as base:
        yield base


def account(emulator: Emulator) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_BOT_NAME": BOT,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API": emulator.address,
    }


def run(command: str, base: str, emulator: Emulator) -> str:
    environment = {**os.environ, **account(emulator), "PUBLIC_URL": base}
    arguments = [sys.executable, "-W", "ignore", "-m", "spineline", command]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_conversation_with_taps(base: str, emulator: Emulator, content: Content) -> None:
    with emulator.up():
        assert "brings messages" in run("register-telegram", base, emulator)
        assert f"Messages to @{BOT} come to {base}" in run("check-telegram", base, emulator)
        notice, greeting = emulator.command("/start")
        assert "Automated assistant" in notice["text"]
        assert greeting["text"].startswith(content.fill(content.answer("greet/about").text["en"], "en"))
        rows = greeting["reply_markup"]["inline_keyboard"]
        (tapped,) = emulator.tap(rows[0][0]["callback_data"])
        assert tapped["text"].startswith(content.fill(content.answer("workout_mistakes/about").text["en"], "en"))
        (spanish,) = emulator.write("¿cuánto tiempo aguanto la plancha?")
        assert "10 a 20 segundos" in spanish["text"]
        (help_,) = emulator.command("/help")
        assert help_["text"].startswith(content.fill(content.answer("help/about").text["es"], "es"))
        (danger,) = emulator.write("se me duerme la entrepierna y no puedo orinar")
        assert "911" in danger["text"]
    assert "answerCallbackQuery" in {method for method, _ in emulator.calls()}


def test_nothing_is_lost_while_telegram_is_down(base: str, emulator: Emulator, content: Content) -> None:
    exercises = ("plank", "bird dog", "dead bug", "bridge", "curl up")
    ways = [content.answer(f"{exercise.replace(' ', '_')}/how").text["en"] for exercise in exercises]
    for number, exercise in enumerate(exercises, 9001):
        assert bring(base, number, f"how do i do a {exercise}") == 200
        time.sleep(DOWN_S / len(exercises))
    with emulator.up():
        notice, *found = emulator.read(least=1 + len(exercises), chat=42)
    assert "Automated assistant" in notice["text"]
    assert len(found) == len(exercises)
    assert all(message["text"].startswith(way) for message, way in zip(found, ways)), "in order"


def bring(base: str, number: int, text: str) -> int:
    """An update that Telegram brings though it takes no calls."""
    body = json.dumps({"update_id": number, "message": {**BEN, "message_id": number, "date": 1, "text": text}}).encode()
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
    request = urllib.request.Request(f"{base}/webhooks/{NAME}/webhook", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return int(answer.status)


def test_every_call_is_as_the_published_description_says(base: str, emulator: Emulator) -> None:
    if description() is None:
        pytest.skip("TEST_SPECS names no folder with tg_api.json, the description of the Bot API.")
    calls = emulator.calls()
    assert len(calls) >= 10, "the tests above have talked"
    assert not [problem for method, body in calls for problem in violations(method, body)]
