"""A server that is told to stop answers everybody who has asked, and nobody else."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from patience import LONG_S
from servers import STARTS_WITHIN_S, free_port

ROOT = Path(__file__).parents[2]


def _ask(port: int, sender: str, answers: list[Any]) -> None:
    body = json.dumps({"sender": sender, "message": "hello"}).encode()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, timeout=LONG_S) as answer:
            answers.append([m["text"] for m in json.load(answer)][-1])
    except urllib.error.HTTPError as error:
        answers.append(error.code)


def _health(port: int, kind: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/{kind}", timeout=LONG_S) as answer:
            return str(json.load(answer)["status"])
    except urllib.error.HTTPError as error:
        return str(json.load(error)["status"])
    except OSError:
        return ""


def _wait(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while not is_so():
        if time.monotonic() > end:
            pytest.fail("the server did not come so far")
        time.sleep(0.1)


def test_sigterm_in_the_middle_of_a_turn(tmp_path: Path) -> None:
    port, server = free_port(), ROOT / "tests" / "support" / "slow_server.py"
    command = [sys.executable, "-W", "ignore", str(server), str(port), str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    try:
        _wait(lambda: _health(port, "live") == "live")
        answers = list[Any]()
        asking = threading.Thread(target=_ask, args=(port, "anna", answers))
        asking.start()
        _wait((tmp_path / "asked").exists)
        process.send_signal(signal.SIGTERM)
        _wait(lambda: _health(port, "ready") == "stopping")
        late = list[Any]()
        _ask(port, "ben", late)
        (tmp_path / "go").touch()
        asking.join()
        assert answers == ["done"]
        assert late == [503]
        assert process.wait(LONG_S) == 0
    finally:
        process.kill()
