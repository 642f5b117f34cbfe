"""Bad networks and restarts: nothing is lost, nothing is doubled, and people are told the truth."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Page, expect

from spineline.channels.web.chats import MOST_UNANSWERED
from tests.web.conftest import Server
from tests.web.person import Person
from tests.web.proxy import Proxy

pytestmark = pytest.mark.browser
LOST = re.compile("Connection lost.*310-828-7757.*911")
DISCONNECTS = 50
AT_ONCE = 8  # messages without an answer; the server refuses more than ten


def test_fifty_disconnects_lose_and_double_nothing(page: Page, proxy: Proxy, server: Server) -> None:
    chance = random.Random(5)
    before = len(server.turns())
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").begin()
    said = person.log.locator(".said:not(.you)")
    for number in range(DISCONNECTS):
        person.say(f"message {number}")
        page.wait_for_timeout(chance.uniform(0, 60))
        proxy.cut()
        if number % AT_ONCE == AT_ONCE - 1:
            expect(said).to_have_count(number + 2)  # with the greeting
    expect(said).to_have_count(DISCONNECTS + 1)
    page.wait_for_timeout(500)
    answers = [text.removeprefix("You wrote: ") for text in person.answers()]
    wanted = [f"message {number}" for number in range(DISCONNECTS)]
    assert answers == wanted
    assert server.turns()[before:] == wanted


def test_a_killed_server_loses_nothing(page: Page, mortal: Server) -> None:
    person = Person(page).visit(mortal.url).begin().say("before")
    expect(person.log).to_contain_text("You wrote: before")
    mortal.kill()
    expect(person.status).to_have_text(LOST)
    person.say("while it was away")
    expect(person.log).to_contain_text("It will be sent when the connection is back")
    page.screenshot(path="results/screens/lost.png")
    mortal.start()
    expect(person.log).to_contain_text("You wrote: while it was away")
    expect(person.log.get_by_text("You wrote: before")).to_have_count(1)
    expect(person.status).to_have_text("")
    assert mortal.turns() == ["while it was away"]


def test_a_reload_while_the_server_is_away_keeps_the_message(page: Page, proxy: Proxy) -> None:
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").begin()
    expect(person.status).to_have_text("")
    proxy.is_away = True
    proxy.cut()
    person.say("kept")
    proxy.is_away = False
    page.reload()
    expect(person.log).to_contain_text("You wrote: kept")


def test_plain_requests_carry_the_chat_where_websockets_are_blocked(page: Page, proxy: Proxy, server: Server) -> None:
    proxy.blocks_websockets = True
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").begin()
    for number in range(3):
        person.say(f"plain {number}")
    expect(person.log).to_contain_text("You wrote: plain 2")
    texts = person.answers()
    assert [text.split("You wrote: ")[1] for text in texts] == ["plain 0", "plain 1", "plain 2"]
    server.ask("/test/push", {"text": "From the staff."})
    expect(person.log).to_contain_text("From the staff.")


def answered_in_time(person: Person, address: str) -> None:
    """Begin and ask, on a clock that goes on by less than two seconds and then stands still."""
    clock = person.page.clock
    clock.install()
    person.visit(address)
    clock.pause_at(datetime.now(timezone.utc) + timedelta(hours=1))
    person.begin()
    clock.run_for(1500)
    person.say("how long")
    expect(person.log).to_contain_text("You wrote: how long")


def test_a_hanging_websocket_holds_nobody_up(page: Page, proxy: Proxy) -> None:
    proxy.hangs_websockets = True
    answered_in_time(Person(page), f"http://127.0.0.1:{proxy.port}/")


@pytest.mark.parametrize("throws", [False, True], ids=["as Chromium does", "as Firefox and WebKit do"])
def test_a_policy_that_forbids_the_websocket_holds_nobody_up(page: Page, throws: bool) -> None:
    if throws:
        page.add_init_script("window.WebSocket = class { constructor() { throw new DOMException('SecurityError') } }")
    answered_in_time(Person(page), "/pages/no_websocket.html")


def test_a_websocket_that_comes_late_is_used(page: Page, proxy: Proxy) -> None:
    page.add_init_script(
        """const Real = WebSocket;
        window.WebSocket = class extends EventTarget {
          constructor(address) { super(); setTimeout(() => this.dial(address), 1500); }
          dial(address) {
            if (this.isOver) return;
            this.real = new Real(address);
            for (const name of ['onopen', 'onmessage', 'onclose']) this.real[name] = (event) => this[name](event);
          }
          send(text) { window.sentBySocket = (window.sentBySocket ?? 0) + 1; this.real.send(text); }
          close() { this.isOver = true; this.real?.close(); }
        };"""
    )
    person = Person(page).visit("/").begin().say("how long")
    expect(person.log).to_contain_text("You wrote: how long")
    page.wait_for_timeout(2000)
    assert page.evaluate("window.sentBySocket") > 0
    person.say("by socket")
    expect(person.log).to_contain_text("You wrote: by socket")
    expect(person.log.get_by_text("You wrote: how long")).to_have_count(1)


def test_offline_is_said_at_once_and_the_queue_is_sent_later(page: Page, server: Server) -> None:
    person = Person(page).visit("/").begin().say("one")
    expect(person.log).to_contain_text("You wrote: one")
    page.context.set_offline(True)
    expect(person.status).to_have_text(LOST)
    person.say("later")
    page.context.set_offline(False)
    expect(person.log).to_contain_text("You wrote: later")
    assert server.turns().count("later") == 1


def test_start_without_a_server_says_so_and_works_later(page: Page, proxy: Proxy) -> None:
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").open()
    person.panel.wait_for()
    proxy.is_away = True
    proxy.cut()
    person.button("Start").click()
    expect(person.status).to_have_text(LOST)
    for _ in range(3):
        person.button("Start").click()
    proxy.is_away = False
    person.input.wait_for()
    person.say("now")
    expect(person.log).to_contain_text("You wrote: now")


def test_three_taps_on_start_make_one_session(page: Page, proxy: Proxy) -> None:
    begun: list[str] = []
    page.on("request", lambda request: begun.append(request.url) if "/session" in request.url else None)
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").open()
    person.panel.wait_for()
    proxy.flows.clear()
    for _ in range(3):
        person.button("Start").click()
    proxy.flows.set()
    person.input.wait_for()
    page.wait_for_timeout(300)
    assert len(begun) == 1


def test_an_answer_that_takes_long_is_said_to_be_late_with_whom_to_call(page: Page, server: Server) -> None:
    page.clock.install()
    person = Person(page).visit("/").begin().say("slow question")
    expect(person.status).to_have_text("The assistant is answering…")
    page.clock.run_for(16_000)
    expect(person.status).to_contain_text("takes longer than usual")
    expect(person.status.get_by_role("link", name="911")).to_be_visible()
    server.go_on()
    expect(person.log).to_contain_text("You wrote: slow question")
    expect(person.status).to_have_text("")


def test_a_chat_that_was_deleted_elsewhere_does_not_leave_somebody_waiting(page: Page, server: Server) -> None:
    person = Person(page).visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    session = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).session")
    page.evaluate(
        "(session) => fetch('/webhooks/web/delete', { method: 'POST', body: JSON.stringify({ session }) })", session
    )
    person.say("emergency")
    expect(person.button("Start")).to_be_visible()
    expect(page.locator("spineline-chat .typing")).to_have_count(0)
    person.start()
    expect(person.log.get_by_role("alert")).to_contain_text("Go to an emergency department now")


def test_fifty_reloads_in_mid_answer_lose_and_double_nothing(page: Page, server: Server) -> None:
    chance = random.Random(7)
    before = len(server.turns())
    person = Person(page).visit("/").begin()
    for number in range(DISCONNECTS):
        person.say(f"reload {number}")
        page.wait_for_timeout(chance.uniform(0, 60))
        page.reload()
        person.input.wait_for()
    expect(person.log.locator(".said:not(.you)")).to_have_count(DISCONNECTS + 1)
    answers = [text.removeprefix("You wrote: ") for text in person.answers()]
    wanted = [f"reload {number}" for number in range(DISCONNECTS)]
    assert answers == wanted
    assert server.turns()[before:] == wanted


def test_a_slow_network_shows_that_the_message_is_on_its_way(page: Page, proxy: Proxy) -> None:
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/").begin().say("hello")
    expect(person.log).to_contain_text("You wrote: hello")
    proxy.flows.clear()
    person.say("by and by")
    expect(person.log).to_contain_text("Sending…")
    proxy.flows.set()
    expect(person.log).to_contain_text("You wrote: by and by")
    expect(person.log).not_to_contain_text("Sending…")


def test_the_back_button_wakes_the_chat_up(page: Page) -> None:
    person = Person(page).visit("/pages/plain.html").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.button("Close the chat").click()
    person.visit("/pages/rtl.html")
    page.go_back()
    person.open().say("second")
    expect(person.log).to_contain_text("You wrote: second")
    expect(person.log.get_by_text("You wrote: first")).to_have_count(1)


def test_a_page_that_was_put_to_sleep_wakes_up(page: Page) -> None:
    person = Person(page).visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    person.say("asleep")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(person.log).to_contain_text("You wrote: asleep")
    expect(person.status).to_have_text("")


def test_a_message_that_was_too_fast_can_be_sent_again(page: Page, server: Server) -> None:
    person = Person(page).visit("/").begin().say("slow question")
    for number in range(MOST_UNANSWERED):
        person.say(f"fast {number}")
    expect(person.log).to_contain_text("That was too fast")
    server.go_on()
    expect(person.log).to_contain_text(f"You wrote: fast {MOST_UNANSWERED - 2}")
    person.button("Try again").click()
    expect(person.log).to_contain_text(f"You wrote: fast {MOST_UNANSWERED - 1}")
    expect(person.input).to_be_focused()


def test_a_second_browser_cannot_join_a_session(page: Page, browser: Browser, server: Server) -> None:
    person = Person(page).visit("/").begin().say("secret")
    expect(person.log).to_contain_text("You wrote: secret")
    saved = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).session")
    stranger = Person(browser.new_page()).visit(f"{server.url}/")
    for forged in (saved.split(".")[0], f"{saved[:-4]}AAAA", ""):
        heard = stranger.page.evaluate(
            """(session) => new Promise((done) => {
              const socket = new WebSocket(location.origin.replace('http', 'ws') + '/webhooks/web/socket');
              const heard = [];
              socket.onopen = () => socket.send(JSON.stringify({ session, since: 0 }));
              socket.onmessage = ({ data }) => heard.push(JSON.parse(data));
              socket.onclose = () => done(heard);
            })""",
            forged,
        )
        assert heard == [{"type": "error", "code": "session"}]


def test_a_session_that_is_over_asks_for_start_and_keeps_the_text(page: Page) -> None:
    person = Person(page).visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    page.evaluate(
        """() => {
          const [key, value] = Object.entries(sessionStorage)[0];
          const old = JSON.stringify({ ...JSON.parse(value), session: 'old' });
          addEventListener('pagehide', () => sessionStorage.setItem(key, old));
        }"""
    )
    page.reload()
    expect(person.button("Start")).to_be_visible()
    expect(person.log).to_contain_text("You wrote: first")
    person.start().say("second")
    expect(person.log).to_contain_text("You wrote: second")


def test_a_window_that_cannot_be_fetched_says_whom_to_call_and_opens_later(page: Page, proxy: Proxy) -> None:
    person = Person(page).visit(f"http://127.0.0.1:{proxy.port}/")
    proxy.is_away = True
    proxy.cut()
    person.open()
    expect(person.launcher).to_have_text(LOST)
    proxy.is_away = False
    person.begin().say("now")
    expect(person.log).to_contain_text("You wrote: now")
