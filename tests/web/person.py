"""What a person does with the chat window."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page


class Person:
    """One browser tab with the chat in it; English and Spanish names are both understood."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda m: self._note(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _note(self, text: str) -> None:
        """What a browser says when somebody leaves a page that is still connecting is no problem."""
        if "closed before the connection is established" not in text:
            self.problems.append(text)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("spineline-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def last(self) -> Locator:
        return self.log.locator(".said").last

    def answers(self) -> list[str]:
        """What was answered after the greeting, without what stands below it."""
        texts: list[str] = self.log.locator(".said:not(.you)").evaluate_all(
            "all => all.map((one) => [...one.querySelectorAll(':scope > p')].map((p) => p.textContent).join(' '))"
        )
        return texts[1:]

    @property
    def choices(self) -> Locator:
        return self.page.locator("spineline-chat .choices button")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("Your message|Su mensaje"))

    @property
    def status(self) -> Locator:
        return self.page.locator("spineline-chat .status")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def visit(self, address: str) -> Person:
        self.page.goto(address)
        self.page.wait_for_selector("spineline-chat .frame", state="attached")
        return self

    def open(self) -> Person:
        self.launcher.click()
        return self

    def start(self) -> Person:
        self.page.get_by_role("button", name=re.compile("^(Start|Empezar)$")).click()
        self.input.wait_for()
        return self

    def begin(self) -> Person:
        return self.open().start()

    def menu(self, *names: str) -> Person:
        """Open the menu and press one thing after the other; the names of both languages are known by their place."""
        self.page.get_by_role("button", name=re.compile("^(Options|Opciones)$")).click()
        for name in names:
            self.button(name).click()
        return self

    def speak(self, language: str) -> Person:
        """Switch to a language, before the start or after it."""
        self.panel.wait_for()
        before = self.page.locator("spineline-chat .start").get_by_role("button", name=language)
        if before.count() and before.is_visible():
            before.click()
            return self
        return self.menu(language)

    def say(self, text: str) -> Person:
        self.input.fill(text)
        self.input.press("Enter")
        return self
