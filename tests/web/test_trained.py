"""The whole product in a browser: our server, the trained model, a person who asks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import ROOT, Server, free_port
from tests.web.person import Person

MODEL = ROOT / "models" / "spineline.tar.gz"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.trained,
    pytest.mark.skipif(not MODEL.is_file(), reason="There is no trained model: run `make train`."),
]


@pytest.fixture(scope="module")
def spineline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server([sys.executable, "-m", "spineline", "serve"], free_port(), tmp_path_factory.mktemp("trained"))
    yield server
    server.kill()


def test_a_question_is_answered_and_a_quick_reply_leads_on(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin().say("how do i stretch my hamstrings")
    expect(person.log.get_by_role("img")).to_be_visible()
    title = person.choices.first.inner_text()
    answers = person.log.locator(".said:not(.you)").count()
    person.choices.first.click()
    expect(person.log.locator(".you").last).to_contain_text(title)
    expect(person.log.locator(".said:not(.you)")).to_have_count(answers + 1)
    assert person.problems == []


def test_the_window_says_that_no_clinician_has_reviewed_the_texts(page: Page, spineline: Server) -> None:
    Person(page).visit(f"{spineline.url}/?lang=en").begin()
    expect(page.get_by_text("a clinician has not yet reviewed these texts")).to_be_visible()


def test_a_spanish_page_is_answered_in_spanish_from_the_first_tap(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=es").begin()
    person.choices.first.click()
    expect(person.log.locator(".said:not(.you)")).to_have_count(2)
    expect(person.last).to_have_attribute("lang", "es")


def test_a_danger_sign_brings_911_and_stays_until_it_is_taken_care_of(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin()
    person.say("I can not feel anything between my legs and I wet myself")
    pin = person.panel.locator(".pin")
    expect(pin.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)
    person.button("I am getting help").click()
    expect(pin).to_be_hidden()


def test_deleting_forgets_the_conversation(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin().say("how do i stretch my hamstrings")
    expect(person.log.get_by_role("img")).to_be_visible()
    person.menu("Delete my data", "Delete my data")
    expect(person.page.get_by_text("Your chat was deleted.")).to_be_attached()
    expect(person.button("Start")).to_be_visible()


def test_a_typed_phone_wish_shows_the_number(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin().say("what is the phone number of the clinic")
    expect(person.log.get_by_role("link", name=re.compile("Call [0-9-]+")).last).to_be_in_viewport()


def test_switching_the_language_keeps_what_was_offered(page: Page, spineline: Server) -> None:
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin().say("how do i stretch my hamstrings")
    expect(person.log.locator(".said:not(.you)")).to_have_count(2)
    person.choices.first.click()
    expect(person.log.locator(".said:not(.you)")).to_have_count(3)
    number = person.log.locator(".said:not(.you)").count()
    tapped = card_of(person)
    person.speak("Español")
    person.say("how do i stretch my hamstrings")
    expect(person.log.locator(".said:not(.you)")).to_have_count(number + 1)
    person.speak("English")
    person.say("1")
    expect(person.log.locator(".said:not(.you)")).to_have_count(number + 2)
    assert card_of(person) == tapped


def card_of(person: Person) -> str | None:
    """Which card the last answer is of; its words are shorter the second time."""
    return person.last.get_by_role("link", name="Print, save or share").get_attribute("href")


def test_a_danger_sign_at_the_end_of_a_long_story_brings_911(page: Page, spineline: Server) -> None:
    story = "It began in spring, when I carried a sofa up the stairs with my brother. " * 40
    person = Person(page).visit(f"{spineline.url}/?lang=en").begin()
    person.say(f"{story} Since this morning I can not feel anything between my legs and I wet myself.")
    pin = person.panel.locator(".pin")
    expect(pin.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)
