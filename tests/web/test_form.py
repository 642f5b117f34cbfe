"""The pain questions as a form: several signs at once, a scale, the way back; tapped, by keyboard, typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.person import Person
from tests.web.test_accessible import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def person(page: Page) -> Person:
    """Somebody before the list of danger signs."""
    asked = Person(page).visit("/?lang=en").begin().say("my pain")
    expect(asked.page.get_by_role("group", name="Question 1 of 4. Choose all that you have.")).to_be_visible()
    return asked


def to_severity(person: Person) -> None:
    person.button("None of these").click()
    expect(person.page.get_by_role("radiogroup", name="How strong is the pain?")).to_be_visible()


def test_several_signs_are_one_message_and_the_most_urgent_alarms(person: Person, server: Server) -> None:
    before = len(server.turns())
    for name in ("Fever or chills", "Numb between the legs", "Chest pain or no breath"):
        person.page.get_by_role("checkbox", name=name).check()
    person.button("Send my answer").click()
    expect(person.log.locator(".alarm")).to_contain_text("911")
    expect(person.log.locator(".you").last).to_contain_text(
        "Numb between the legs, Chest pain or no breath, Fever or chills"
    )
    assert server.turns()[before:] == ["triage:chest"], "one turn, decided by the most urgent"


def test_a_marked_sign_goes_out_with_the_send_button_too(person: Person) -> None:
    person.page.get_by_role("checkbox", name="Numb between the legs").check()
    person.button("Send").click()
    expect(person.log.locator(".alarm")).to_contain_text("emergency department")


def test_while_a_sign_is_marked_none_of_these_cannot_be_said(person: Person) -> None:
    sign = person.page.get_by_role("checkbox", name="Fever or chills")
    sign.check()
    expect(person.button("None of these")).to_be_hidden()
    sign.uncheck()
    expect(person.button("None of these")).to_be_visible()
    expect(person.button("Send my answer")).to_be_hidden()


def test_the_scale_has_words_and_the_answer_says_which_question_is_next(person: Person) -> None:
    to_severity(person)
    expect(person.page.get_by_role("group", name="Question 2 of 4.")).to_be_visible()
    person.page.get_by_role("radio", name="5, moderate").check()
    person.button("Send my answer").click()
    expect(person.log.locator(".you").last).to_contain_text("5/10")
    expect(person.page.get_by_role("group", name="Question 3 of 4.")).to_be_visible()


def test_a_score_with_what_one_cannot_do_is_severe(person: Person) -> None:
    to_severity(person)
    person.page.get_by_role("radio", name="3, mild").check()
    person.page.get_by_role("checkbox", name="Can't sleep, walk or dress").check()
    person.button("Send my answer").click()
    expect(person.last).to_contain_text("310-828-7757")


def test_back_asks_the_question_before_anew(person: Person) -> None:
    to_severity(person)
    person.page.get_by_role("radio", name="5, moderate").check()
    person.button("Send my answer").click()
    expect(person.page.get_by_role("group", name="Question 3 of 4.")).to_be_visible()
    person.button("Back").click()
    expect(person.page.get_by_role("group", name="Question 2 of 4.")).to_be_visible()
    expect(person.page.get_by_role("radio", checked=True)).to_have_count(0)
    person.button("Back").click()
    expect(person.page.get_by_role("checkbox", name="Fever or chills")).to_be_visible()


def test_the_form_works_by_keyboard_alone(person: Person) -> None:
    press = person.page.keyboard.press
    person.page.get_by_role("checkbox", name="Numb between the legs").focus()
    press("Space")
    expect(person.page.get_by_role("checkbox", name="Numb between the legs")).to_be_checked()
    while not person.button("Send my answer").evaluate("one => one.getRootNode().activeElement === one"):
        press("Tab")
    press("Enter")
    expect(person.log.locator(".alarm")).to_be_visible()


def test_the_scale_is_moved_over_by_arrows(person: Person) -> None:
    to_severity(person)
    person.page.get_by_role("radio", name="0, no pain").focus()
    for _ in range(3):
        person.page.keyboard.press("ArrowRight")
    expect(person.page.get_by_role("radio", name="3, mild")).to_be_checked()


@pytest.mark.parametrize("words", ["fever", "chest pain and a fever"])
def test_all_of_it_can_be_typed(person: Person, words: str) -> None:
    person.say(words)
    expect(person.log.locator(".alarm")).to_be_visible()


def test_typed_numbers_and_back_answer_too(person: Person) -> None:
    person.say("none of these")
    expect(person.page.get_by_role("group", name="Question 2 of 4.")).to_be_visible()
    person.say("5")
    expect(person.page.get_by_role("group", name="Question 3 of 4.")).to_be_visible()
    person.say("go back")
    expect(person.page.get_by_role("group", name="Question 2 of 4.")).to_be_visible()


@pytest.mark.parametrize("size", [(280, 500), (320, 568), (390, 664), (667, 375)], ids=str)
def test_the_form_fits_small_screens(page: Page, person: Person, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    to_severity(person)
    assert page.locator("spineline-chat .scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
    small = page.locator("spineline-chat .tick").evaluate_all("all => all.filter((one) => one.offsetWidth < 40).length")
    assert small == 0, "each number can be hit"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_form(page: Page, person: Person, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    person.page.get_by_role("checkbox", name="Fever or chills").check()
    page.screenshot(path=f"results/screens/{scheme}-form-signs.png")
    assert violations(page) == []
    person.page.get_by_role("checkbox", name="Fever or chills").uncheck()
    to_severity(person)
    page.screenshot(path=f"results/screens/{scheme}-form-scale.png")
    assert violations(page) == []


def test_in_spanish_the_form_is_in_spanish(page: Page) -> None:
    person = Person(page).visit("/?lang=es").begin().say("my pain")
    expect(page.get_by_role("group", name="Pregunta 1 de 4. Marque todo lo que tenga.")).to_be_visible()
    page.get_by_role("checkbox", name="Calentura o escalofríos").check()
    person.button("Enviar mi respuesta").click()
    expect(person.log.locator(".alarm")).to_be_visible()
