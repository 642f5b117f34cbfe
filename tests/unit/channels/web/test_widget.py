from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from spineline.channels.web.assets import PROFILE_LINE, make_asset, script_asset
from spineline.channels.web.site import load_site
from spineline.channels.web.widget import Widget, load_widget
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, current_content
from spineline.dialogue.render import answer_message
from spineline.errors import ConfigError, ContentError

EXERCISES_OF_THE_ARTICLE = ("hamstring_stretch", "leg_raise", "neck_rotation", "trunk_twist", "crunches")


@pytest.fixture(scope="module")
def widget() -> Widget:
    return load_widget(ROOT, current_content())


def dressed(ref: str, widget: Widget, language: str = "en") -> dict[str, object]:
    message = answer_message(widget.content.answer(ref), language, widget.content)
    buttons = [button.as_dict() for button in message.buttons]
    return widget.dress({"text": message.text, "buttons": buttons, "metadata": dict(message.data)})


def test_every_text_can_be_filled_in_both_languages(widget: Widget) -> None:
    profile = json.dumps(widget.profile())
    assert "{clinic" not in profile
    assert set(widget.profile()["texts"]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reviewed", [False, True], ids=["not yet reviewed", "reviewed"])
def test_the_window_says_as_long_as_no_clinician_has_signed(widget: Widget, language: str, reviewed: bool) -> None:
    shown = replace(widget, content=replace(widget.content, reviewed=reviewed)).profile()["texts"][language]
    assert ("pending" in shown) is not reviewed


def test_clinic_data_is_not_in_the_script() -> None:
    clinic = current_content().clinic
    source = (ROOT / "web" / "spineline.js").read_text(encoding="utf-8")
    assert not [fact for fact in (clinic.name, clinic.phone, clinic.phone_e164) if fact in source]


def test_links_and_quick_replies_are_told_apart(widget: Widget) -> None:
    contact = dressed("contact/about", widget)
    assert contact["calls"] == [{"title": "Call 310-828-7757", "url": "tel:+13108287757"}]
    assert all(set(choice) == {"title", "payload"} for choice in contact["choices"])  # type: ignore[attr-defined]


def test_sources_are_named_for_people(widget: Widget) -> None:
    assert "Mayo Clinic" in json.dumps(dressed("hamstring_stretch/how", widget)["sources"])


@pytest.mark.parametrize("exercise", EXERCISES_OF_THE_ARTICLE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_exercise_of_the_article_has_a_drawing_with_words(widget: Widget, exercise: str, language: str) -> None:
    drawing = dressed(f"{exercise}/how", widget, language)["drawing"]
    assert drawing == {"src": f"drawings/{exercise}.svg", "alt": widget.drawings[exercise][language]}
    assert (ROOT / "web" / f"drawings/{exercise}.svg").is_file()


def test_a_reply_without_metadata_is_dressed_too(widget: Widget) -> None:
    assert widget.dress({"text": "hello"}) == {"text": "hello", "language": "en"}


def test_everything_wrong_with_texts_and_drawings_is_listed(tmp_path: Path) -> None:
    for folder in ("content", "web/drawings"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "content" / "sources.yml", tmp_path / "content")
    (tmp_path / "content" / "widget.yml").write_text("texts: {open: {en: Open}}\ndrawings: {plank: {en: a, es: b}}\n")
    (tmp_path / "web" / "drawings" / "squat.svg").write_text("<svg/>")
    with pytest.raises(ContentError) as error:
        load_widget(tmp_path, current_content())
    assert [word in str(error.value) for word in ("open has no es", "plank.svg", "squat.svg")] == [True] * 3


def test_the_script_carries_the_profile_and_cannot_be_ended_by_it(tmp_path: Path) -> None:
    path = tmp_path / "spineline.js"
    path.write_text(f"(() => {{ {PROFILE_LINE} }})();")
    body = script_asset(path, {"name": "</script><b>"}).body.decode()
    assert "</script>" not in body
    assert "\\u003c/script>" in body


def test_a_script_without_a_place_for_the_profile_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "spineline.js"
    path.write_text("(() => {})();")
    with pytest.raises(ConfigError, match="const PROFILE"):
        script_asset(path, {})


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
