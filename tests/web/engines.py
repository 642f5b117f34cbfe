"""What every browser must hold, for those that Playwright does not drive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import axe_playwright_python
from browsers import until

from spineline.channels.web.chats import MOST_UNANSWERED
from tests.web.proxy import Proxy
from tests.web.reached import PAGE, REACHED
from tests.web.seen import IS_ONE_COLUMN, KEYBOARD, REACH, UNSEEN, State, needed
from tests.web.visitor import Visitor

_MOST_WAITING = MOST_UNANSWERED // 2  # on a slow machine more would be refused, as they should be
SIZES = {"phone": (390, 664), "desktop": (1280, 800)}
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_TRY = """(tags, hasTargets) => {
  window.found = null;
  const rules = { 'target-size': { enabled: hasTargets } };
  axe.run({ runOnly: tags, rules }).then(({ violations }) => {
    window.found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
  });
}"""
_SCRIPT = "(src) => document.body.append(Object.assign(document.createElement('script'), { src }))"
_SETTLED = "!chat.querySelector('.typing') && !chat.querySelector('.status').textContent"


def fresh(visitor: Visitor) -> Visitor:
    """As if nobody had been here."""
    visitor.browser.visit(f"{visitor.server.url}/pages/empty.html")
    visitor.browser.run("() => { sessionStorage.clear(); localStorage.clear(); }")
    return visitor


def asks(visitor: Visitor, words: str) -> Visitor:
    """After Start; the answer is there and lies still."""
    visitor.begin().say(words).waits_for_answers(1)
    visitor.sees(_SETTLED)
    return visitor


def on_screen(visitor: Visitor, state: State) -> Visitor:
    """One state of the list."""
    fresh(visitor).browser.resize(state.width, state.height)
    visitor.browser.run(f"() => {{ {KEYBOARD} }}")
    visitor.browser.run(_SCRIPT, "/spineline.js")
    visitor.sees("chat.querySelector('.frame')")
    visitor.chat("void (chat.querySelector('.frame').style.fontSize = values[0])", f"{state.em}px")
    asks(visitor, "emergency" if state.alarm else "workout_mistakes")
    if state.keyboard:
        visitor.browser.run("() => keyboard(0.5)")
    return visitor


def out_of_reach(visitor: Visitor, state: State) -> list[str]:
    """What of that which is needed a person cannot reach."""
    on_screen(visitor, state)
    with suppress(AssertionError):
        until(lambda: not _out_of_reach(visitor, state), state)
    return _out_of_reach(visitor, state)


def _out_of_reach(visitor: Visitor, state: State) -> list[str]:
    unseen = visitor.browser.run(UNSEEN, [needed(state), state.left, state.width])
    if state.is_tiny:
        unseen = [one for one in unseen if not _can_be_scrolled_to(visitor, one, state)]
    sideways = [] if visitor.browser.run(IS_ONE_COLUMN) else ["it scrolls sideways"]
    return [selector for selector, _ in unseen] + sideways


def _can_be_scrolled_to(visitor: Visitor, one: tuple[str, int], state: State) -> bool:
    visitor.browser.run(REACH, one)
    return not visitor.browser.run(UNSEEN, [[one], state.left, state.width])


def all_out_of_reach(visitor: Visitor, states: Iterable[State]) -> dict[str, list[str]]:
    return {str(state): unseen for state in states if (unseen := out_of_reach(visitor, state))}


def violations(visitor: Visitor, *, has_targets: bool = True) -> list[str]:
    """What axe finds; without the sizes of targets where a bar lies over half of one that can be scrolled up."""
    visitor.sees("chat.getAnimations().every(({ playState }) => playState !== 'running')")
    visitor.browser.run(f"() => {{ {_AXE.read_text(encoding='utf-8')} }}")
    visitor.browser.run(_TRY, _RULES, has_targets)
    until(lambda: visitor.browser.run("() => Boolean(window.found)"), "axe")
    found: list[str] = visitor.browser.run("() => window.found")
    return found


def back_and_forward(visitor: Visitor, times: int) -> dict[str, int]:
    """Something is said, and at once the person goes to the other page."""
    _opened(visitor).visit("/pages/watched.html?2")

    def leave(number: int) -> None:
        visitor.browser.go(1 if number % 2 else -1)
        until(lambda: visitor.browser.run("() => location.search") == ("?2" if number % 2 else ""), "the other page")

    return _counted(visitor, "turn", times, leave)


def reloads(visitor: Visitor, times: int) -> dict[str, int]:
    """The page is loaded again before the answer is there."""
    return _counted(_opened(visitor), "reload", times, lambda _: visitor.browser.reload())


def disconnects(visitor: Visitor, proxy: Proxy, times: int) -> dict[str, int]:
    """The line is cut before the answer is there."""
    return _counted(_opened(visitor, f"http://127.0.0.1:{proxy.port}"), "cut", times, lambda _: proxy.cut())


def _opened(visitor: Visitor, origin: str = "") -> Visitor:
    fresh(visitor).browser.resize(1280, 800)
    return visitor.visit("/pages/watched.html", origin=origin).begin()


def _counted(visitor: Visitor, word: str, times: int, leave: Callable[[int], None]) -> dict[str, int]:
    """How many messages and answers are lost or double, or not in their order."""
    before = len(visitor.server.turns())
    for number in range(times):
        visitor.waits_for_answers(number - _MOST_WAITING)
        visitor.say(f"{word} {number}")
        leave(number)
    answers = [text.removeprefix("You wrote: ") for text in visitor.waits_for_answers(times)]
    wanted = [f"{word} {number}" for number in range(times)]
    asked = visitor.chat("[...chat.querySelectorAll('.log .you')].length")
    turns = visitor.server.turns()[before:]
    return {
        "lost": len({*wanted} - {*answers}) + len({*wanted} - {*turns}),
        "doubled": len(answers) + len(turns) + asked - 3 * times,
        "in another order": int(answers != wanted) + int(turns != wanted),
    }


def wrong_in(visitor: Visitor, state: str, size: str) -> list[str]:
    """What axe finds, and what the page says of errors, in a state of docs/states.md."""
    fresh(visitor).browser.resize(*SIZES[size])
    REACHED[state](visitor.visit(PAGE))
    said: list[str] = visitor.browser.run("() => JSON.parse(sessionStorage.problems ?? '[]')")
    return [*violations(visitor, has_targets=size == "phone"), *said]


def all_wrong(visitor: Visitor) -> dict[str, list[str]]:
    tried = {f"{state} {size}": wrong_in(visitor, state, size) for state in REACHED for size in SIZES}
    return {name: found for name, found in tried.items() if found}
