"""What the owner of a website does with the script: where it stands, its settings, its events, apps of one page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.person import Person
from tests.web.proxy import Proxy

pytestmark = pytest.mark.browser
EVENTS = """
  window.heard = [];
  for (const name of ['open', 'close', 'message', 'alarm']) {
    document.addEventListener(`spineline:${name}`, (event) => window.heard.push([name, event.detail]));
  }
"""


@pytest.mark.parametrize("name", ["head", "module"])
def test_the_script_may_stand_anywhere(page: Page, name: str) -> None:
    person = Person(page).visit(f"/pages/{name}.html").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    assert person.problems == []


def test_a_tag_manager_may_bring_the_script(page: Page, server: Server) -> None:
    page.goto("/pages/empty.html")
    page.evaluate(
        """(address) => {
          const script = document.createElement('script');
          Object.assign(script, { src: address, async: true });
          script.dataset.lang = 'es';
          document.head.append(script);
        }""",
        f"{server.url}/spineline.js",
    )
    expect(Person(page).launcher).to_have_accessible_name("Pregunte por su espalda")


def test_a_page_that_changes_its_body_keeps_the_chat(page: Page, server: Server) -> None:
    person = Person(page).visit("/pages/head.html").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    page.evaluate(
        """(address) => {
          const body = document.createElement('body');
          body.append(Object.assign(document.createElement('h1'), { textContent: 'Another page' }));
          body.append(Object.assign(document.createElement('script'), { src: address }));
          document.documentElement.replaceChild(body, document.body);
        }""",
        f"{server.url}/spineline.js",
    )
    expect(page.get_by_role("heading", name="Another page")).to_be_attached()
    expect(page.locator("spineline-chat")).to_have_count(1)
    expect(person.log).to_contain_text("You wrote: first")
    person.say("second")
    expect(person.log).to_contain_text("You wrote: second")


def test_shortcuts_of_the_page_do_not_eat_letters(page: Page) -> None:
    page.add_init_script(
        "for (const where of [window, document]) for (const capture of [true, false])"
        " for (const name of ['keydown', 'keypress', 'keyup'])"
        " where.addEventListener(name, (event) => event.preventDefault(), capture && where === document)"
    )
    person = Person(page).visit("/?lang=en").begin()
    person.input.press_sequentially("gs/?")
    expect(person.input).to_have_value("gs/?")


def test_a_dialog_of_the_page_does_not_take_the_focus_away(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin()
    page.evaluate(
        """() => {
          const trap = Object.assign(document.createElement('button'), { textContent: 'In the dialog' });
          document.body.append(trap);
          document.addEventListener('focusin', (event) => event.target !== trap && trap.focus());
        }"""
    )
    person.page.get_by_role("button", name="In the dialog").focus()
    person.input.click()
    expect(person.input).to_be_focused()


def test_the_page_can_open_close_ask_and_switch(page: Page) -> None:
    person = Person(page).visit("/?lang=en")
    page.evaluate("spineline.open({ ask: 'is a core important' })")
    person.start()
    expect(person.log).to_contain_text("You wrote: is a core important")
    page.evaluate("spineline.open({ ask: 'and stretching' })")
    expect(person.log).to_contain_text("You wrote: and stretching")
    page.evaluate("spineline.language('es')")
    expect(person.input).to_have_accessible_name("Su mensaje")
    page.evaluate("spineline.close()")
    expect(person.panel).to_be_hidden()


def test_the_page_can_offer_its_own_questions(page: Page) -> None:
    person = Person(page).visit("/?lang=en")
    page.evaluate("spineline.context({ questions: ['Is a plank good for me?'] })")
    person.begin()
    expect(person.choices.first).to_have_text("Is a plank good for me?")
    person.choices.first.click()
    expect(person.log).to_contain_text("plank")


def test_the_page_hears_what_happens_and_not_what_is_said(page: Page) -> None:
    page.add_init_script(EVENTS)
    person = Person(page).visit("/?lang=en").begin().say("emergency")
    expect(person.log.locator(".alarm")).to_be_visible()
    page.keyboard.press("Escape")
    expect(person.launcher).to_be_visible()
    assert page.evaluate("window.heard") == [["open", None], ["message", None], ["alarm", None], ["close", None]]


def test_a_page_can_be_left_out(page: Page, server: Server) -> None:
    page.goto("/pages/empty.html")
    page.evaluate(
        """(address) => {
          const script = Object.assign(document.createElement('script'), { src: address });
          script.dataset.hide = '/pay* /pages/*';
          document.body.append(script);
        }""",
        f"{server.url}/spineline.js",
    )
    page.wait_for_function("Boolean(customElements.get('spineline-chat'))")
    expect(page.locator("spineline-chat .launcher")).to_have_count(0)


def test_the_launcher_keeps_off_a_bar_about_cookies(page: Page) -> None:
    person = Person(page).visit("/?lang=en")
    page.evaluate(
        """() => {
          const bar = document.createElement('div');
          Object.assign(bar.style, { position: 'fixed', insetInline: 0, bottom: 0, height: '90px' });
          bar.id = 'cookies';
          document.body.append(bar);
        }"""
    )
    page.wait_for_timeout(500)
    box = person.launcher.bounding_box()
    assert box
    assert box["y"] + box["height"] <= page.viewport_size["height"] - 90  # type: ignore[index]
    page.evaluate("document.querySelector('#cookies').remove()")
    page.wait_for_timeout(500)
    after = person.launcher.bounding_box()
    assert after
    assert after["y"] > box["y"]


def test_a_website_that_is_not_allowed_is_told_so(page: Page, proxy: Proxy, server: Server) -> None:
    page.goto(f"http://127.0.0.1:{proxy.port}/pages/empty.html")
    page.add_script_tag(url=f"{server.url}/spineline.js")
    person = Person(page).open()
    person.button("Start").click()
    expect(person.status).to_contain_text("does not work on this website")
    expect(person.status.get_by_role("link", name="310-828-7757")).to_be_visible()


@pytest.mark.parametrize("size", [(390, 664), (1280, 800)], ids=["phone", "kiosk"])
def test_the_chat_has_a_page_of_its_own(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    person = Person(page)
    page.goto("/chat?lang=en")
    person.start().say("hamstring_stretch")
    expect(person.log.get_by_role("img")).to_be_visible()
    box = person.panel.bounding_box()
    assert box
    assert (box["width"], box["height"]) == size
    page.keyboard.press("Escape")
    expect(person.input).to_be_in_viewport(ratio=1)
    expect(page.locator("spineline-chat .launcher")).to_have_count(0)
    expect(person.button("Close the chat")).to_have_count(0)
    page.screenshot(path=f"results/screens/alone-{size[0]}.png")
    assert person.problems == []


def test_a_topic_of_the_page_is_asked_after_start(page: Page) -> None:
    person = Person(page).visit("/?lang=es")
    topic = page.get_by_role("main").get_by_role("listitem").first
    asked = topic.inner_text()
    topic.get_by_role("link").click()
    person.start()
    expect(person.log.locator(".you")).to_contain_text(asked)


def test_only_allowed_websites_may_show_the_chat_in_a_frame(page: Page, server: Server) -> None:
    policy = page.request.get(f"{server.url}/chat").headers["content-security-policy"]
    assert f"frame-ancestors {server.website}" in policy
    assert "frame-ancestors 'none'" in page.request.get(f"{server.url}/").headers["content-security-policy"]
