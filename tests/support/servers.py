"""Real servers for tests: each a process of its own on a free port of this machine, with its own data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spineline.content.library import ROOT

Reply = list[dict[str, Any]]
STARTS_WITHIN_S = 600
ANSWERS_WITHIN_S = 90
NO_ACCOUNTS: Mapping[str, str] = {}


_PORTS = range(10_000, 30_000)  # below those that the system gives to connections
_signs: list[socket.socket] = []


def free_port() -> int:
    """A port that nothing listens on and that no other test process gets.

    The UDP socket of the same number is the sign that it is taken; servers use TCP.
    """
    for at in range(len(_PORTS)):
        port, sign = _PORTS[(os.getpid() * 37 + at) % len(_PORTS)], socket.socket(type=socket.SOCK_DGRAM)
        try:
            sign.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            sign.close()
            continue
        _signs.append(sign)
        return port
    raise OSError("no port is free")


def say(base: str, sender: str, message: str) -> Reply:
    """One message through the REST channel of the server at `base`."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(f"{base}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
        reply: Reply = json.load(answer)
    return [message for message in reply if message.get("metadata", {}).get("card") != "privacy_notice"]


@contextmanager
def running(module: Sequence[str], ready: str, log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run `python -m <module ...>` until the block ends; it begins when the address `ready` answers."""
    command = [sys.executable, "-W", "ignore", "-m", *module]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, ready, log)
            yield
        finally:
            process.terminate()
            process.wait(ANSWERS_WITHIN_S)


def _wait(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while not _answers(ready):
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"{ready} did not come up. The server's last words:\n{log.read_text()[-3000:]}")
        time.sleep(0.3)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def spineline_server(
    data_dir: Path, clinic: str = "spine_institute", accounts: Mapping[str, str] = NO_ACCOUNTS
) -> Iterator[str]:
    """`python -m spineline serve`, as `make run` starts it; the block gets its address.

    `accounts` are the variables of messengers; PUBLIC_URL is the server's own address then.
    """
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "CLINIC": clinic, "DATA_DIR": str(data_dir), "DEADLINE_S": "60"}
    if accounts:
        settings.update({"PUBLIC_URL": base, **accounts})
    with running(["spineline", "serve"], f"{base}/", data_dir / "log.txt", settings):
        yield base


@contextmanager
def stock_servers(model: Path, folder: Path) -> Iterator[str]:
    """`rasa run` beside `rasa run actions`, as any Rasa user starts them; the block gets the first one's address."""
    port, actions_port = free_port(), free_port()
    base, actions = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{actions_port}"
    endpoints = folder / "endpoints.yml"
    text = (ROOT / "endpoints.yml").read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:5055", actions)
    endpoints.write_text(text, encoding="utf-8")
    listening = ["--endpoints", str(endpoints), "--port", str(port), "--interface", "127.0.0.1"]
    settings = {"DATA_DIR": str(folder), "DEADLINE_S": "60"}
    acts = ["rasa", "run", "actions", "--port", str(actions_port)], f"{actions}/health", folder / "actions.txt"
    listens = ["rasa", "run", "--model", str(model), *listening], f"{base}/webhooks/rest/", folder / "rasa.txt"
    with running(*acts, settings), running(*listens, settings):
        yield base
