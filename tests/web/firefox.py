"""Firefox by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), the little of it that the tests need."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Awaitable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import websockets.client

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
READY = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
ANSWER_S = 120.0


class Line:
    """A websocket that is spoken on in turns; its loop has a thread of its own, since Playwright's runs in this one."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._socket = self._wait(websockets.client.connect(address, max_size=None))

    def _wait(self, awaited: Awaitable[Any]) -> Any:
        async def answer() -> Any:
            return await awaited

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(ANSWER_S)

    def send(self, text: str) -> None:
        self._wait(self._socket.send(text))

    def hear(self) -> str:
        return str(self._wait(self._socket.recv()))

    def close(self) -> None:
        self._wait(self._socket.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Firefox:
    """One browser; every page is a tab of its own."""

    def __init__(self, line: Line) -> None:
        self._line, self._numbers = line, itertools.count(1)
        self.ask("session.new", capabilities={})

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its result; RuntimeError says what the browser refused."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._line.hear())
            if said.get("id") == number:
                break
        if said["type"] == "error":
            raise RuntimeError(f"{method}: {said['error']}: {said['message']}")
        return said["result"]

    @contextmanager
    def page(self, width: int, height: int, before: str) -> Iterator[Tab]:
        """A tab of this size.

        Args:
            before: a function that runs in each page before its own scripts.
        """
        context = self.ask("browsingContext.create", type="tab")["context"]
        self.ask("browsingContext.setViewport", context=context, viewport={"width": width, "height": height})
        script = self.ask("script.addPreloadScript", functionDeclaration=before, contexts=[context])["script"]
        try:
            yield Tab(self, context)
        finally:
            self.ask("script.removePreloadScript", script=script)
            self.ask("browsingContext.close", context=context)


class Tab:
    """One page."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser, self._context = browser, context

    def visit(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        self._browser.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, function: str, *given: object) -> Any:
        """What an async function of the page returns, by way of JSON; RuntimeError when it throws."""
        wrapped = f"async (given) => JSON.stringify(await ({function})(...JSON.parse(given)))"
        done = self._browser.ask(
            "script.callFunction",
            functionDeclaration=wrapped,
            awaitPromise=True,
            target={"context": self._context},
            arguments=[{"type": "string", "value": json.dumps(given)}],
        )
        if done["type"] == "exception":
            raise RuntimeError(done["exceptionDetails"]["text"])
        value = done["result"].get("value")
        return None if value is None else json.loads(value)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A browser without a window, with a profile of its own."""
    assert FIREFOX
    with tempfile.TemporaryDirectory() as profile:
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            with closing(Line(f"{_address(process)}/session")) as line:
                yield Firefox(line)
        finally:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        found = READY.search(line)
        if found:
            return found[1]
    raise RuntimeError(f"{FIREFOX} ended before it listened.")
