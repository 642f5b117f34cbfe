"""One conversation over the tabs of a website: both show both, nothing is doubled, and deleted is gone in all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def tabs(page: Page) -> tuple[Person, Person]:
    """Two tabs of one website; in the first a question was asked."""
    first = Person(page).visit("/?lang=en").begin().say("first")
    expect(first.log).to_contain_text("You wrote: first")
    second = Person(page.context.new_page()).visit("/pages/plain.html").open()
    return first, second


def said(person: Person) -> list[str]:
    return [" ".join(text.split()) for text in person.log.locator(".said").all_inner_texts()[1:]]


def test_a_new_tab_goes_on_with_the_conversation(tabs: tuple[Person, Person]) -> None:
    first, second = tabs
    expect(second.log).to_contain_text("You wrote: first")
    assert said(second) == said(first)


def test_both_tabs_show_what_is_said_in_either_once(tabs: tuple[Person, Person], server: Server) -> None:
    first, second = tabs
    before = len(server.turns())
    second.say("second")
    expect(first.log).to_contain_text("You wrote: second")
    first.say("third")
    expect(second.log).to_contain_text("You wrote: third")
    expect(first.log.locator(".said")).to_have_count(7)
    expect(second.log.locator(".said")).to_have_count(7)
    assert said(first) == said(second)
    assert server.turns()[before:] == ["second", "third"]


def test_an_alarm_stands_in_both_tabs_until_it_is_taken_care_of_in_one(tabs: tuple[Person, Person]) -> None:
    first, second = tabs
    second.say("emergency")
    expect(first.panel.locator(".pin")).to_be_visible()
    first.button("I am getting help").click()
    expect(second.panel.locator(".pin")).to_be_hidden()


def test_the_tab_in_the_back_shows_that_an_answer_is_on_its_way(tabs: tuple[Person, Person], server: Server) -> None:
    first, second = tabs
    second.say("slow question")
    expect(first.status).to_have_text("The assistant is answering…")
    server.go_on()
    expect(first.status).to_have_text("")
    expect(first.log.get_by_text("You wrote: slow question")).to_have_count(1)


@pytest.mark.parametrize("way", ["Delete my data", "Clear this chat"])
def test_what_is_deleted_in_one_tab_is_gone_in_all(tabs: tuple[Person, Person], way: str) -> None:
    first, second = tabs
    expect(second.log).to_contain_text("You wrote: first")
    second.menu(way, way)
    expect(first.log).not_to_contain_text("first")
    expect(first.button("Start")).to_be_visible()
    assert "You wrote" not in first.page.evaluate("JSON.stringify({ ...sessionStorage })")


def test_what_is_deleted_by_words_is_gone_in_all(tabs: tuple[Person, Person]) -> None:
    _, second = tabs
    expect(second.log).to_contain_text("You wrote: first")
    second.say("delete my data")
    for person in tabs:
        expect(person.log).not_to_contain_text("You wrote: first")


def test_when_the_last_tab_is_closed_it_is_gone(tabs: tuple[Person, Person]) -> None:
    first, second = tabs
    context = first.page.context
    first.page.close()
    expect(second.log).to_contain_text("You wrote: first")
    second.page.close()
    third = Person(context.new_page()).visit("/?lang=en").open()
    expect(third.button("Start")).to_be_visible()
    assert third.page.evaluate("localStorage.length") == 0


def test_two_conversations_that_began_apart_stay_apart(page: Page) -> None:
    page.context.add_init_script("delete window.BroadcastChannel")
    first = Person(page).visit("/?lang=en").begin().say("first")
    second = Person(page.context.new_page()).visit("/?lang=en").begin().say("second")
    expect(second.log).to_contain_text("You wrote: second")
    expect(first.log).not_to_contain_text("second")


def test_more_tabs_than_the_server_holds_lines_for_all_go_on(tabs: tuple[Person, Person]) -> None:
    first, _ = tabs
    more = [Person(first.page.context.new_page()).visit("/pages/plain.html").open() for _ in range(4)]
    more[-1].say("sixth")
    expect(more[-1].log).to_contain_text("You wrote: sixth")
    for person in (first, more[0]):
        expect(person.log).to_contain_text("You wrote: sixth")
        expect(person.log.get_by_text("You wrote: sixth")).to_have_count(1)
