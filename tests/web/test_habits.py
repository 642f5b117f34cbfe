"""What people do with a chat that they are used to from others: tapping, confirming, coming back, leaving fast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server
from tests.web.person import Person

pytestmark = pytest.mark.browser
STORED = "JSON.parse(Object.values(sessionStorage)[0])"


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Person]:
    """Somebody with a phone in the hand."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True
    )
    yield Person(context.new_page())
    context.close()


def begin(phone: Person) -> Person:
    phone.visit("/?lang=en").launcher.tap()
    phone.button("Start").tap()
    phone.input.wait_for()
    return phone


def test_a_tapped_start_and_a_tapped_reply_leave_the_keyboard_down(phone: Person) -> None:
    begin(phone)
    expect(phone.input).not_to_be_focused()
    phone.choices.first.tap()
    expect(phone.log.locator(".said:not(.you)")).to_have_count(2)
    expect(phone.input).not_to_be_focused()
    expect(phone.page.get_by_role("region", name="Conversation")).to_be_focused()


def test_the_launcher_is_an_icon_on_a_phone_and_has_words_elsewhere(phone: Person, page: Page) -> None:
    phone.visit("/?lang=en")
    box = phone.launcher.bounding_box()
    assert box
    assert max(box["width"], box["height"]) <= 64
    expect(phone.launcher).to_have_accessible_name("Ask about your back")
    expect(Person(page).visit("/?lang=en").launcher).to_have_text("Ask about your back0")


def test_everything_that_is_tapped_is_large(phone: Person) -> None:
    begin(phone).say("emergency")
    expect(phone.log.locator(".alarm")).to_be_visible()
    boxes = phone.page.locator(
        "spineline-chat :is(.tool, .calls a, .choices button, .round, .launcher):visible"
    ).evaluate_all("all => all.map((one) => [one.textContent, one.offsetWidth, one.offsetHeight])")
    assert boxes
    assert [one for one in boxes if min(one[1:]) < 44] == []


@pytest.mark.parametrize("what", ["Clear this chat", "Delete my data"])
def test_clearing_and_deleting_ask_first_and_show_that_they_were_done(page: Page, what: str) -> None:
    person = Person(page).visit("/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.menu(what)
    expect(person.log).to_contain_text("You wrote: first")
    person.button("No, keep it").click()
    expect(person.log).to_contain_text("You wrote: first")
    person.menu(what, what)
    expect(person.log).not_to_contain_text("first")
    expect(person.status).to_contain_text("was cleared" if what.startswith("Clear") else "was deleted")
    expect(person.status).to_be_in_viewport(ratio=1)


def test_data_that_were_deleted_by_typing_leave_the_screen_too(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("something private")
    expect(person.log).to_contain_text("You wrote: something private")
    person.say("delete my data")
    expect(person.log).to_contain_text("was deleted")
    expect(person.log).not_to_contain_text("something private")
    page.reload()
    expect(person.log).to_contain_text("was deleted")
    expect(person.log).not_to_contain_text("something private")


def test_the_offered_replies_and_the_greeting_change_their_language(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin()
    person.speak("Español")
    expect(person.log).to_contain_text("¡Hola!")
    expect(person.choices.first).to_have_text("Errores al entrenar")
    person.say("workout_mistakes")
    expect(person.log.locator(".said:not(.you)")).to_have_count(2)
    spanish = person.choices.all_inner_texts()
    person.speak("English")
    assert person.choices.all_inner_texts() != spanish
    expect(person.choices.first).to_have_attribute("lang", "en")


def test_a_draft_stays_over_a_reload(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin()
    person.input.fill("half a sen")
    page.reload()
    expect(person.input).to_have_value("half a sen")
    person.input.press("Enter")
    expect(person.log).to_contain_text("You wrote: half a sen")
    page.reload()
    expect(person.input).to_have_value("")


def test_what_was_said_is_hidden_after_half_an_hour_and_the_alarm_is_not(page: Page) -> None:
    page.clock.install()
    person = Person(page).visit("/?lang=en").begin().say("emergency")
    expect(person.log.locator(".alarm")).to_be_visible()
    page.clock.run_for(29 * 60_000)
    expect(person.log.locator(".alarm")).to_be_visible()
    page.clock.run_for(3 * 60_000)
    expect(page.locator("spineline-chat .log")).to_be_hidden()
    expect(page.get_by_text("The chat was hidden")).to_be_visible()
    expect(person.panel.locator(".pin").get_by_role("link", name="Call 911")).to_be_visible()
    person.button("Show the chat").click()
    expect(person.log.locator(".alarm")).to_be_visible()


def test_leaving_fast_leaves_nothing_behind(page: Page, server: Server) -> None:
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="Sunny."))
    person = Person(page).visit("/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.menu("Leave this page now")
    expect(page.get_by_text("Sunny.")).to_be_visible()
    person.visit(f"{server.url}/?lang=en").open()
    expect(person.button("Start")).to_be_visible()
    expect(person.log).not_to_contain_text("first")


def test_the_menu_closes_when_something_else_is_pressed(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().menu()
    expect(person.button("Clear this chat")).to_be_in_viewport(ratio=1)
    expect(person.button("Close the chat")).to_be_in_viewport(ratio=1)
    person.log.click(position={"x": 5, "y": 5})
    expect(person.button("Clear this chat")).to_be_hidden()


def test_a_closed_chat_says_that_an_emergency_is_unread(page: Page, server: Server) -> None:
    person = Person(page).visit("/?lang=en").begin().say("slow emergency")
    person.button("Close the chat").click()
    server.go_on()
    expect(person.launcher).to_contain_text("Important: please act now")
    expect(person.launcher).to_have_accessible_name("Important: please act now. Ask about your back, 1 new message")


def test_an_emergency_is_said_once_and_at_once(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("emergency")
    expect(person.log.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_text("Go to an emergency department now")).to_have_count(1)
    call = person.panel.locator(".pin").get_by_role("link", name="Call 911")
    send = person.button("Send")
    colour = "one => getComputedStyle(one).backgroundColor"
    assert call.evaluate(colour) != send.evaluate(colour)


def test_988_can_be_called_and_texted(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("crisis")
    expect(person.panel.get_by_role("link", name="Text 988")).to_have_attribute("href", "sms:988")
    expect(person.panel.get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")


def test_numbers_in_an_answer_can_be_tapped_and_do_not_break(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("contact")
    number = person.last.get_by_role("link", name="310-828-7757", exact=True).first
    expect(number).to_have_attribute("href", "tel:+13108287757")
    expect(number).to_have_css("white-space", "nowrap")


def test_steps_are_a_list_and_the_safety_line_opens(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("hamstring_stretch")
    expect(person.last.get_by_role("listitem").first).to_contain_text("Lie on your back")
    assert person.last.locator("ol > li").count() >= 3
    summary = person.last.locator(".safety summary")
    expect(summary).to_contain_text("Stop if it turns sharp")
    rest = person.last.get_by_text("get emergency care right away")
    expect(rest).to_be_hidden()
    summary.click()
    expect(rest).to_be_visible()


def test_severe_pain_looks_like_what_it_is(page: Page) -> None:
    person = Person(page).visit("/?lang=en").begin().say("severe_pain")
    expect(person.log.locator(".soon")).to_contain_text("Please call")
    expect(person.log.locator(".soon").get_by_role("link", name="Call 310-828-7757")).to_be_in_viewport(ratio=1)


def test_the_chat_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person = Person(page).visit("/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.menu("Copy the chat")
    expect(person.status).to_have_text("The chat was copied.")
    assert "You said: first" in page.evaluate("navigator.clipboard.readText()")
