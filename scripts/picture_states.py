"""Take a picture of every published state of the chat window: `.venv/bin/python scripts/picture_states.py`.

The states are those of `STATES` in tests/web/test_room.py; `SHOWN` is what a window can show beside. The pages and the
window are the real ones; a stand-in answers (tests/web/fake_server.py), so that every state comes by one word. About
three minutes. The pictures go to docs/images/states/ and shown/, small enough to be kept.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from tests.web.conftest import CHROMIUM, FLAGS, fake_server  # noqa: E402
from tests.web.person import Person  # noqa: E402
from tests.web.test_room import KEYBOARD, STATES, State  # noqa: E402

IMAGES = ROOT / "docs" / "images"
PHONE, DESKTOP = (390, 664), (1280, 800)


@dataclass(frozen=True)
class Shown:
    """Something that a window can show, besides its sizes."""

    name: str
    reach: Callable[[Person], object]
    size: tuple[int, int] = PHONE
    language: str = "en"
    scheme: str = "light"


def say(words: str) -> Callable[[Person], object]:
    """After Start somebody says this."""
    return lambda person: person.begin().say(words)


def mark_signs(person: Person) -> None:
    """Two danger signs are marked and not sent."""
    person.begin().say("my pain")
    for place in (0, 2):
        person.page.locator("spineline-chat .tick").nth(place).click()


def scale(person: Person) -> None:
    """The question how strong the pain is."""
    person.begin().say("my pain")
    person.page.locator("spineline-chat .form [data-act=choose]").last.click()
    person.page.get_by_role("radio").first.wait_for()


def staff(person: Person) -> None:
    """What is held out to the staff."""
    person.begin().say("numb between my legs since this morning")
    person.page.locator("spineline-chat [data-act=staff]").first.click()


SHOWN = (
    Shown("notice", lambda person: person.open()),
    Shown("menu", lambda person: person.begin().menu()),
    Shown("exercise", say("hamstring_stretch")),
    Shown("exercise-dark", say("plank"), scheme="dark"),
    Shown("routine", say("routine step")),
    Shown("signs", mark_signs),
    Shown("signs-es", mark_signs, language="es"),
    Shown("scale", scale),
    Shown("scale-dark", scale, DESKTOP, scheme="dark"),
    Shown("alarm-es", say("emergency"), language="es"),
    Shown("staff", staff),
    Shown("staff-es", staff, language="es"),
    Shown("severe", say("nine signs")),
)


def main() -> None:
    """Take them all, or those whose name begins with the word that is given."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for folder in ("states", "shown"):
        (IMAGES / folder).mkdir(parents=True, exist_ok=True)
    server = fake_server(Path(tempfile.mkdtemp()))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM or shutil.which("chromium"), args=FLAGS)
            for name, take in all_states(server.url).items():
                if name.startswith(wanted):
                    picture(browser, name, take)
    finally:
        server.kill()


def all_states(url: str) -> dict[str, Callable[[Page], None]]:
    """What to do on a fresh page for each picture, by its name."""
    sizes = {f"states/{name_of(state)}": lambda page, state=state: reach_size(page, state, url) for state in STATES}
    shown = {f"shown/{one.name}": lambda page, one=one: reach_shown(page, one, url) for one in SHOWN}
    return {**sizes, **shown}


def name_of(state: State) -> str:
    """The state in a file name."""
    return str(state).replace(" %", "").replace(" ", "-")


def reach_size(page: Page, state: State, url: str) -> None:
    """As tests/web/test_room.py reaches it."""
    page.add_init_script(KEYBOARD)
    page.set_viewport_size({"width": state.width, "height": state.height})
    person = Person(page).visit(f"{url}/?lang=en")
    page.locator("spineline-chat .frame").evaluate(f"(frame) => {{ frame.style.fontSize = '{state.em}px' }}")
    person.begin().say("emergency" if state.alarm else "workout_mistakes")
    person.log.locator(".said:not(.you)").nth(1).wait_for()
    if state.keyboard:
        page.evaluate("keyboard(0.5)")


def reach_shown(page: Page, one: Shown, url: str) -> None:
    """By what somebody does."""
    page.set_viewport_size({"width": one.size[0], "height": one.size[1]})
    page.emulate_media(color_scheme="dark" if one.scheme == "dark" else "light", reduced_motion="reduce")
    one.reach(Person(page).visit(f"{url}/?lang={one.language}"))
    page.locator("spineline-chat .typing").wait_for(state="detached")


def picture(browser: Browser, name: str, take: Callable[[Page], None]) -> None:
    """One state on a page of its own."""
    page = browser.new_page()
    take(page)
    page.wait_for_timeout(300)
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=60)
    page.close()


if __name__ == "__main__":
    main()
