from __future__ import annotations

import json
import shutil
from dataclasses import replace
from math import atan2, degrees
from pathlib import Path
from typing import Any

import pytest
import yaml
from replies import says

from scripts.draw_exercises import Figure, draw
from spineline.channels.web.assets import make_asset
from spineline.channels.web.site import load_site
from spineline.channels.web.widget import Widget, load_widget
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT
from spineline.dialogue.speaker import Speaker
from spineline.environment import current_content
from spineline.errors import ContentError

EXERCISES_OF_THE_ARTICLE = ("hamstring_stretch", "leg_raise", "neck_rotation", "trunk_twist", "crunches")


@pytest.fixture(scope="module")
def widget() -> Widget:
    return load_widget(ROOT, current_content())


def dressed(ref: str, widget: Widget, language: str = "en") -> dict[str, object]:
    return widget.dress(Speaker(widget.content, language).answer(widget.content.answer(ref)))


def test_every_text_can_be_filled_in_both_languages(widget: Widget) -> None:
    profile = json.dumps(widget.profile())
    assert "{clinic" not in profile
    assert set(widget.profile()["texts"]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reviewed", [False, True], ids=["not yet reviewed", "reviewed"])
def test_the_window_says_as_long_as_no_clinician_has_signed(widget: Widget, language: str, reviewed: bool) -> None:
    shown = replace(widget, content=replace(widget.content, reviewed=reviewed)).profile()["texts"][language]
    assert ("pending" in shown) is not reviewed


def test_links_and_quick_replies_are_told_apart(widget: Widget) -> None:
    contact = dressed("contact/about", widget)
    assert contact["calls"] == [{"title": "Call 310-828-7757", "url": "tel:+13108287757"}]
    choices = contact["choices"]
    assert all(set(choice) == {"title", "payload", "titles"} for choice in choices)  # type: ignore[attr-defined]
    assert all(set(choice["titles"]) == set(LANGUAGES) for choice in choices)  # type: ignore[attr-defined]


def test_an_exercise_comes_in_steps_and_its_safety_line_apart(widget: Widget) -> None:
    steps, safety = dressed("plank/how", widget)["body"]  # type: ignore[misc]
    assert steps["kind"] == "steps"
    assert steps["items"][0] == "Lie face down and put your elbows under your shoulders."
    assert safety["kind"] == "safety"
    assert safety["items"][0].startswith("Stop if")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_an_answer_is_lost_in_its_blocks(widget: Widget, language: str) -> None:
    for ref in widget.content.answers:
        answer = dressed(ref, widget, language)
        blocks = [word for block in answer["body"] for word in _words(block)]  # type: ignore[attr-defined]
        assert blocks == str(answer["text"]).split(), ref


def _words(block: dict[str, Any]) -> list[str]:
    return " ".join(block.get("items", [block.get("text", "")])).split()


def test_the_first_sentence_of_an_answer_stands_out(widget: Widget) -> None:
    lead, *rest = dressed("workout_mistakes/about", widget)["body"]  # type: ignore[misc]
    assert lead["kind"] == "lead"
    assert rest[0]["kind"] == "text"


def test_a_doctors_title_ends_no_sentence(widget: Widget) -> None:
    lead, *_ = dressed("severe_pain/about", widget)["body"]  # type: ignore[misc]
    assert lead["text"].startswith("Please call")
    assert lead["text"].endswith(f"{widget.content.clinic.phone}.")


def test_severe_pain_is_urgent_and_a_plank_is_not(widget: Widget) -> None:
    assert dressed("severe_pain/about", widget)["urgent"] is True
    assert "urgent" not in dressed("plank/how", widget)


def test_988_can_be_texted(widget: Widget) -> None:
    said = widget.dress(replace(says("Call."), calls=("988", "911")))
    assert [call["url"] for call in said["calls"]] == ["tel:988", "sms:988", "tel:911"]


def test_an_answer_that_deleted_everything_says_so_to_the_window(widget: Widget) -> None:
    assert widget.dress(replace(says("Done."), wish="forget"))["forgotten"] is True


def test_a_closed_chat_carries_its_own_texts_only(widget: Widget) -> None:
    carried = widget.launcher({"window": "abc"})
    assert carried["parts"] == {"window": "abc"}
    assert all("notice" not in texts and "label" in texts for texts in carried["texts"].values())


def test_sources_are_named_for_people(widget: Widget) -> None:
    assert "Mayo Clinic" in json.dumps(dressed("hamstring_stretch/how", widget)["sources"])


@pytest.mark.parametrize("exercise", EXERCISES_OF_THE_ARTICLE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_exercise_of_the_article_has_a_drawing_with_words(widget: Widget, exercise: str, language: str) -> None:
    drawing = dressed(f"{exercise}/how", widget, language)["drawing"]
    assert drawing == {"src": f"drawings/{exercise}.svg", "alt": widget.drawings[exercise][language]}
    assert (ROOT / "web" / f"drawings/{exercise}.svg").is_file()


@pytest.fixture(scope="module")
def poses() -> dict[str, Any]:
    """What the drawings show, by exercise."""
    return dict(yaml.safe_load((ROOT / "web" / "drawings" / "poses.yml").read_text(encoding="utf-8")))


def test_the_drawings_are_those_of_their_poses(poses: dict[str, Any]) -> None:
    for name, exercise in poses.items():
        path = ROOT / "web" / "drawings" / f"{name}.svg"
        assert path.read_text(encoding="utf-8") == draw(exercise), "run python scripts/draw_exercises.py"


@pytest.mark.parametrize("exercise", ["press_up", "superman"])
def test_a_trunk_lifted_from_lying_face_down_hollows_at_the_back(poses: dict[str, Any], exercise: str) -> None:
    assert poses[exercise]["end"]["curve"] < 0


@pytest.mark.parametrize("exercise", ["lunge", "squat", "wall_sit"])
def test_the_elbow_of_somebody_who_stands_points_backwards(poses: dict[str, Any], exercise: str) -> None:
    start = poses[exercise]["start"]
    shoulder = Figure(start, 0, 0, 1).shoulder
    assert start["near"]["elbow"][0] < min(shoulder[0], start["near"]["hand"][0])


def test_shoulder_hip_and_knee_of_a_bridge_make_one_line(poses: dict[str, Any]) -> None:
    end = poses["bridge"]["end"]
    (x, y), (hip_x, hip_y) = end["near"]["knee"], end["hip"]
    assert degrees(atan2(hip_y - y, hip_x - x)) % 360 == pytest.approx(end["back"], abs=3)


@pytest.mark.parametrize("path", sorted((ROOT / "web" / "drawings").glob("*.svg")), ids=lambda path: path.stem)
def test_a_drawing_is_small_and_has_no_ground_of_its_own(path: Path) -> None:
    drawn = path.read_text(encoding="utf-8")
    assert len(drawn) < 5000
    assert "<rect" not in drawn
    assert 'viewBox="0 0 320 200"' in drawn


def test_what_somebody_wrote_just_now_is_dressed_too(widget: Widget) -> None:
    assert widget.dress(says("hello")) == {"text": "hello", "language": "en"}


def test_drawings_without_words_and_words_without_drawings_are_listed(tmp_path: Path) -> None:
    for folder in ("content", "web/drawings"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("sources.yml", "red_flags.yml", "widget.yml"):
        shutil.copy(ROOT / "content" / name, tmp_path / "content")
    (tmp_path / "web" / "drawings" / "somersault.svg").write_text("<svg/>")
    with pytest.raises(ContentError) as error:
        load_widget(tmp_path, current_content())
    assert [word in str(error.value) for word in ("crunches.svg", "somersault.svg")] == [True] * 2


def test_assets_are_compressed_and_cached_by_version() -> None:
    asset = make_asset(b"a" * 1000, "text/javascript")
    status, headers, body = asset.answer({"accept-encoding": "gzip"})
    assert (status, headers["Content-Encoding"], body) == (200, "gzip", asset.zipped)
    assert asset.answer({"if-none-match": f'W/"{asset.version}"'})[0] == 304
    assert "immutable" in asset.answer({}, asset.version)[1]["Cache-Control"]
    assert "immutable" not in asset.answer({}, "old")[1]["Cache-Control"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_filled_and_escaped(widget: Widget, language: str) -> None:
    site = load_site(ROOT, widget)
    for page in (site.home(language), site.privacy(language), site.card("plank/how", language)):
        assert page
        assert "$" not in page
        assert "{clinic" not in page
        assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("ref", ["nothing/how", "plank/nothing", "privacy/about"])
def test_only_exercise_cards_have_a_page(widget: Widget, ref: str) -> None:
    assert load_site(ROOT, widget).card(ref, "en") is None
