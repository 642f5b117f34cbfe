"""What people do with an answer: follow its steps with a timer, take it along, say whether it helped, show it."""

from __future__ import annotations

import re
import urllib.request
from datetime import datetime, timezone

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.person import Person
from tests.web.test_accessible import violations

pytestmark = pytest.mark.browser
VOICES = """
  const said = [];
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => window.voices, cancel: () => {},
    speak: (one) => { said.push([one.text, one.lang]); setTimeout(() => one.onend(), 50); },
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.said = said;
"""
EARS = """
  window.SpeechRecognition = class {
    start() {
      window.heard = this.lang;
      setTimeout(() => { this.onresult({ results: [[{ transcript: 'my back is sore' }]] }); this.onend(); }, 50);
    }
    stop() {}
  };
"""


@pytest.fixture
def person(page: Page) -> Person:
    return Person(page)


def asked(person: Person, words: str, language: str = "en") -> Person:
    return person.visit(f"/?lang={language}").begin().say(words)


def counted(server: Server, card: str, said: str) -> float:
    found = re.search(rf'spineline_helped_total{{card="{card}",said="{said}"}} (\S+)', server.ask("/test/metrics"))
    return float(found[1]) if found else 0


def test_a_routine_has_steps_a_timer_and_a_way_on(person: Person) -> None:
    person.page.clock.install()
    asked(person, "routine step")
    expect(person.last.locator("ol li")).to_have_count(3)
    timer = person.last.get_by_role("timer")
    expect(timer).to_have_text("2:00")
    person.button("Start the timer").click()
    person.page.clock.run_for(30_000)
    expect(timer).to_have_text("1:30")
    person.button("Pause").click()
    person.page.clock.run_for(30_000)
    expect(timer).to_have_text("1:30")
    person.button("Start the timer").click()
    person.page.clock.run_for(91_000)
    expect(timer).to_have_text("Time is up.")
    expect(person.page.locator("spineline-chat [role=status]").get_by_text("Time is up.")).to_be_attached()
    expect(person.button("Next")).to_be_visible()


def test_the_blocks_of_a_whole_routine_are_one_list(person: Person) -> None:
    asked(person, "routine whole")
    expect(person.last.locator("ul:not(details ul) > li").nth(2)).to_be_visible()
    expect(person.last.get_by_role("timer")).to_have_count(0)


@pytest.mark.parametrize(("button", "said"), [("Yes", "yes"), ("No", "no")])
def test_whether_it_helped_is_counted_by_the_answer_and_nothing_else_is_sent(
    person: Person, server: Server, button: str, said: str
) -> None:
    sent: list[str] = []
    person.page.on("request", lambda one: sent.append(one.post_data or "") if "helped" in one.url else None)
    before = counted(server, "plank/how", said)
    asked(person, "plank")
    person.page.get_by_role("group", name="Did this help?").get_by_role("button", name=button, exact=True).click()
    expect(person.log).to_contain_text("Thank you. Only the count is kept.")
    expect(person.page.get_by_role("group", name="Did this help?").get_by_role("button")).to_have_count(0)
    person.page.wait_for_timeout(300)
    assert counted(server, "plank/how", said) == before + 1
    assert len(sent) == 1
    assert "plank/how" in sent[0]


