"""What stands around an answer on the website: forms, routines, links, and what the staff of an emergency see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from replies import says

from spineline.channels.web.site import load_site
from spineline.channels.web.widget import Widget, load_widget
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, load_content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.routines import routine
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Memory, Message, Turn
from spineline.environment import current_content

MAPS = "https://www.google.com/maps/search/"


@pytest.fixture(scope="module")
def widget() -> Widget:
    return load_widget(ROOT, current_content())


@pytest.fixture(scope="module")
def somewhere() -> Widget:
    """A clinic of which the address is known."""
    return load_widget(ROOT, load_content(ROOT, "example"))


def answer(ref: str, widget: Widget, language: str = "en") -> dict[str, Any]:
    return widget.dress(Speaker(widget.content, language).answer(widget.content.answer(ref)))


def question(widget: Widget, name: str) -> dict[str, Any]:
    memory = Memory("en", triage={"pending": name, "facts": {}, "lead": []})
    message = pain.pending_question(memory, widget.content)
    assert message
    return widget.dress(message)


@pytest.mark.parametrize(
    ("name", "kind", "step"),
    [("signs", "several", 1), ("severity", "scale", 2), ("course", "one", 3), ("risks", "several", 4)],
)
def test_a_question_about_pain_says_what_form_it_has(widget: Widget, name: str, kind: str, step: int) -> None:
    form = question(widget, name)["form"]
    assert (form["kind"], form["step"], form["of"]) == (kind, step, 4)
    assert ("back" in form) is (name != "signs"), "before the first there is none"


def test_the_list_after_a_message_that_may_tell_of_danger_is_no_question_of_four(widget: Widget) -> None:
    reply = pain.vote_for_danger(Turn("odd", "report_red_flag", safety_vote=True), (), Memory("en"), widget.content)
    assert widget.dress(reply.messages[-1])["form"] == {"kind": "several"}


def test_what_leaves_no_room_for_other_answers_is_marked(widget: Widget) -> None:
    alone = {choice["title"] for choice in question(widget, "signs")["choices"] if choice.get("alone")}
    assert alone == {"None of these", "Something else", "I am not sure"}
    scored = {choice["title"] for choice in question(widget, "severity")["choices"] if choice.get("scored")}
    assert scored == {"0 to 3", "4 to 6", "7 to 10"}


def test_other_messages_have_no_form(widget: Widget) -> None:
    assert "form" not in answer("plank/how", widget)
    assert "form" not in widget.dress(replace(says("x"), card="triage:signs")), "a line of that name is no question"


def told(choice: str, widget: Widget, language: str) -> Message:
    reply = routine(Turn("", "help", choice=choice), Memory(language), widget.content)
    assert reply
    return reply.messages[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choice", ["routine:minutes_10", "routine:next", "routine:whole"])
def test_no_word_of_a_routine_is_lost_in_its_blocks(widget: Widget, choice: str, language: str) -> None:
    message = told(choice, widget, language)
    blocks = " ".join(" ".join(one.get("items", [one.get("text", "")])) for one in widget.dress(message)["body"])
    marks = {"-", "1.", "2.", "3.", "4.", "5."}
    assert blocks.split() == [word for word in message.text.split() if word not in marks]


def test_one_block_has_its_minutes_as_a_timer_and_a_list_of_them_has_none(widget: Widget) -> None:
    assert widget.dress(told("routine:next", widget, "en"))["timer"] == 120
    for choice in ("routine:minutes_10", "routine:whole"):
        assert "timer" not in widget.dress(told(choice, widget, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sourced_answer_has_a_page_in_its_language(widget: Widget, language: str) -> None:
    site = load_site(ROOT, widget)
    for ref, one in widget.content.answers.items():
        page = site.card(ref, language)
        assert (page is not None) is bool(one.sources), ref
        if page:
            assert f'<html lang="{language}">' in page
            assert answer(ref, widget, language)["page"] == f"cards/{ref}?lang={language}"


def alarm(
    widget: Widget, tier: Tier, flag: str | None, *further: tuple[Tier, str], language: str = "en"
) -> dict[str, Any]:
    (message,) = raise_alarm(tier, flag, Memory(language), widget.content, further=further).messages
    return widget.dress(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_shall_go_there_gets_a_map_of_emergency_departments(widget: Widget, language: str) -> None:
    (link,) = alarm(widget, Tier.ED_NOW, "RF10", language=language)["links"]
    assert link["url"] == f"{MAPS}?api=1&query=emergency+department"
    for tier in (Tier.CALL_911, Tier.CRISIS_988):
        assert "links" not in alarm(widget, tier, None, language=language)


def test_the_staff_see_every_sign_by_its_name_in_both_languages(widget: Widget) -> None:
    signs = alarm(widget, Tier.CALL_911, "RF01", (Tier.CRISIS_988, "RF08"))["staff"]
    assert [sign["en"] for sign in signs] == [widget.around.flags["RF01"]["en"], widget.around.flags["RF08"]["en"]]
    assert all(set(sign) == set(LANGUAGES) for sign in signs)
    assert "staff" not in answer("plank/how", widget)


def test_the_way_to_a_clinic_is_shown_where_its_address_is_known(widget: Widget, somewhere: Widget) -> None:
    here = [link["url"] for link in answer("contact/about", widget)["links"]]
    there = [link["url"] for link in answer("contact/about", somewhere)["links"]]
    assert here == ["clinic.vcf"]
    assert there == [
        f"{MAPS}?api=1&query=742%20Saguaro%20Lane%2C%20Suite%203%2C%20Tucson%2C%20AZ%2085799",
        "clinic.vcf",
    ]


def test_a_vcard_says_what_is_known_and_breaks_on_no_comma(somewhere: Widget) -> None:
    lines = load_site(ROOT, somewhere).vcard().split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert "ADR;TYPE=work:;;742 Saguaro Lane\\, Suite 3\\, Tucson\\, AZ 85799;;;;" in lines
    assert "URL:https://cactuswren.example.org" in lines
    assert lines[-2:] == ["END:VCARD", ""]
