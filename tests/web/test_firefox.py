"""The list of states of test_room.py in Firefox: what is needed can be reached on every screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.conftest import Server
from tests.web.firefox import FIREFOX, Firefox, firefox
from tests.web.test_room import KEYBOARD, STATES, State

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FIREFOX, reason="There is no Firefox on this machine: apt-get install firefox-esr."),
]
# Opens the chat, says a word, and tells which of the things that are needed cannot be seen and touched.
REACH = """async ({ em, words, isKeyboard, isTiny, left, width, needed }) => {
  const root = () => document.querySelector('spineline-chat').shadowRoot;
  const all = (name) => [...root().querySelectorAll(name)].filter((one) => one.getClientRects().length);
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const wait = async (found) => {
    for (let times = 0; times < 600; times += 1) {
      if (found()) return;
      await sleep(100);
    }
    throw new Error(`waited in vain for ${found}`);
  };
  await wait(() => document.querySelector('spineline-chat')?.shadowRoot?.querySelector('.launcher'));
  root().querySelector('.frame').style.fontSize = `${em}px`;
  root().querySelector('.launcher').click();
  await wait(() => all('[data-act=start]').length);
  root().querySelector('[data-act=start]').click();
  await wait(() => all('textarea').length && all('.said:not(.you)').length);
  root().querySelector('textarea').value = words;
  root().querySelector('form').requestSubmit();
  await wait(() => all('.said:not(.you)').length === 2);
  if (isKeyboard) window.keyboard(0.5);
  await sleep(300);
  const isSeen = ([name, place]) => {
    const node = all(name)[place];
    if (!node) return false;
    const box = node.getBoundingClientRect();
    const at = root().elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, box.top + 14));
    const bottom = name.includes('.said') ? Math.min(box.bottom, box.top + 28) : box.bottom;
    const isInside = bottom <= left + 1 && box.right <= width + 1 && box.top >= -1 && box.left >= -1;
    return isInside && at !== null && (node === at || node.contains(at));
  };
  const scrolled = (one) => {
    all(one[0])[one[1]]?.scrollIntoView({ block: 'nearest' });
    return isSeen(one);
  };
  const panel = root().querySelector('.panel');
  const unseen = needed.filter((one) => !isSeen(one) && !(isTiny && scrolled(one))).map(([name]) => name);
  return [...unseen, ...(panel.scrollWidth > panel.clientWidth + 1 ? ['sideways'] : [])];
}"""
NEEDED = [["[data-act=close]", 0], ["textarea", 0], ["form button[type=submit]", 0], [".said:not(.you)", 1]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Firefox]:
    with firefox() as one:
        yield one


@pytest.mark.parametrize("state", STATES, ids=str)
def test_what_is_needed_is_in_view(browser: Firefox, server: Server, state: State) -> None:
    asked = {
        "em": state.em,
        "words": "emergency" if state.alarm else "workout_mistakes",
        "isKeyboard": state.keyboard,
        "isTiny": state.is_tiny,
        "left": state.left,
        "width": state.width,
        "needed": [*NEEDED, [".pin .calls a", 0]] if state.alarm else NEEDED,
    }
    with browser.page(state.width, state.height, f"() => {{{KEYBOARD}}}") as page:
        page.visit(f"{server.url}/?lang=en")
        assert page.run(REACH, asked) == []
