from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from servers import free_port

from .proxy import Proxy

START_S = 600  # loading a model on a busy machine
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SETTINGS = {"RATE_PER_SESSION": "0", "RATE_PER_ADDRESS": "0", "DEADLINE_S": "60"}
expect.set_options(timeout=60_000)  # so that a busy machine is no fault; whatever is there is seen at once
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not CHROMIUM:
        pytest.skip("There is no chromium on this machine: apt-get install chromium fonts-liberation.")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


class Server:
    """A server in a process of its own, that can be killed in the middle of a conversation."""

    def __init__(self, command: list[str], port: int, folder: Path) -> None:
        self._command, self.port, self._folder = command, port, folder
        self.url = f"http://127.0.0.1:{port}"
        self.website = f"http://localhost:{port}"  # another origin for a browser, that may use the chat
        self.start()

    def start(self) -> None:
        own = {"DATA_DIR": str(self._folder), "PORT": str(self.port), "ALLOWED_ORIGINS": self.website}
        environment = {**os.environ, **SETTINGS, **own, "PYTHONWARNINGS": "ignore"}
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(4 * START_S):
            time.sleep(0.25)
            if self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/icon.svg", timeout=30).close()
            except OSError:
                continue
            return
        raise RuntimeError((self._folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def ask(self, path: str, data: object = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        with urllib.request.urlopen(f"{self.url}{path}", data=body, timeout=60) as answer:
            return json.load(answer)

    def go_on(self) -> None:
        """Let one slow answer come."""
        self.ask("/test/go", {})

    def turns(self) -> list[str]:
        return list(self.ask("/test/turns"))


def fake_server(folder: Path) -> Server:
    port = free_port()
    return Server([sys.executable, "-m", "tests.web.fake_server"], port, folder)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real pages and channel with a fake agent."""
    server = fake_server(tmp_path_factory.mktemp("web"))
    yield server
    server.kill()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """A server of one test, for killing."""
    server = fake_server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """`page.goto("/")` goes to the fake server."""
    return server.url
