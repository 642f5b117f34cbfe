"""WCAG 2.2 AA: axe in every state, the keyboard, small and zoomed screens, names, contrast modes."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.person import Person

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


def violations(page: Page) -> list[str]:
    page.wait_for_timeout(250)
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


def reach(person: Person, state: str) -> None:
    """Bring the chat window into a state, by hand as a person does."""
    if state == "closed":
        return
    person.open()
    if state in ("open", "menu"):
        if state == "menu":
            person.page.get_by_role("button", name="Options").or_(
                person.page.get_by_role("button", name="Opciones")
            ).click()
        return
    person.start()
    asked = {
        "card": "hamstring_stretch",
        "call": "contact",
        "emergency": "emergency",
        "choices": "workout_mistakes",
        "severe": "severe_pain",
    }
    if state in asked:
        count = person.log.locator(".said:not(.you)").count()
        person.say(asked[state])
        expect(person.log.locator(".said:not(.you)")).to_have_count(count + 1)
    if state == "delete":
        person.page.get_by_role("button", name=re.compile("^(Options|Opciones)$")).click()
        person.page.get_by_role("button", name=re.compile("^(Delete my data|Borrar mis datos)$")).click()
    if state == "error":
        person.page.context.set_offline(True)
        person.say("lost")
        expect(person.status).to_have_class("status lost")
        person.page.wait_for_timeout(100)


STATES = ("closed", "open", "menu", "form", "card", "call", "choices", "severe", "emergency", "delete", "error")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("look", ["light", "dark", "spanish", "phone"])
def test_axe_finds_nothing(page: Page, state: str, look: str) -> None:
    page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
    if look == "phone":
        page.set_viewport_size({"width": 390, "height": 844})
    person = Person(page).visit("/?lang=es" if look == "spanish" else "/?lang=en")
    reach(person, state)
    page.screenshot(path=f"results/screens/{look}-{state}.png")
    assert violations(page) == []


@pytest.mark.parametrize(
    "path", ["/privacy?lang=en", "/privacy?lang=es", "/cards/plank/how?lang=es", "/chat?lang=en", "/pages/plain.html"]
)
def test_axe_finds_nothing_on_other_pages(page: Page, path: str) -> None:
    page.goto(path)
    assert violations(page) == []


def test_everything_works_with_the_keyboard_alone(page: Page) -> None:
    person = Person(page).visit("/pages/plain.html")
    press = page.keyboard.press
    press("Tab")
    press("Tab")
    expect(person.launcher).to_be_focused()
    press("Enter")
    expect(person.button("Start")).to_be_focused()
    press("Enter")
    expect(person.input).to_be_focused()
    page.keyboard.type("contact")
    press("Enter")
    expect(person.log.get_by_role("link", name="Call 310-828-7757")).to_be_visible()
    press("Shift+Tab")
    expect(person.choices.last).to_be_focused()
    press("Enter")
    expect(person.input).to_be_focused()
    press("Escape")
    expect(person.launcher).to_be_focused()
    expect(person.panel).to_be_hidden()


def test_the_menu_opens_closes_and_gives_focus_back(page: Page) -> None:
    person = Person(page).visit("/").begin()
    options = person.button("Options")
    options.focus()
    page.keyboard.press("Enter")
    expect(person.button("Español")).to_be_focused()
    page.keyboard.press("Escape")
    expect(options).to_be_focused()
    expect(options).to_have_attribute("aria-expanded", "false")


def test_focus_goes_in_the_order_in_which_things_are_seen(page: Page) -> None:
    person = Person(page).visit("/").begin()
    page.wait_for_timeout(300)
    seen: list[float] = []
    person.button("Close the chat").focus()
    for _ in range(4):
        seen.append(
            page.evaluate(
                "document.querySelector('spineline-chat').shadowRoot.activeElement.getBoundingClientRect().top"
            )
        )
        page.keyboard.press("Tab")
    assert seen == sorted(seen)


def test_the_log_announces_additions_once(page: Page) -> None:
    person = Person(page).visit("/").begin().say("first")
    expect(person.log).to_contain_text("You wrote: first")
    assert page.locator("spineline-chat [role=log]").count() == 1
    expect(person.log).to_have_attribute("aria-live", "polite")
    expect(person.log.get_by_text("You wrote: first")).to_have_count(1)
    page.reload()
    assert page.locator("spineline-chat [role=log]").get_attribute("aria-live") in ("off", "polite")


def test_each_message_says_its_language(page: Page) -> None:
    person = Person(page).visit("/?lang=es").begin().say("hamstring_stretch")
    expect(person.log.locator(".said")).to_have_count(3)
    assert set(person.log.locator(".said").evaluate_all("all => all.map((one) => one.lang)")) == {"es"}


@pytest.mark.parametrize("size", [(320, 568), (320, 256), (640, 400)], ids=["320 px", "400 % zoom", "200 % zoom"])
def test_small_and_zoomed_screens_reflow(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    person = Person(page).visit("/").begin().say("emergency")
    expect(person.log.locator(".alarm")).to_be_visible()
    page.screenshot(path=f"results/screens/size-{size[0]}x{size[1]}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("spineline-chat .panel").evaluate("one => one.scrollWidth <= one.clientWidth")
    expect(person.input).to_be_in_viewport()


def test_targets_are_24_px_or_more(page: Page) -> None:
    person = Person(page).visit("/").begin().say("hamstring_stretch")
    expect(page.get_by_text("Sources")).to_be_visible()
    heights = page.locator("spineline-chat :is(button, summary, .calls a, .person, .print):visible").evaluate_all(
        "all => all.map((one) => [one.textContent, one.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < 24] == []
    assert person.problems == []


def test_forced_colours_keep_the_shape_of_an_emergency(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    person = Person(page).visit("/").begin().say("emergency")
    expect(person.log.locator(".alarm")).to_have_css("border-top-style", "double")
    page.screenshot(path="results/screens/forced-colours.png")


def test_reduced_motion_moves_nothing(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    person = Person(page).visit("/").open()
    expect(person.panel).to_have_css("animation-name", "none")
