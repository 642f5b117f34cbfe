"""What a person does with the chat window in a browser that Playwright does not drive."""

from __future__ import annotations

from typing import Any

from browsers import ENTER, Browser, until

from tests.web.conftest import Server

_CHAT = "const chat = document.querySelector('spineline-chat')?.shadowRoot;"
_PLACE = (
    "(selector, number) => {"
    + _CHAT
    + """
  const node = chat?.querySelectorAll(selector)[number];
  if (!node || node.disabled) return null;
  node.scrollIntoView({ block: 'nearest' });
  const box = node.getBoundingClientRect();
  const [x, y] = [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
  const at = chat.elementFromPoint(x, y);
  return at && node.contains(at) ? [x, y] : null;
}"""
)
_ANSWERS = "[...chat.querySelectorAll('.log .said:not(.you)')].map((one) => [...one.querySelectorAll(':scope > p')]"


class Visitor:
    """One window with the chat in it."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server

    def chat(self, expression: str, *values: object) -> Any:
        """What JavaScript gives that knows the inside of the chat as `chat`, and these values as `values`."""
        return self.browser.run(f"(...values) => {{ {_CHAT} return {expression}; }}", *values)

    def sees(self, expression: str, *values: object) -> Any:
        """Wait until it is so."""
        return until(lambda: self.chat(f"Boolean({expression})", *values), f"{expression} {values}")

    def hears(self, text: str) -> Any:
        return self.sees("chat.querySelector('.log').textContent.includes(values[0])", text)

    def visit(self, path: str, *, origin: str = "") -> Visitor:
        self.browser.visit(f"{origin or self.server.url}{path}")
        self.sees("chat.querySelector('.frame') && document.readyState === 'complete'")
        return self

    def tap(self, selector: str, number: int = 0) -> Visitor:
        """With the pointer, where the thing lies and nothing lies over it."""
        place = until(lambda: self.browser.run(_PLACE, selector, number), f"{selector} [{number}] to press")
        self.browser.click(*place)
        return self

    def may_tap(self, selector: str) -> Visitor:
        """When it is there."""
        if place := self.browser.run(_PLACE, selector, 0):
            self.browser.click(*place)
        return self

    def begin(self) -> Visitor:
        self.tap(".launcher").tap("[data-act=start]")
        self.sees("chat.querySelector('textarea')?.offsetHeight")
        return self

    def say(self, text: str) -> Visitor:
        self.tap("textarea").browser.press(text + ENTER)
        return self

    def menu(self, action: str) -> Visitor:
        """Press the menu and one thing of it."""
        return self.tap("[data-act=menu]").tap(f".menu [data-act={action}]")

    def answers(self) -> list[str]:
        """What was answered after the greeting, without what stands below it."""
        found: list[str] = self.chat(f"{_ANSWERS}.map((p) => p.textContent).join(' '))")
        return found[1:]

    def waits_for_answers(self, count: int) -> list[str]:
        self.sees("chat.querySelectorAll('.log .said:not(.you)').length > values[0]", count)
        return self.answers()
