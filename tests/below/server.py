"""The real server on a small file system of its own, with a shim below it, and PostgreSQL behind a line that can be
cut."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from fake_bot_api import ACCOUNT as TELEGRAM
from fake_bot_api import FakeBotApi
from servers import STARTS_WITHIN_S, free_port
from texting import ACCOUNT as TWILIO
from texting import FakeTwilio

from spineline.content.library import ROOT
from tests.below.faults import tell_shim

SIZE = "48m"
DEADLINE_S = "3"


@dataclass
class Server:
    """See `Running`."""

    pid: int
    folder: Path
    shim: Path
    base: str
    telegram: FakeBotApi
    line: Line | None

    def cut(self, is_cut: bool) -> None:
        assert self.line
        self.line.cut(is_cut)


class Line:
    """Hands on to another port what comes to this one, unless it is cut: then nothing comes, and nobody is told."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._through = threading.Event()
        self._through.set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, is_cut: bool) -> None:
        (self._through.clear if is_cut else self._through.set)()

    def _accept(self) -> None:
        while True:
            near, _ = self._listening.accept()
            far = socket.create_connection(self._to)
            for source, goal in ((near, far), (far, near)):
                threading.Thread(target=self._hand_on, args=(source, goal), daemon=True).start()

    def _hand_on(self, source: socket.socket, goal: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._through.wait()
                goal.sendall(data)
        for end in (source, goal):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def running(folder: Path, postgresql: str | None = None) -> Iterator[Server]:
    """A server until the block ends. Needs root, for a file system of its own, and a C compiler."""
    data, shim, port = folder / "data", folder / "faults", free_port()
    data.mkdir()
    tell_shim(shim)
    with ExitStack() as stack:
        stack.enter_context(_mounted(data))
        library = _built(folder)
        telegram, twilio = FakeBotApi(), FakeTwilio()
        stack.callback(telegram.close)
        stack.callback(twilio.close)
        line, address = _line_to(postgresql)
        base = f"http://127.0.0.1:{port}"
        more = {
            "PORT": str(port),
            "DATA_DIR": str(data),
            "DEADLINE_S": DEADLINE_S,
            "RATE_PER_SESSION": "0",
            "RATE_PER_ADDRESS": "0",
            "PUBLIC_URL": base,
            "TELEGRAM_API": telegram.address,
            "TWILIO_API": twilio.address,
            "DATABASE_URL": address,
            "LD_PRELOAD": str(library),
            "PYTHONFAULTHANDLER": "1",
            "FAULTS": str(shim),
            "FAULTS_DIR": str(data),
        }
        environment = {**os.environ, **TELEGRAM, **TWILIO, **more}
        command = [sys.executable, "-W", "ignore", "-m", "spineline", "serve"]
        log = stack.enter_context((folder / "log.txt").open("wb"))
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        stack.callback(process.wait, 60)
        stack.callback(process.terminate)
        _until_up(process, base, folder / "log.txt")
        try:
            yield Server(process.pid, data, shim, base, telegram, line)
        except AssertionError as error:
            raise AssertionError(f"{error}; {_state(process, folder / 'log.txt')}") from error


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _built(folder: Path) -> Path:
    library = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def _line_to(address: str | None) -> tuple[Line | None, str]:
    if address is None:
        return None, ""
    parts = urlsplit(address)
    line = Line(parts.hostname or "127.0.0.1", parts.port or 5432)
    user = f"{parts.username}@" if parts.username else ""
    return line, urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{line.port}"))


def _state(process: subprocess.Popen[bytes], log: Path) -> str:
    """How it ended, or where each of its threads is."""
    ended = process.poll()
    if ended is None:
        process.send_signal(signal.SIGABRT)
        process.wait(60)
    return f"ended with {ended}: {log.read_text(errors='replace')[-8000:]}"


def _until_up(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"{base}/health/live", timeout=30):
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not come up: {log.read_text()[-2000:]}")
