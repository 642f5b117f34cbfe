"""The chat decides by the room that is left: what a person needs can be reached on every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.person import Person
from tests.web.seen import IS_ONE_COLUMN, KEYBOARD, REACH, SIGNS, STATES, UNSEEN, State, needed

pytestmark = pytest.mark.browser


def reach(page: Page, state: State) -> Person:
    page.add_init_script(KEYBOARD)
    page.set_viewport_size({"width": state.width, "height": state.height})
    person = Person(page).visit("/?lang=en")
    page.locator("spineline-chat .frame").evaluate(f"(frame) => {{ frame.style.fontSize = '{state.em}px' }}")
    person.begin().say("emergency" if state.alarm else "workout_mistakes")
    expect(person.log.locator(".said:not(.you)")).to_have_count(2)
    if state.keyboard:
        page.evaluate("keyboard(0.5)")
    page.wait_for_timeout(200)
    return person


def test_the_list_of_states_is_short_enough_to_be_read() -> None:
    assert len(STATES) == len(set(STATES)) <= 60


@pytest.mark.parametrize("state", STATES, ids=str)
def test_what_is_needed_is_in_view(page: Page, state: State) -> None:
    reach(page, state)
    page.screenshot(path=f"results/screens/room-{str(state).replace(' %', '').replace(' ', '-')}.png")
    unseen = page.evaluate(UNSEEN, [needed(state), state.left, state.width])
    if state.is_tiny:
        for one in unseen:
            page.evaluate(REACH, one)
            assert not page.evaluate(UNSEEN, [[one], state.left, state.width]), "out of reach"
    else:
        assert unseen == []
    assert page.evaluate(IS_ONE_COLUMN), "no sideways scrolling"


@pytest.mark.parametrize("state", [State(375, 553), State(390, 664), State(1280, 490), State(320, 568, 24)], ids=str)
def test_choices_below_the_view_have_a_sign(page: Page, state: State) -> None:
    person = reach(page, state)
    sign = person.button("More below")
    bottom = page.locator("spineline-chat .middle").evaluate("one => one.getBoundingClientRect().bottom")
    last = person.choices.last.evaluate("one => one.getBoundingClientRect().bottom")
    if last > bottom + 24:
        expect(sign).to_be_visible()
    while sign.is_visible():
        sign.click()
        page.wait_for_timeout(50)
    expect(person.choices.last).to_be_in_viewport(ratio=1)


def test_the_head_is_one_row_and_the_fixed_rows_are_few(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 664})
    person = Person(page).visit("/?lang=en").begin()
    height = page.locator("spineline-chat .head").evaluate("one => one.offsetHeight")
    middle = page.locator("spineline-chat .middle")
    assert height <= 64
    assert 664 - middle.evaluate("one => one.offsetHeight") <= 112
    person.say("emergency")
    expect(person.log.locator(".alarm")).to_be_visible()
    assert 664 - middle.evaluate("one => one.offsetHeight") <= 200


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_lost_connection_can_be_read_and_called_about(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    person = Person(page).visit("/?lang=en").begin()
    page.context.set_offline(True)
    expect(person.status).to_have_class("status lost")
    assert person.status.evaluate("one => one.scrollHeight <= one.clientHeight"), "all of it can be read"
    for number in ("310-828-7757", "911"):
        expect(person.status.get_by_role("link", name=number)).to_be_in_viewport(ratio=1)


def test_the_question_stays_above_its_answer(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 664})
    person = Person(page).visit("/?lang=en").begin().say("hamstring_stretch")
    expect(person.log.get_by_role("img")).to_be_visible()
    expect(person.log.locator(".you").last).to_be_in_viewport(ratio=1)


def test_the_page_behind_a_whole_screen_does_not_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 664})
    person = Person(page).visit("/?lang=en").open()
    expect(person.panel).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).overflowY") == "hidden"
    person.button("Close the chat").click()
    expect(person.launcher).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).overflowY") != "hidden"


def test_turning_a_phone_changes_how_the_window_stands_and_keeps_it_open(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    person = Person(page).visit("/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    for size, is_modal in (((1280, 800), False), ((844, 390), True), ((390, 844), True)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(200)
        expect(person.panel).to_be_visible()
        assert person.panel.evaluate("one => one.matches(':modal')") is is_modal
        expect(person.input).to_be_in_viewport(ratio=1)


def test_two_fingers_do_not_shrink_the_window(page: Page) -> None:
    page.add_init_script(KEYBOARD)
    page.set_viewport_size({"width": 390, "height": 664})
    person = Person(page).visit("/?lang=en").begin()
    page.evaluate("keyboard(0.5, 2)")
    assert person.panel.evaluate("one => one.offsetHeight") == 664


def test_the_text_box_grows_where_the_browser_does_not_do_it(page: Page) -> None:
    page.add_init_script("CSS.supports = () => false")
    person = Person(page).visit("/?lang=en").begin()
    page.locator("spineline-chat textarea").evaluate("one => { one.style.fieldSizing = 'fixed' }")
    before = person.input.evaluate("one => one.offsetHeight")
    person.input.press_sequentially("a line of text that is long enough to be broken over several lines of the box")
    assert person.input.evaluate("one => one.offsetHeight") > before


@pytest.mark.parametrize("size", [(390, 664), (375, 667), (1280, 800)], ids=["390x664", "375x667", "desktop"])
def test_the_first_three_of_nine_signs_are_in_view_after_severe_pain(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    person = Person(page).visit("/?lang=en").begin().say("nine signs")
    expect(person.choices).to_have_count(9)
    expect(person.button("More below")).to_be_visible()
    assert page.evaluate(UNSEEN, [SIGNS, size[1], size[0]]) == []
