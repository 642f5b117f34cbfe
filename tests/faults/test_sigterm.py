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
from pathlib import Path
from typing import Any

import pytest
from servers import free_port

ROOT = Path(__file__).parents[2]


def _ask(port: int, sender: str, answers: list[Any]) -> None:
    body = json.dumps({"sender": sender, "message": "hello"}).encode()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, timeout=20) as answer:
            answers.append([m["text"] for m in json.load(answer)][-1])
    except urllib.error.HTTPError as error:
        answers.append(error.code)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not start")


def test_sigterm_in_the_middle_of_a_turn(tmp_path: Path) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        str(ROOT / "tests" / "support" / "slow_server.py"),
        str(port),
        str(tmp_path),
        "2",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    try:
        _wait(port)
        answers = list[Any]()
        asking = threading.Thread(target=_ask, args=(port, "anna", answers))
        asking.start()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        late = list[Any]()
        _ask(port, "ben", late)
        asking.join()
        assert answers == ["done"]
        assert late == [503]
        assert process.wait(10) == 0
    finally:
        process.kill()
