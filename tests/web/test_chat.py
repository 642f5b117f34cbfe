"""The chat window as a person uses it, in a real browser, against the real channel and a fake agent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.person import Person

pytestmark = pytest.mark.browser
LONGEST = 10_000  # characters: as many are read for danger


@pytest.fixture
def person(page: Page) -> Person:
    return Person(page)


def test_nothing_is_sent_before_start(person: Person, server: Server) -> None:
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.page.on("websocket", lambda socket: asked.append(socket.url))
    person.visit("/").open()
    expect(person.panel).to_contain_text("automated assistant, not a person")
    assert not [url for url in asked if "/webhooks/" in url]


def test_greeting_and_quick_replies_are_there_after_start(person: Person) -> None:
    person.visit("/").begin()
    expect(person.log).to_contain_text("Hello! This is the automated assistant")
    expect(person.button("When to see a doctor?").or_(person.choices.first)).to_be_visible()


def test_a_question_gets_its_answer(person: Person) -> None:
    person.visit("/").begin().say("is a core important")
    expect(person.log).to_contain_text("You wrote: is a core important")
    expect(person.input).to_be_focused()


def test_a_quick_reply_shows_its_title_and_sends_its_id(person: Person, server: Server) -> None:
    person.visit("/").begin()
    title = person.choices.first.inner_text()
    person.choices.first.click()
    expect(person.log.locator(".you")).to_contain_text(title)
    expect(person.log.locator(".said:not(.you)")).to_have_count(2)
    assert re.fullmatch(r"\w+/\w+", server.turns()[-1]), "an answer's id, and not the words on the button"


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (360, 640)], ids=["desktop", "phone", "small phone"])
def test_the_call_link_is_in_view_without_scrolling(person: Person, size: tuple[int, int]) -> None:
    person.page.set_viewport_size({"width": size[0], "height": size[1]})
    person.visit("/").begin().say("contact")
    link = person.log.get_by_role("link", name="Call 310-828-7757")
    expect(link).to_be_in_viewport(ratio=1)
    expect(link).to_have_attribute("href", "tel:+13108287757")


def test_a_person_is_always_one_tap_away(person: Person) -> None:
    person.visit("/").open()
    link = person.panel.get_by_role("link", name="Talk to a person: 310-828-7757")
    expect(link).to_have_attribute("href", "tel:+13108287757")
    person.start()
    expect(link).to_be_in_viewport(ratio=1)


def test_sources_are_behind_a_small_question(person: Person) -> None:
    person.visit("/").begin().say("hamstring_stretch")
    expect(person.page.get_by_text("Mayo Clinic")).to_be_hidden()
    person.page.get_by_text("Sources").click()
    expect(person.page.get_by_text("Mayo Clinic")).to_be_visible()


def test_the_assistant_shows_that_it_is_answering(person: Person, server: Server) -> None:
    person.visit("/").begin().say("slow question")
    expect(person.status).to_have_text("The assistant is answering…")
    server.go_on()
    expect(person.log).to_contain_text("You wrote: slow question")
    expect(person.status).to_have_text("")


def test_unread_answers_are_counted_on_the_launcher(person: Person, server: Server) -> None:
    person.visit("/").begin().say("slow question")
    person.page.keyboard.press("Escape")
    server.go_on()
    expect(person.page.get_by_role("button", name="Ask about your back, 1 new message")).to_be_focused()
    person.open()
    expect(person.log).to_contain_text("You wrote: slow question")
    person.page.keyboard.press("Escape")
    expect(person.launcher).to_have_accessible_name("Ask about your back")


def test_the_conversation_stays_over_reloads_and_pages(person: Person) -> None:
    person.visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.page.reload()
    expect(person.log).to_contain_text("You wrote: first")
    person.visit("/pages/plain.html")
    expect(person.log).to_contain_text("You wrote: first")
    person.say("second")
    expect(person.log).to_contain_text("You wrote: second")
    expect(person.log.get_by_text("You wrote: first")).to_have_count(1)


def test_a_copied_tab_goes_on_with_the_same_conversation(person: Person) -> None:
    person.visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    stored = person.page.evaluate("JSON.stringify(sessionStorage)")
    copy = Person(person.page.context.new_page())
    copy.page.add_init_script(f"Object.assign(sessionStorage, {stored})")
    copy.visit("/")
    expect(copy.log).to_contain_text("You wrote: first")
    person.say("second")
    for tab in (person, copy):
        expect(tab.log.get_by_text("You wrote: second")).to_have_count(1)


def test_an_emergency_stands_out_by_words_and_shape_and_stays(person: Person) -> None:
    person.visit("/").begin().say("emergency")
    expect(person.log.get_by_role("alert")).to_contain_text("Go to an emergency department now")
    pin = person.panel.get_by_role("region", name="Important")
    expect(pin).to_contain_text("Important: please act now")
    for number in range(3):
        person.say(f"more {number}")
        expect(person.log).to_contain_text(f"You wrote: more {number}")
    expect(pin.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)
    person.page.reload()
    expect(pin.get_by_role("link", name="Call 911")).to_be_visible()


def test_the_pinned_emergency_goes_when_help_is_coming(person: Person) -> None:
    person.visit("/").begin().say("emergency")
    person.button("I am getting help").click()
    expect(person.log).to_contain_text("Good that help is coming")
    expect(person.panel.locator(".pin")).to_be_hidden()


def test_the_language_can_be_switched_before_and_after_start(person: Person) -> None:
    person.visit("/?lang=en").open()
    person.speak("Español")
    expect(person.button("Empezar")).to_be_visible()
    person.button("Empezar").click()
    expect(person.log).to_contain_text("¡Hola!")
    person.say("emergency")
    expect(person.log.locator(".alarm")).to_have_attribute("lang", "es")
    person.speak("English")
    expect(person.input).to_have_accessible_name("Your message")
    person.say("emergency")
    expect(person.log.locator(".alarm").last).to_have_attribute("lang", "en")


def test_switching_the_language_says_nothing_in_the_persons_name(person: Person, server: Server) -> None:
    before = len(server.turns())
    person.visit("/?lang=en").begin()
    person.speak("Español")
    person.say("emergency")
    expect(person.log.locator(".alarm")).to_have_attribute("lang", "es")
    assert server.turns()[before:] == ["emergency"]


def test_a_language_switched_to_without_a_line_is_told_later(person: Person) -> None:
    person.visit("/?lang=en").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.page.context.set_offline(True)
    expect(person.status).to_have_class("status lost")
    person.speak("Español")
    person.page.context.set_offline(False)
    person.say("emergency")
    expect(person.log.locator(".alarm")).to_have_attribute("lang", "es")


def test_a_spanish_page_gets_a_spanish_chat(person: Person) -> None:
    person.visit("/?lang=es")
    expect(person.page.get_by_role("button", name="Pregunte por su espalda")).to_be_visible()


def test_clearing_empties_the_chat_and_asks_for_consent_again(person: Person) -> None:
    person.visit("/").begin().say("first")
    person.menu("Clear this chat", "Clear this chat")
    expect(person.log).not_to_contain_text("first")
    expect(person.button("Start")).to_be_focused()


def test_deleting_deletes_on_the_server_and_here(person: Person, server: Server) -> None:
    person.visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    before = len(server.ask("/test/forgotten"))
    person.menu("Delete my data", "Delete my data")
    expect(person.button("Start")).to_be_focused()
    expect(person.log).not_to_contain_text("first")
    expect(person.page.get_by_text("Your chat was deleted.")).to_be_attached()
    assert len(server.ask("/test/forgotten")) == before + 1


def test_a_chat_that_could_not_be_deleted_is_not_called_deleted(person: Person) -> None:
    person.visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    person.page.route("**/webhooks/web/delete", lambda route: route.abort())
    person.menu("Delete my data", "Delete my data")
    expect(person.status).to_have_text("The chat could not be deleted. Please try again, or call 310-828-7757.")
    expect(person.log).to_contain_text("You wrote: first")


def test_an_exercise_card_has_a_drawing_and_can_be_printed(person: Person) -> None:
    person.visit("/").begin().say("hamstring_stretch")
    image = person.log.get_by_role("img")
    expect(image).to_have_accessible_name(re.compile("on the back beside a door frame"))
    expect(image).to_have_js_property("naturalWidth", 320)
    with person.page.expect_popup() as opened:
        person.page.get_by_role("link", name="Print, save or share").click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    expect(opened.value.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    opened.value.evaluate("window.print = () => { window.printed = true }")
    opened.value.get_by_role("button", name="Print or save").click()
    assert opened.value.evaluate("window.printed")


def test_two_messages_of_one_answer_both_arrive_in_order(person: Person) -> None:
    person.visit("/").begin().say("two please")
    expect(person.log).to_contain_text(re.compile("First answer.*Second answer", re.S))


def test_the_staff_can_say_something_unasked(person: Person, server: Server) -> None:
    person.visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    server.ask("/test/push", {"text": "The office called.", "metadata": {"language": "en"}})
    expect(person.log).to_contain_text("The office called.")


def sent_by(person: Person) -> list[str]:
    """What leaves the browser, as it leaves."""
    frames: list[str] = []
    person.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame))))
    return frames


def test_a_long_story_is_sent_to_its_end(person: Person) -> None:
    frames = sent_by(person)
    story = "It began in spring when I carried a sofa. " * 60 + "Since today I feel nothing down there."
    person.visit("/").begin().say(story)
    expect(person.log).to_contain_text("Go to an emergency department now")
    assert any(story in frame for frame in frames)


@pytest.mark.parametrize(
    ("page_language", "said"), [("en", "shorten it, or call 310-828-7757"), ("es", "acórtelo o llame al 310-828-7757")]
)
def test_too_long_a_message_is_said_to_be_so_and_nothing_typed_is_lost(
    person: Person, page_language: str, said: str
) -> None:
    frames = sent_by(person)
    story = "too long " * (LONGEST // 9) + "to send"
    person.visit(f"/?lang={page_language}").begin().say(story)
    expect(person.status).to_contain_text(said)
    assert person.input.input_value() == story
    expect(person.log.locator(".you")).to_have_count(0)
    assert person.status.evaluate("one => one.scrollHeight <= one.clientHeight"), "all of it can be read"
    for _ in range(len(story) - LONGEST):
        person.input.press("Backspace")
    expect(person.status).to_have_text("")
    person.input.press("Enter")
    expect(person.log).to_contain_text("You wrote: too long")
    assert next(frame for frame in frames if "too long" in frame).count(story[:LONGEST]) == 1
