"""The script on other people's pages: strict, hostile, right-to-left, slow, and without any script at all."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server
from tests.web.person import Person
from tests.web.proxy import Proxy

pytestmark = pytest.mark.browser
MOST_SCRIPT_BYTES = 16 * 1024


def fetch(url: str, method: str = "GET", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        return urllib.request.urlopen(urllib.request.Request(url, method=method, headers=named), timeout=60)
    except urllib.error.HTTPError as error:
        return error


def test_the_script_fits_into_the_first_packets(server: Server) -> None:
    answer = fetch(f"{server.url}/spineline.js", accept_encoding="gzip")
    body = answer.read()
    assert answer.headers["content-encoding"] == "gzip"
    assert len(body) < MOST_SCRIPT_BYTES
    assert b'const PROFILE = {"clinic"' in gzip.decompress(body)


def test_the_script_has_an_etag_a_version_and_a_head(server: Server) -> None:
    first = fetch(f"{server.url}/spineline.js", "HEAD")
    assert (first.status, first.read()) == (200, b"")
    etag = first.headers["etag"]
    assert fetch(f"{server.url}/spineline.js", if_none_match=etag).status == 304
    versioned = fetch(f"{server.url}/spineline.js?v={etag.strip(chr(34))}")
    assert "immutable" in versioned.headers["cache-control"]


def test_one_script_request_and_nobody_else_is_asked(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    person = Person(page).visit("/pages/plain.html").begin().say("hamstring_stretch")
    expect(person.log.get_by_role("img")).to_be_visible()
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(server.url).netloc}
    assert len([url for url in asked if url.endswith(".js")]) == 1
    assert page.context.cookies() == []


def test_a_strict_page_with_trusted_types_has_no_problems(page: Page) -> None:
    person = Person(page).visit("/pages/plain.html").begin().say("hamstring_stretch")
    expect(person.log.get_by_role("img")).to_be_visible()
    person.say("emergency")
    person.button("I am getting help").click()
    person.speak("Español")
    expect(person.log).to_contain_text("Good that help is coming")
    assert person.problems == []


def test_markup_from_either_side_stays_text(page: Page) -> None:
    person = Person(page).visit("/pages/plain.html").begin()
    person.say('<img src=x onerror="window.__xss=1"><script>window.__xss=1</script>')
    person.say("hostile")
    expect(person.log).to_contain_text("<svg onload")
    page.wait_for_timeout(200)
    assert not page.evaluate("Boolean(window.__xss)")
    assert page.locator("spineline-chat .log :is(img, svg, script)").count() == 0
    assert page.locator("spineline-chat a[href^=javascript]").count() == 0
    assert person.problems == []


def test_a_hostile_page_cannot_break_it(page: Page) -> None:
    person = Person(page).visit("/pages/hostile.html").begin().say("contact")
    link = person.log.get_by_role("link", name="Call 310-828-7757")
    expect(link).to_be_in_viewport(ratio=1)
    expect(person.input).to_have_css("font-size", "16px")
    expect(person.log).to_have_css("direction", "ltr")
    assert page.locator("spineline-chat").count() == 1
    page.screenshot(path="results/screens/hostile.png")
    assert person.problems == []


def test_a_right_to_left_page_has_it_on_the_left(page: Page) -> None:
    person = Person(page).visit("/pages/rtl.html")
    box = person.launcher.bounding_box()
    assert box
    assert box["x"] < 100
    person.open()
    expect(person.panel).to_have_css("direction", "ltr")
    page.screenshot(path="results/screens/rtl.png")


def test_nothing_on_the_page_moves(page: Page) -> None:
    page.add_init_script(
        "window.moved = 0;"
        "new PerformanceObserver((all) => all.getEntries().forEach((e) => { window.moved += e.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    person = Person(page).visit("/").begin().say("contact")
    expect(person.log.get_by_role("link", name="Call 310-828-7757")).to_be_visible()
    assert page.evaluate("window.moved") < 0.01


def test_without_scripts_the_page_says_whom_to_call(browser: Browser, server: Server) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server.url}/?lang=en")
    expect(page.locator("noscript")).to_be_visible()
    assert page.locator("noscript").text_content() == "The chat needs JavaScript. Please call 310-828-7757."
    expect(page.locator("spineline-chat")).to_contain_text("Questions? Call 310-828-7757.")


def test_when_the_script_does_not_come_the_page_says_whom_to_call(page: Page) -> None:
    page.route("**/spineline.js", lambda route: route.abort())
    page.goto("/?lang=es")
    expect(page.get_by_text("¿Preguntas? Llame al 310-828-7757.")).to_be_visible()


def test_a_page_can_choose_colours_and_side(page: Page) -> None:
    page.goto("/pages/plain.html")
    page.locator("spineline-chat").evaluate(
        "(chat) => chat.style.setProperty('--spineline-accent', 'rgb(90, 20, 110)')"
    )
    expect(page.locator("spineline-chat .launcher")).to_have_css("background-color", "rgb(90, 20, 110)")


def embed(page: Page, website: str, server: Server) -> Person:
    """A page of another website that has copied the script line."""
    page.goto(f"{website}/pages/empty.html")
    page.add_script_tag(url=f"{server.url}/spineline.js")
    return Person(page).open()


def test_the_clinics_website_can_use_it_from_another_address(page: Page, server: Server) -> None:
    person = embed(page, server.website, server).start().say("hamstring_stretch")
    expect(person.log.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    assert person.problems == []


def test_a_website_that_is_not_listed_gets_the_phone_number(page: Page, proxy: Proxy, server: Server) -> None:
    person = embed(page, f"http://127.0.0.1:{proxy.port}", server)
    person.button("Start").click()
    expect(person.status).to_contain_text("310-828-7757")


def test_another_website_is_refused_until_it_is_allowed(server: Server) -> None:
    for path in ("session", "message", "poll", "delete"):
        request = urllib.request.Request(
            f"{server.url}/webhooks/web/{path}", data=b'{"consent": true}', headers={"Origin": "https://evil.example"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403
        assert json.load(refused.value)["error"]["code"] == "origin"


NO_SHEETS = "window.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor') } };"
NO_WINDOW = "HTMLDialogElement.prototype.show = HTMLDialogElement.prototype.showModal = undefined;"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Questions? Call 310-828-7757."), ("es", "¿Preguntas? Llame al 310-828-7757.")]
)
def test_a_browser_that_cannot_draw_the_chat_keeps_the_number(page: Page, language: str, said: str) -> None:
    page.add_init_script(NO_SHEETS)
    page.goto(f"/?lang={language}")
    page.wait_for_function("Boolean(customElements.get('spineline-chat'))")
    expect(page.get_by_text(said)).to_be_visible()


def test_a_chat_that_fails_later_gives_the_number_back(page: Page) -> None:
    page.add_init_script(NO_WINDOW)
    person = Person(page).visit("/?lang=en").open()
    expect(page.get_by_text("Questions? Call 310-828-7757.")).to_be_visible()
    expect(person.launcher).to_have_count(0)
    page.locator("spineline-chat").evaluate("(chat) => { chat.open(); chat.close(); }")
    expect(page.get_by_text("Questions? Call 310-828-7757.")).to_be_visible()


@pytest.mark.parametrize(
    "stored",
    ['{"items": [{"who": "bot"}, null, 7], "queue": {}, "unread": "x"}', '{"items": 5}', "7", "{", '{"version": 99}'],
)
def test_a_memory_that_is_odd_or_of_another_version_breaks_nothing(page: Page, stored: str, server: Server) -> None:
    page.add_init_script(
        f"sessionStorage.getItem('was') || sessionStorage.setItem('spineline:{server.url}/', {json.dumps(stored)});"
        "sessionStorage.setItem('was', 'here')"
    )
    person = Person(page).visit("/?lang=en").begin().say("after all")
    expect(person.log).to_contain_text("You wrote: after all")
    page.reload()
    expect(person.log).to_contain_text("You wrote: after all")
    assert person.problems == []
