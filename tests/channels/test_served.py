"""`python -m spineline serve` as it runs: health, numbers, logs, and what is left of whom it forgot."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from servers import ANSWERS_WITHIN_S, free_port, running, say

from spineline.content.library import ROOT
from spineline.settings import DATABASE_FILE

pytestmark = pytest.mark.trained
SECRETS = ("Torrez", "555-0142", "torrez@example.com", "04/05/1980", "ABC123456789", "zzyzx")
TALK = (
    "hello, my name is Anita Torrez",
    "call me at 310-555-0142 or torrez@example.com about stretching zzyzx",
    "nací el 04/05/1980 y mi póliza es ABC123456789",
    "numb between my legs and I cannot pee, Torrez zzyzx",
)


@dataclass(frozen=True)
class Served:
    base: str
    metrics: str
    folder: Path
    environment: dict[str, str]

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-W", "ignore", "-m", "spineline", *command]
        environment = {**os.environ, **self.environment}
        return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port, metrics_port, folder = free_port(), free_port(), tmp_path_factory.mktemp("served")
    environment = {
        "PORT": str(port),
        "METRICS_PORT": str(metrics_port),
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "DEBUG",
        "DEADLINE_S": "60",
    }
    base = f"http://127.0.0.1:{port}"
    with running(["spineline", "serve"], f"{base}/health/live", folder / "log.txt", environment):
        yield Served(base, f"http://127.0.0.1:{metrics_port}/metrics", folder, environment)


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _talk(served: Served, sender: str) -> list[list[dict[str, Any]]]:
    return [say(served.base, sender, text) for text in TALK]


def _holding(served: Served, *names: str) -> list[str]:
    return [f"{n}: {s}" for n, data in served.files().items() for s in SECRETS if s.encode() in data and n not in names]


def test_ready_means_that_golden_questions_are_answered(served: Served) -> None:
    status, body = _get(f"{served.base}/health/ready")
    assert (status, json.loads(body)) == (200, {"status": "ready", "wrong": 0})


def test_logs_and_numbers_hold_nothing_of_what_people_wrote(served: Served) -> None:
    _talk(served, "Torrez-zzyzx")
    log = (served.folder / "log.txt").read_text()
    assert '"event": "turn"' in log
    for secret in SECRETS:
        assert secret not in log
    status, numbers = _get(served.metrics)
    assert status == 200
    assert not any(secret in numbers for secret in (*SECRETS, "rest:"))
    assert 'spineline_turns_total{channel="rest",outcome="answered"}' in numbers
    assert 'spineline_tiers_total{tier="ED_NOW"}' in numbers
    assert 'spineline_seconds_count{stage="answer"}' in numbers
    assert "spineline_intents_total{intent=" in numbers


def test_files_are_for_their_owner_only(served: Served) -> None:
    ours = [path for path in served.folder.rglob("*") if path.is_file() and path.name != "log.txt"]
    assert ours
    assert {oct(path.stat().st_mode & 0o077) for path in ours} == {"0o0"}


@pytest.mark.parametrize(
    ("ask", "forget", "deleted"),
    [
        pytest.param("what do you know about me", "delete my data", "was deleted", id="en"),
        pytest.param("¿qué sabe de mí?", "borre mis datos", "se borró", id="es"),
    ],
)
def test_who_wants_to_be_forgotten_is_forgotten(served: Served, ask: str, forget: str, deleted: str) -> None:
    say(served.base, "Torrez-zzyzx", forget)
    _talk(served, anna := f"anna {forget}")
    assert _holding(served, "log.txt"), "the conversation is kept until somebody wants it deleted"
    told = say(served.base, anna, ask)[-1]
    assert told["metadata"]["card"] == "known_about_you"
    assert f" {len(TALK) + 1} " in told["text"]
    assert "30" in told["text"]
    done = say(served.base, anna, forget)[-1]
    assert done["metadata"]["card"] == "forgotten"
    assert deleted in done["text"]
    assert _holding(served) == []
    assert json.loads(served.run("export", f"rest:{anna}").stdout)["events"] == []
    answer = say(served.base, anna, "how long do i hold a hamstring stretch")
    assert answer[0]["metadata"]["card"] == "hamstring_stretch/how_long", "the alarm is forgotten too"


def _is_noted(served: Served) -> bool:
    """Whether the server has not yet dropped what the command deleted."""
    with closing(sqlite3.connect(served.folder / DATABASE_FILE, timeout=30)) as database:
        return database.execute("SELECT 1 FROM forgotten").fetchone() is not None


def test_a_session_is_exported_and_forgotten_by_command(served: Served) -> None:
    _talk(served, "ben")
    exported = json.loads(served.run("export", "rest:ben").stdout)
    assert [event["text"] for event in exported["events"] if event["event"] == "user"] == list(TALK)
    assert exported["notice_given_at"] > 0
    assert "deleted" in served.run("forget", "rest:ben").stdout
    until = time.monotonic() + ANSWERS_WITHIN_S
    while _is_noted(served) and time.monotonic() < until:
        time.sleep(0.2)
    assert _holding(served) == []
    answer = say(served.base, "ben", "how long do i hold a hamstring stretch")
    assert answer[0]["metadata"]["card"] == "hamstring_stretch/how_long"


def test_the_way_to_the_model_is_for_programs_of_this_machine(served: Served) -> None:
    request = urllib.request.Request(f"{served.base}/model/parse", b'{"text": "hello"}', {"X-Forwarded-For": "1.2.3.4"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


def test_everything_wrong_with_the_set_up_is_said_before_the_start(tmp_path: Path) -> None:
    wrong = {"CLINIC": "spine_institut", "MODEL": str(tmp_path / "none.tar.gz"), "DATA_DIR": "/proc/nowhere"}
    command = [sys.executable, "-W", "ignore", "-m", "spineline", "serve"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **wrong}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for text in ("Did you mean 'spine_institute'?", "MODEL=", "make train", "DATA_DIR=/proc/nowhere"):
        assert text in done.stderr
