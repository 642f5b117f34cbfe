"""A title that was typed instead of tapped: small letters, one slip, and nothing further away."""

import pytest

from spineline.content.library import Content
from spineline.content.typed_titles import TypedTitles

TITLES = TypedTitles.of([("How do I squat?", "squat/how"), ("¿Cómo me agacho?", "bending/how"), ("Heat", "heat/about")])


@pytest.mark.parametrize(
    "typed",
    [
        "how do i squat",
        "How do I squat?!",
        "how do i sqat",
        "how do i squuat",
        "how do i sqaut",
        "how do i squot",
        "howdo i squat",
    ],
    ids=["small", "marks", "too little", "too much", "swapped", "wrong", "run together"],
)
def test_a_title_is_known_with_one_slip(typed: str) -> None:
    assert TITLES.meant(typed) == "squat/how"


def test_accents_do_not_matter() -> None:
    assert TITLES.meant("como me agacho") == "bending/how"


@pytest.mark.parametrize("typed", ["how do i skuat it", "how did you squat", "heart", ""])
def test_what_is_further_away_is_no_title(typed: str) -> None:
    assert TITLES.meant(typed) is None


def test_a_text_that_may_be_two_titles_is_neither() -> None:
    assert TypedTitles.of([("How many hips", "a/b"), ("How many lips", "c/d")]).meant("how many dips") is None


def test_a_whole_title_is_meant_although_another_is_near() -> None:
    assert TypedTitles.of([("How many hips", "a/b"), ("How many lips", "c/d")]).meant("how many hips") == "a/b"


def test_a_title_of_pain_leads_to_its_questions_instead(content: Content) -> None:
    assert content.typed_titles.meant(content.answers["mild_pain/about"].ask["en"]) is None
