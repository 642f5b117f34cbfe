"""Firefox and WebKit, each by what it speaks itself: WebDriver BiDi over a websocket, and WebDriver over HTTP.

Only what a person does with a page, and what a test must see of it; the pointer and the keys are the browser's own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from servers import free_port
from simple_websocket import Client
from simple_websocket import ConnectionError as NoLineError

PATIENCE_S = 60.0  # on a busy machine; whatever is there is seen at once
MINI_BROWSER = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
ENTER, ESCAPE = "\ue007", "\ue00c"
_SMALL = "* { min-width: 0; min-height: 0; margin: 0; padding: 0; border-width: 0 }"  # a window as narrow as a phone
_PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
}


class BrowserError(Exception):
    """The browser would not do it; while it goes from one page to the next that is no fault."""


def until(is_so: Callable[[], Any], what: object) -> Any:
    """Wait for what is true, and give it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if found := is_so():
                return found
        except BrowserError:
            pass
        time.sleep(0.01)
    raise AssertionError(f"It did not come: {what}")


class Browser(ABC):
    """One window with one page. What the page itself says of errors is in `tests/web/pages/watched.js`."""

    @abstractmethod
    def visit(self, address: str) -> None: ...

    @abstractmethod
    def go(self, steps: int) -> None:
        """Back or forward in the history; the page may not be there yet."""

    @abstractmethod
    def reload(self) -> None: ...

    @abstractmethod
    def resize(self, width: int, height: int) -> None: ...

    @abstractmethod
    def act(self, sources: Sequence[dict[str, Any]]) -> None:
        """What the hands do, as WebDriver describes it."""

    @abstractmethod
    def picture(self) -> bytes:
        """What is seen, as PNG."""

    @abstractmethod
    def _evaluate(self, expression: str) -> str | None: ...

    def run(self, function: str, *values: object) -> Any:
        """What a function of the page gives for these values; both go as JSON."""
        found = self._evaluate(f"JSON.stringify(({function})(...{json.dumps(values)}))")
        return None if found is None else json.loads(found)

    def click(self, x: float, y: float, pointer: str = "mouse") -> None:
        steps = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}]
        steps += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.act([{"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}, "actions": steps}])

    def press(self, keys: str) -> None:
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.act([{"type": "key", "id": "keys", "actions": steps}])


class Firefox(Browser):
    """Over WebDriver BiDi, which needs no program between."""

    def __init__(self, folder: Path, ends: ExitStack, *, is_dark: bool = False) -> None:
        self.console: list[str] = []
        self._number = 0
        own = {"ui.systemUsesDarkTheme": int(is_dark), "layout.css.prefers-color-scheme.content-override": 2}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in {**_PREFERENCES, **own}.items()]
        (folder / "user.js").write_text("\n".join(lines))
        port = free_port()
        options = ["--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", str(port)]
        _start(["firefox-esr", *options], folder, ends)
        self._line = until(lambda: _connect(f"ws://127.0.0.1:{port}/session"), "Firefox")
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._page = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def visit(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def go(self, steps: int) -> None:
        self._ask("browsingContext.traverseHistory", context=self._page, delta=steps)

    def reload(self) -> None:
        self._ask("browsingContext.reload", context=self._page, wait="complete")

    def resize(self, width: int, height: int) -> None:
        self._ask("browsingContext.setViewport", context=self._page, viewport={"width": width, "height": height})

    def act(self, sources: Sequence[dict[str, Any]]) -> None:
        self._ask("input.performActions", context=self._page, actions=list(sources))

    def picture(self) -> bytes:
        return b64decode(self._ask("browsingContext.captureScreenshot", context=self._page)["data"])

    def _evaluate(self, expression: str) -> str | None:
        said = self._ask("script.evaluate", expression=expression, target={"context": self._page}, awaitPromise=False)
        if said["type"] == "exception":
            raise BrowserError(said["exceptionDetails"]["text"])
        found: str | None = said["result"].get("value")
        return found

    def _ask(self, method: str, **params: object) -> Any:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said = json.loads(self._line.receive(timeout=PATIENCE_S) or '{"type": "silent"}')
            if said["type"] == "event":
                self._note(said["params"])
            elif said["type"] == "silent":
                raise AssertionError(f"Firefox does not answer: {method}")
            elif said["id"] == self._number:
                if said["type"] == "error":
                    raise BrowserError(f"{method}: {said['error']}: {said['message']}")
                return said["result"]

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["level"] in ("error", "warn"):
            self.console.append(entry["text"])


class WebKit(Browser):
    """WebKitGTK on a screen that nobody sees. Its window opens another one, which has no bars."""

    def __init__(self, folder: Path, ends: ExitStack, *, is_dark: bool = False) -> None:
        (folder / "gtk-3.0").mkdir()
        (folder / "gtk-3.0" / "gtk.css").write_text(_SMALL)
        port = free_port()
        screen = _screen(folder, ends)
        own = {"DISPLAY": screen, "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
        _start(["WebKitWebDriver", f"--port={port}"], folder, ends, **own)
        self._address = f"http://127.0.0.1:{port}"
        until(lambda: self._ask("GET", "/status")["ready"], "WebKitWebDriver")
        args = ["--automation", *(["--dark-mode"] if is_dark else [])]
        options = {"webkitgtk:browserOptions": {"binary": MINI_BROWSER, "args": args}}
        said = self._ask("POST", "/session", capabilities={"alwaysMatch": options})
        self._address += f"/session/{said['sessionId']}"
        self._to_the_window_without_bars()

    def _to_the_window_without_bars(self) -> None:
        (first,) = self._ask("GET", "/window/handles")
        self.run("() => addEventListener('click', () => window.open('', '', 'noopener,popup,width=400,height=400'))")
        self.click(9, 9)
        handles = until(lambda: (h := self._ask("GET", "/window/handles")) and len(h) == 2 and h, "a second window")
        self._ask("POST", "/window", handle=next(one for one in handles if one != first))

    def visit(self, address: str) -> None:
        self._ask("POST", "/url", url=address)

    def go(self, steps: int) -> None:
        self.run("(steps) => { setTimeout(() => history.go(steps)) }", steps)

    def reload(self) -> None:
        self._ask("POST", "/refresh")

    def resize(self, width: int, height: int) -> None:
        self._ask("POST", "/window/rect", width=width, height=height)
        until(lambda: self.run("() => [innerWidth, innerHeight]") == [width, height], (width, height))

    def act(self, sources: Sequence[dict[str, Any]]) -> None:
        self._ask("POST", "/actions", actions=list(sources))

    def picture(self) -> bytes:
        return b64decode(self._ask("GET", "/screenshot"))

    def _evaluate(self, expression: str) -> str | None:
        found: str | None = self._ask("POST", "/execute/sync", script=f"return {expression}", args=[])
        return found

    def _ask(self, method: str, path: str, **data: object) -> Any:
        body = json.dumps(data).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self._address}{path}", body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(f"{path}: {error.read().decode()[:300]}") from None
        except urllib.error.URLError as error:
            raise BrowserError(f"{path}: {error}") from None


class _Line(Client):  # type: ignore[misc]
    """Firefox wants to read its port too in the Host header."""

    def handshake(self) -> None:
        self.host = f"{self.host}:{self.port}"
        super().handshake()


def _connect(address: str) -> Client:
    try:
        return _Line(address)
    except (OSError, NoLineError) as error:
        raise BrowserError(str(error)) from None


def _start(command: Sequence[str], folder: Path, ends: ExitStack, pass_fds: Sequence[int] = (), **own: str) -> None:
    environment = {**os.environ, "NO_AT_BRIDGE": "1", **own}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, pass_fds=pass_fds, start_new_session=True
        )
    ends.callback(_end, process)


def _screen(folder: Path, ends: ExitStack) -> str:
    """The name of a screen in memory."""
    ready, told = os.pipe()
    shape = ["-screen", "0", "2600x1500x24", "-nolisten", "tcp"]
    _start(["Xvfb", "-displayfd", str(told), *shape], folder, ends, [told])
    os.close(told)
    with os.fdopen(ready) as name:
        return f":{name.readline().strip()}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


NEEDS = {
    "firefox": (Firefox, ["firefox-esr"], "apt-get install firefox-esr"),
    "webkit": (WebKit, ["WebKitWebDriver", MINI_BROWSER, "Xvfb"], "apt-get install webkit2gtk-driver xvfb"),
}


def missing(name: str) -> str:
    """What to do before this browser can be used; nothing when it is there."""
    _, programs, install = NEEDS[name]
    return "" if all(map(shutil.which, programs)) else f"There is no {name} on this machine: {install}."


@contextmanager
def browser(name: str, *, is_dark: bool = False) -> Iterator[Browser]:
    """Whatever was started for it ends with it, also when it does not open."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as ends:
        yield NEEDS[name][0](Path(folder), ends, is_dark=is_dark)
