"""The back button: a page that the browser kept goes on with what was said on the pages after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.web.conftest import CHROMIUM, FLAGS, Server
from tests.web.person import Person

pytestmark = pytest.mark.browser
TIMES = 50
KEPT = "window.kept ??= []; addEventListener('pageshow', (event) => window.kept.push(event.persisted))"


@pytest.fixture
def keeping(playwright: Playwright) -> Iterator[Page]:
    """A page of a Chromium that keeps the pages that were left; Playwright turns that off otherwise."""
    if not CHROMIUM:
        pytest.skip("There is no chromium on this machine: apt-get install chromium fonts-liberation.")
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[*FLAGS, "--enable-features=BackForwardCache"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_page()
    page.add_init_script(KEPT)
    yield page
    browser.close()


def test_what_was_said_on_the_next_page_is_there_after_going_back(keeping: Page, server: Server) -> None:
    person = Person(keeping).visit(f"{server.url}/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.visit(f"{server.url}/pages/rtl.html").say("emergency")
    expect(person.log.locator(".alarm")).to_be_visible()
    keeping.reload()
    expect(person.status).to_have_text("")
    keeping.go_back(wait_until="commit")
    expect(person.log.locator(".alarm")).to_be_visible()
    expect(person.panel.locator(".pin")).to_be_visible()
    expect(person.log.locator(".you")).to_have_count(2)
    assert keeping.evaluate("window.kept").count(True) == 1, "the page came out of the cache"
    person.say("third")
    expect(person.log).to_contain_text("You wrote: third")
    expect(person.log.get_by_text("You wrote: first")).to_have_count(1)
    keeping.go_forward(wait_until="commit")
    expect(person.log).to_contain_text("You wrote: third")


def test_fifty_times_back_and_forward_lose_and_double_nothing(keeping: Page, server: Server) -> None:
    before = len(server.turns())
    person = Person(keeping).visit(f"{server.url}/?lang=en").begin()
    person.visit(f"{server.url}/pages/rtl.html")
    for number in range(TIMES):
        person.say(f"turn {number}")
        keeping.wait_for_timeout(number % 40)
        (keeping.go_back if number % 2 == 0 else keeping.go_forward)(wait_until="commit")
        person.input.wait_for()
    expect(person.log.locator(".said:not(.you)")).to_have_count(TIMES + 1)
    expect(person.log.locator(".you")).to_have_count(TIMES)
    answers = [text.removeprefix("You wrote: ") for text in person.answers()]
    wanted = [f"turn {number}" for number in range(TIMES)]
    assert answers == wanted
    assert server.turns()[before:] == wanted