def test_who_was_told_to_call_is_not_asked_whether_that_helped(person: Person) -> None:
    asked(person, "severe_pain")
    expect(person.log.get_by_role("link", name="Call 310-828-7757")).to_be_visible()
    expect(person.page.get_by_role("group", name="Did this help?")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_card_has_a_page_that_needs_neither_chat_nor_script(page: Page, server: Server, language: str) -> None:
    html = urllib.request.urlopen(f"{server.url}/cards/workout_mistakes/about?lang={language}", timeout=60).read()
    assert f'<html lang="{language}">'.encode() in html
    assert b"spineline.js" not in html
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/cards/workout_mistakes/about?lang={language}")
    assert violations(page) == []
    page.locator("#copy").click()
    expect(page.locator("#done")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_card_on_paper_is_the_card_alone(page: Page) -> None:
    page.goto("/cards/plank/how?lang=en")
    page.emulate_media(media="print")
    for part in ("header nav", ".tools", "a.skip"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_answer_leads_to_its_page(person: Person) -> None:
    asked(person, "workout_mistakes")
    link = person.last.get_by_role("link", name="Print, save or share")
    expect(link).to_have_attribute("href", re.compile(r"/cards/workout_mistakes/about\?lang=en$"))


def test_an_emergency_department_is_found_on_a_map_which_is_asked_only_when_tapped(person: Person) -> None:
    others: list[str] = []
    person.page.on("request", lambda one: others.append(one.url) if "google" in one.url else None)
    asked(person, "emergency")
    link = person.log.locator(".alarm").get_by_role("link", name="Map: emergency departments near you")
    expect(link).to_have_attribute("href", re.compile(r"^https://www\.google\.com/maps/.*emergency\+department$"))
    assert others == []


def test_the_clinic_can_be_saved_as_a_contact(person: Person, server: Server) -> None:
    asked(person, "contact")
    link = person.last.get_by_role("link", name="Save the clinic as a contact")
    expect(link).to_have_attribute("href", re.compile(r"/clinic\.vcf"))
    answer = urllib.request.urlopen(f"{server.url}/clinic.vcf", timeout=60)
    assert answer.headers["content-type"].startswith("text/vcard")
    card = answer.read().decode()
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert "TEL;TYPE=work;VALUE=uri:tel:+13108287757\r\n" in card
    assert "ADR" not in card, "the address of this clinic is not known"


@pytest.mark.parametrize(("language", "shown"), [("en", 1), ("es", 2)])
def test_an_alarm_can_be_held_out_to_the_staff(person: Person, language: str, shown: int) -> None:
    asked(person, "numb between my legs and I wet myself" if language == "en" else "no siento la entrepierna", language)
    person.log.locator(".alarm").get_by_role(
        "button", name="Show this to the staff" if language == "en" else "Muéstrelo al personal"
    ).click()
    page = person.page.locator("spineline-chat .staff")
    expect(page.get_by_role("button")).to_be_focused()
    assert page.locator("h2 span").count() == shown, "in the person's language and in English"
    expect(page).to_contain_text("Numbness between the legs (saddle area)")
    expect(page.locator(".words")).not_to_be_empty()
    assert violations(person.page) == []
    person.page.screenshot(path=f"results/screens/staff-{language}.png")
    person.page.keyboard.press("Escape")
    expect(page).to_have_count(0)
    expect(person.panel.locator(".pin").get_by_role("link", name="911")).to_be_visible()


@pytest.mark.parametrize(("language", "advised"), [("en", "emergency department"), ("es", "urgencias")])
def test_an_alarm_without_a_named_sign_shows_the_staff_what_is_known(
    person: Person, language: str, advised: str
) -> None:
    asked(person, "emergency", language)
    person.log.locator(".alarm [data-act=staff]").click()
    page = person.page.locator("spineline-chat .staff")
    expect(page.locator("li")).to_have_count(1)
    expect(page.locator("li")).to_contain_text(advised)
    expect(page.locator("li")).to_contain_text("It said: go to an emergency department now.")
    expect(page.locator(".words")).to_have_text("emergency")
    expect(page).to_contain_text(str(datetime.now(timezone.utc).year))


def test_a_photo_is_refused_with_whom_to_call(person: Person) -> None:
    asked(person, "first")
    give = """(one, way) => {
      const brought = new DataTransfer();
      brought.items.add(new File(['x'], 'rash.jpg', { type: 'image/jpeg' }));
      const more = { bubbles: true, cancelable: true, composed: true };
      const event = way === 'paste'
        ? new ClipboardEvent(way, { clipboardData: brought, ...more })
        : new DragEvent(way, { dataTransfer: brought, ...more });
      one.dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    for way in ("paste", "drop"):
        assert person.input.evaluate(give, way)
        expect(person.status).to_contain_text("cannot take photos or files")
        expect(person.status.get_by_role("link", name="911")).to_be_visible()
        person.say("in words")
        expect(person.status).to_have_text("")


def test_an_answer_is_read_aloud_by_a_voice_of_the_device_only(person: Person) -> None:
    person.page.add_init_script(VOICES)
    person.page.add_init_script("window.voices = [{ lang: 'en-US', localService: false }]")
    asked(person, "plank")
    person.button("Read aloud").click()
    expect(person.status).to_contain_text("no voice of its own for English")
    assert person.page.evaluate("said") == []
    person.page.evaluate("voices.push({ lang: 'en-GB', localService: true })")
    person.button("Read aloud").click()
    expect(person.button("Read aloud")).to_be_visible()
    person.page.wait_for_function("said.length === 1")
    assert person.page.evaluate("said[0][1]") == "en-GB"


def test_speech_becomes_text_after_it_was_said_where_the_voice_goes(person: Person, server: Server) -> None:
    person.page.add_init_script(EARS)
    before = len(server.turns())
    person.visit("/?lang=en").begin()
    person.button("Speak instead of typing").click()
    expect(person.page.get_by_role("alertdialog")).to_contain_text("may send your voice to its maker")
    assert person.page.evaluate("window.heard") is None
    person.page.get_by_role("alertdialog").get_by_role("button", name="Speak instead of typing").click()
    expect(person.input).to_have_value("my back is sore")
    assert person.page.evaluate("window.heard") == "en-US"
    assert server.turns()[before:] == [], "nothing is sent but by the person"


def test_who_does_not_want_the_microphone_goes_on_typing(person: Person) -> None:
    person.page.add_init_script(EARS)
    person.visit("/?lang=en").begin()
    person.button("Speak instead of typing").click()
    person.button("No, thank you").click()
    expect(person.input).to_be_visible()
    assert person.page.evaluate("window.heard") is None


def test_the_chat_can_be_saved_as_a_file(person: Person) -> None:
    asked(person, "first")
    expect(person.log).to_contain_text("You wrote: first")
    with person.page.expect_download() as saved:
        person.menu("Save the chat")
    text = saved.value.path().read_text(encoding="utf-8")
    assert "You said: first" in text
    assert "Assistant: You wrote: first" in text


def test_a_part_that_does_not_come_is_told_and_comes_with_the_next_try(person: Person) -> None:
    asked(person, "first")
    expect(person.log).to_contain_text("You wrote: first")
    person.page.route("**/parts/extras.js*", lambda route: route.abort())
    person.menu("Save the chat")
    expect(person.status).to_contain_text("did not arrive")
    person.page.unroute("**/parts/extras.js*")
    with person.page.expect_download():
        person.menu("Save the chat")


def test_nobody_is_greeted_unless_the_page_wants_it(person: Person) -> None:
    person.visit("/?lang=en")
    person.page.wait_for_timeout(1500)
    expect(person.page.get_by_text("A question about your back?")).to_have_count(0)


def test_a_page_may_greet_once_and_the_greeting_takes_no_focus(person: Person) -> None:
    person.visit("/pages/greet.html")
    greeting = person.page.get_by_role("button", name="A question about your back? Ask here.")
    expect(greeting).to_be_visible()
    assert person.page.evaluate("document.activeElement === document.body")
    assert violations(person.page) == []
    person.button("No, thank you").click()
    expect(greeting).to_have_count(0)
    person.page.reload()
    person.page.wait_for_timeout(1500)
    expect(greeting).to_have_count(0)
