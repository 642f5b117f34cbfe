"""The chat in Firefox and in WebKit, which every iPhone has: what Chromium alone cannot tell.

One browser and one server for all of it, and few tests with much in each; `make prove-engines` goes through the whole
list of screens.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import ESCAPE, NEEDS, browser, missing, until

from tests.web import engines
from tests.web.conftest import Server
from tests.web.proxy import Proxy
from tests.web.seen import SIGNS, UNSEEN, State
from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser
TIMES = 8
LIGHT = [
    State(390, 664),
    State(390, 664, alarm=True),
    State(320, 568, alarm=True),
    State(375, 667, 32, alarm=True),
    State(390, 844, alarm=True, keyboard=True),
    State(844, 390, alarm=True),
    State(320, 256, alarm=True),
    State(1280, 800, alarm=True),
]
DARK = [State(667, 375), State(1280, 490, alarm=True), State(390, 664, alarm=True)]
# What waits for two seconds or longer never happens: the answer must come without it.
ONLY_SHORT_WAITS = """() => {
  const real = window.setTimeout;
  window.setTimeout = (act, ms = 0, ...more) => (ms < 2000 ? real(act, ms, ...more) : 0);
}"""
PROBLEMS = "() => JSON.parse(sessionStorage.problems ?? '[]')"


@pytest.fixture(scope="module", params=NEEDS)
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    if missing(chosen):
        pytest.skip(missing(chosen))
    return chosen


@pytest.fixture(scope="module")
def opened(name: str, server: Server) -> Iterator[Visitor]:
    with browser(name) as window:
        yield Visitor(window, server)


@pytest.fixture
def visitor(opened: Visitor) -> Visitor:
    """On a phone; nobody was here before."""
    opened.browser.resize(390, 664)
    return engines.fresh(opened)


def test_a_conversation_from_the_launcher_to_an_alarm_and_back(visitor: Visitor) -> None:
    visitor.visit("/pages/watched.html").begin().tap(".choices button").waits_for_answers(1)
    visitor.say("is a core important").hears("You wrote: is a core important")
    visitor.say("hamstring_stretch").sees("chat.querySelector('.log img')?.naturalWidth")
    visitor.say("emergency").sees("!chat.querySelector('.pin').hidden")
    visitor.tap("[data-act=close]").sees("chat.querySelector('.launcher').classList.contains('urgent')")
    visitor.tap(".launcher").sees("!chat.querySelector('.pin').hidden")
    visitor.tap(".log .alarm .choices button, .scroll > .choices button")
    visitor.sees("chat.querySelector('.pin').hidden")
    visitor.browser.press(ESCAPE)
    visitor.sees("!chat.querySelector('.panel').open && chat.activeElement.matches('.launcher')")
    assert visitor.browser.run(PROBLEMS) == []


def test_what_is_needed_is_in_view_on_every_screen(visitor: Visitor) -> None:
    assert engines.all_out_of_reach(visitor, LIGHT) == {}


def test_in_the_dark_all_is_in_view_and_can_be_read(name: str, server: Server) -> None:
    with browser(name, is_dark=True) as window:
        visitor = Visitor(window, server)
        assert engines.all_out_of_reach(visitor, DARK) == {}
        assert visitor.chat("chat.querySelector('.frame').matches('.dark')")
        bar = visitor.chat("getComputedStyle(chat.querySelector('.scroll')).scrollbarColor")
        assert bar != "auto", "a white bar at the edge of the dark window"
        assert engines.violations(visitor) == []
        visitor.tap("[data-act=staff]").sees("chat.querySelector('.staff')")
        assert engines.violations(visitor) == []


@pytest.mark.parametrize("size", [(390, 664), (375, 553), (1280, 800)], ids=["phone", "small phone", "desktop"])
def test_after_severe_pain_three_signs_are_in_view_and_that_there_are_more(
    visitor: Visitor, size: tuple[int, int]
) -> None:
    visitor.browser.resize(*size)
    visitor.visit("/pages/watched.html").begin().say("nine signs")
    visitor.sees("chat.querySelectorAll('.choices button').length === 9 && !chat.querySelector('.more').hidden")
    until(lambda: visitor.browser.run(UNSEEN, [SIGNS, size[1], size[0]]) == [], "three of nine signs")
    last = [[".choices button", 8]], size[1], size[0]
    until(lambda: visitor.may_tap(".more").browser.run(UNSEEN, last) == [], "the last of nine signs")


def test_the_text_box_grows(visitor: Visitor) -> None:
    visitor.visit("/pages/watched.html").begin()
    before = visitor.chat("chat.querySelector('textarea').offsetHeight")
    visitor.tap("textarea").browser.press("a line of text that is long enough to be broken over several lines of it")
    visitor.sees("chat.querySelector('textarea').offsetHeight > values[0]", before)


def test_a_policy_that_forbids_the_websocket_holds_nobody_up(visitor: Visitor) -> None:
    visitor.visit("/pages/no_websocket.html").browser.run(ONLY_SHORT_WAITS)
    visitor.begin().say("how long").hears("You wrote: how long")


def test_a_websocket_that_hangs_or_is_refused_holds_nobody_up(visitor: Visitor, proxy: Proxy) -> None:
    for is_refused in (False, True):
        proxy.blocks_websockets, proxy.hangs_websockets = is_refused, not is_refused
        visitor.visit("/pages/watched.html", origin=f"http://127.0.0.1:{proxy.port}").browser.run(ONLY_SHORT_WAITS)
        visitor.begin() if not is_refused else visitor.tap(".launcher")
        visitor.say(f"how long {is_refused}").hears(f"You wrote: how long {is_refused}")


def test_back_and_forward_in_mid_answer_lose_and_double_nothing(visitor: Visitor) -> None:
    assert not any(engines.back_and_forward(visitor, TIMES).values())
    assert visitor.browser.run(PROBLEMS) == []


def test_going_back_shows_what_was_said_on_the_page_after_it(visitor: Visitor, name: str) -> None:
    visitor.browser.resize(1280, 800)
    visitor.visit("/pages/watched.html").visit("/pages/watched.html?2").begin().say("emergency").waits_for_answers(1)
    visitor.browser.go(-1)
    until(lambda: visitor.browser.run("() => location.search") == "", "the first page")
    visitor.sees("chat.querySelector('.pin')?.hidden === false || chat.querySelector('.launcher').matches('.urgent')")
    visitor.may_tap(".launcher").say("third").hears("You wrote: third")
    assert len(visitor.answers()) == 2
    assert visitor.browser.run("() => Number(sessionStorage.kept)") == (name == "webkit"), "out of the cache"
    assert visitor.browser.run(PROBLEMS) == []


def test_reloads_in_mid_answer_lose_and_double_nothing(visitor: Visitor, server: Server) -> None:
    assert not any(engines.reloads(visitor, TIMES).values())
    visitor.say("slow question")
    until(lambda: "slow question" in server.turns(), "the question at the server")
    visitor.browser.reload()
    server.go_on()
    visitor.hears("You wrote: slow question")
    assert visitor.answers().count("You wrote: slow question") == 1
    assert visitor.browser.run(PROBLEMS) == []


def test_disconnects_in_mid_answer_lose_and_double_nothing(visitor: Visitor, proxy: Proxy) -> None:
    assert not any(engines.disconnects(visitor, proxy, TIMES).values())


@pytest.mark.parametrize("act", ["clear", "delete"])
def test_clear_and_delete_empty_the_screen_and_what_is_kept(visitor: Visitor, act: str) -> None:
    visitor.visit("/pages/watched.html").begin().say("first").hears("You wrote: first")
    visitor.menu(act).tap("[data-act=yes]")
    visitor.sees("chat.querySelector('[data-act=start]')?.offsetHeight && chat.querySelector('.status').textContent")
    assert not visitor.chat("chat.querySelector('.log').textContent.includes('first')")
    assert "first" not in visitor.browser.run("() => JSON.stringify({ ...sessionStorage, ...localStorage })")
    assert visitor.browser.run(PROBLEMS) == []
