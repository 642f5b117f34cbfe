"""Take a picture of every state of the chat window: `.venv/bin/python scripts/picture_states.py`, a few minutes.

The pages and the window are the real ones; a stand-in answers (tests/web/fake_server.py), so that every state comes by
one word. The pictures go to docs/images/states/, and docs/states.md lists them. With the beginning of a name only those
are taken.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from scripts.small_png import write_small  # noqa: E402
from spineline.channels.web.chats import MOST_UNANSWERED  # noqa: E402
from tests.web.conftest import CHROMIUM, FLAGS, Server, fake_server  # noqa: E402
from tests.web.person import Person  # noqa: E402
from tests.web.seen import KEYBOARD  # noqa: E402
from tests.web.test_cards import EARS  # noqa: E402

PICTURES, PAGE = ROOT / "docs" / "images" / "states", ROOT / "docs" / "states.md"
PHONE, DESKTOP = (390, 664), (1280, 800)
NOW = datetime(2026, 3, 2, 15, 40, tzinfo=timezone.utc)  # every picture is taken at this time
PRINTED = "/cards/"  # pages without the chat
LETTERS = """;addEventListener('DOMContentLoaded', () => {
  document.documentElement.style.setProperty('--spineline-font', '"Liberation Sans"');
  document.body.style.fontFamily = '"Liberation Sans"';
});"""
Reach = Callable[[Person], object]


@dataclass(frozen=True)
class Shown:
    """One state.

    Args:
        name: of the picture.
        says: what it shows, for the list.
        reach: what a person does on the page.
        script: what runs before the page does.
        waits: how many answers the server holds back; they are let go afterwards.
        share: how much of the screen is left above the keyboard.
    """

    name: str
    says: str
    reach: Reach
    size: tuple[int, int] = PHONE
    language: str = "en"
    scheme: str = "light"
    address: str = "/"
    script: str = ""
    waits: int = 0
    share: float = 1


def chat(person: Person, selector: str) -> None:
    """Press the first thing of the chat that is such."""
    person.page.locator(f"spineline-chat {selector}").first.click()


def say(*words: str) -> Reach:
    """After Start somebody says this, one after the other."""

    def reach(person: Person) -> None:
        person.begin()
        for number, one in enumerate(words):
            person.say(one)
            person.log.locator(".said:not(.you)").nth(number + 1).wait_for()
        settle(person.page)

    return reach


def then(reach: Reach, *selectors: str) -> Reach:
    """And then they press these."""

    def both(person: Person) -> None:
        reach(person)
        for selector in selectors:
            chat(person, selector)

    return both


def settle(page: Page) -> None:
    """Nothing is on its way."""
    page.locator("spineline-chat .typing").wait_for(state="detached")
    page.wait_for_timeout(150)


def later(person: Person, **time: float) -> None:
    """It is that much later."""
    person.page.clock.set_fixed_time(NOW + timedelta(**time))
    person.page.wait_for_timeout(400)


def with_text(em: int, reach: Reach) -> Reach:
    """With larger text, as a device sets it."""

    def larger(person: Person) -> None:
        frame = person.page.locator("spineline-chat .frame")
        frame.evaluate(f"(frame) => {{ frame.style.fontSize = '{em}px' }}")
        reach(person)

    return larger


def with_keyboard(reach: Reach) -> Reach:
    """With the lower half of the screen covered."""

    def covered(person: Person) -> None:
        reach(person)
        person.page.evaluate("keyboard(0.5)")

    return covered


def closed_with(words: str) -> Reach:
    """The window is closed after that was said."""

    def reach(person: Person) -> None:
        say(words)(person)
        person.button("Close the chat").click()

    return reach


def unread(person: Person) -> None:
    """An answer comes after the window was closed."""
    person.begin().say("slow answer")
    person.page.locator("spineline-chat .typing").wait_for()
    person.button("Close the chat").click()
    person.page.evaluate("fetch('/test/go', { method: 'POST' })")
    person.page.locator("spineline-chat .badge").wait_for()


def blocked(address: str, reach: Reach, *, code: str = "") -> Reach:
    """What is at that address does not come, or is refused with a code."""

    def answer(route: Route) -> None:
        if code:
            route.fulfill(status=403, json={"error": {"code": code, "reason": code}})
        else:
            route.abort()

    def cut_off(person: Person) -> None:
        person.page.route(address, answer)
        reach(person)

    return cut_off


def offline(*words: str) -> Reach:
    """The connection is lost, and then somebody says this."""

    def reach(person: Person) -> None:
        say(MISTAKES)(person)
        person.page.context.set_offline(True)
        for one in words:
            person.say(one)
        person.page.locator("spineline-chat .lost").wait_for()

    return reach


def late(person: Person) -> None:
    """No answer for a while."""
    person.page.clock.install(time=NOW)
    person.begin().say(SLOW)
    person.page.locator("spineline-chat .typing").wait_for()
    person.page.clock.run_for(16_000)


def too_fast(person: Person) -> None:
    """More messages than wait at once."""
    person.begin().say(SLOW)
    for number in range(MOST_UNANSWERED):
        person.say(f"and question {number + 1}")
    person.log.get_by_text("That was too fast").wait_for()


def too_long(person: Person) -> None:
    """More than a message may have."""
    person.begin().say("my back hurts after training " * 400)


def over(person: Person) -> None:
    """The server does not know the session any more."""
    say(MISTAKES)(person)
    person.page.goto(person.page.url.split("/?")[0] + "/pages/empty.html")
    person.page.evaluate(
        """() => Object.keys(sessionStorage).forEach((name) => {
          const kept = JSON.parse(sessionStorage[name]);
          sessionStorage[name] = JSON.stringify({ ...kept, session: 'x', open: false });
        })"""
    )
    person.visit("/?lang=en").open()
    person.page.locator("spineline-chat .status").get_by_text("over").wait_for()


def hidden(person: Person) -> None:
    """Nobody was here for half an hour."""
    say(NUMB)(person)
    later(person, minutes=31)
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def time_of(reach: Reach, **time: float) -> Reach:
    """After the timer was started, that much later."""

    def run(person: Person) -> None:
        then(reach, ".timer button")(person)
        later(person, **time)

    return run


def photo(person: Person) -> None:
    """Somebody drops a photo onto the chat."""
    say(MISTAKES)(person)
    person.input.evaluate(
        """(one) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x'], 'back.jpg', { type: 'image/jpeg' }));
          one.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, composed: true }));
        }"""
    )


def alone(person: Person) -> None:
    """On a page that is the chat."""
    person.start().say(STRETCH)
    person.log.locator("img").wait_for()


def look(_: Person) -> None:
    """A page as it comes."""


NUMB = "numb between my legs since this morning"
MISTAKES, STRETCH = "What are common workout mistakes?", "How do I do a hamstring stretch?"
NUMB_ES = "no siento la entrepierna desde la mañana"
SLOW = "slow reps or fast reps?"
SCALE = then(say("my pain"), ".form [data-act=choose] >> nth=-1")
TICKS = (".tick >> nth=0", ".tick >> nth=2")
MENU = "[data-act=menu]"

LIGHT = (
    Shown("closed", "The launcher on a page", look),
    Shown("closed-unread", "An answer came after the window was closed", unread),
    Shown("closed-alarm", "An alarm is open behind the launcher", closed_with(NUMB)),
    Shown("closed-away", "The window could not be fetched", blocked("**/parts/window.js*", Person.open)),
    Shown(
        "greet",
        "A word beside the launcher",
        lambda p: p.button("No, thank you").wait_for(),
        address="/pages/greet.html",
    ),
    Shown("notice", "Before Start: what this is and what is kept", Person.open),
    Shown("begun", "After Start", Person.begin),
    Shown("menu", "The options", lambda p: p.begin().menu()),
    Shown("answer", "An answer with its quick replies", say(MISTAKES)),
    Shown("answer-sources", "Where it comes from", then(say(MISTAKES), "details:not(.safety) summary")),
    Shown("exercise", "An exercise with its drawing", say(STRETCH)),
    Shown("exercise-no-drawing", "The drawing did not come", blocked("**/drawings/*", say(STRETCH))),
    Shown("routine", "A routine as a list", say("the routine whole")),
    Shown("routine-block", "One block of a routine with its timer", say("my routine step by step")),
    Shown("contact", "Where the clinic is", say("How do I contact you?")),
    Shown("signs-marked", "Two of them are marked", then(say("my pain"), *TICKS)),
    Shown("scale-marked", "A number is marked", then(SCALE, ".scale .tick >> nth=6")),
    Shown("soon-signs", "Whom to call, and nine signs to choose from", say("nine signs")),
    Shown("alarm", "An alarm", say(NUMB)),
    Shown("alarm-closed", "The person said that they are getting help", then(say(NUMB), ".choices button")),
    Shown("crisis", "Thoughts of suicide", say("crisis")),
    Shown("staff", "What is held out to the staff", then(say(NUMB), "[data-act=staff]")),
    Shown("staff-unnamed", "The same when no sign is named", then(say("emergency"), "[data-act=staff]")),
    Shown("typing", "The answer is on its way", lambda p: p.begin().say(SLOW), waits=1),
    Shown("late", "The answer takes longer", late, waits=1),
    Shown("lost-waiting", "A message waits for the connection", offline("is a plank safe?")),
    Shown("busy", "Too many messages at once", too_fast, waits=1),
    Shown("too-long", "A message that is too long", too_long),
    Shown("over", "The session has ended", over),
    Shown(
        "not-allowed",
        "A website that may not use the chat",
        blocked("**/web/session", lambda p: p.open() and chat(p, "[data-act=start]"), code="origin"),
    ),
    Shown("photo", "A photo is refused", photo),
    Shown("hidden", "Nobody was here for half an hour; an alarm is open", hidden),
    Shown("delete", "Delete my data?", then(say(MISTAKES), MENU, "[data-act=delete]")),
    Shown(
        "not-deleted",
        "It could not be deleted",
        blocked("**/web/delete", then(say(MISTAKES), MENU, "[data-act=delete]", "[data-act=yes]")),
    ),
    Shown("microphone", "Before the microphone is used", then(say(MISTAKES), "[data-act=listen]"), script=EARS),
    Shown(
        "listening",
        "The microphone is on",
        then(say(MISTAKES), "[data-act=listen]", "[data-act=yes]"),
        script=EARS.replace("setTimeout", "void"),
    ),
    Shown("keyboard", "An alarm above the keyboard", with_keyboard(say(NUMB)), script=KEYBOARD, share=0.5),
    Shown("large-text-alarm", "An alarm with text at 200 %", with_text(32, say(NUMB))),
    Shown("small-alarm", "An alarm on a small phone", say(NUMB), (320, 568)),
    Shown("turned-alarm", "An alarm on its side", say(NUMB), (667, 375)),
    Shown("tiny", "The smallest screen", say(NUMB), (320, 256)),
    Shown("desktop", "A desktop", say(MISTAKES), DESKTOP),
    Shown("desktop-alarm", "An alarm on a desktop", say(NUMB), DESKTOP),
    Shown("alone", "The chat on a page of its own", alone, DESKTOP, address="/chat"),
    Shown("page-card", "A page of an answer", look, address="/cards/plank/how"),
)
DARK = "closed-alarm notice answer exercise signs-marked scale-marked soon-signs alarm lost-waiting".split()
SPANISH = (
    Shown("notice-es", "Before Start, in Spanish", Person.open),
    Shown("menu-es", "The options in Spanish", lambda p: p.begin().menu()),
    Shown("signs-es", "A question with several answers, in Spanish", then(say("my pain"), *TICKS)),
    Shown("alarm-es", "An alarm in Spanish", say(NUMB_ES)),
    Shown("staff-es", "For the staff, in both languages", then(say(NUMB_ES), "[data-act=staff]")),
)
SHOWN = (
    *LIGHT,
    *(
        replace(one, name=f"{one.name}-dark", says=f"{one.says}; dark", scheme="dark")
        for one in LIGHT
        if one.name in DARK
    ),
    *(replace(one, language="es") for one in SPANISH),
)
INTRO = f"""# The states of the chat, as pictures

`.venv/bin/python scripts/picture_states.py` makes these pictures and this page. The pages and the window are the real
ones; the answers come from a stand-in that knows a few words (`tests/web/fake_server.py`). Nothing here is measured.

Made in Debian's Chromium, on a phone of {PHONE[0]}x{PHONE[1]} where nothing else is said, in Liberation Sans, as wide
as the letters of most phones. The states were looked at in light, most in dark too; some dark ones are kept.
23 of them are tried in Firefox and WebKit too, without pictures: [website](website.md#browsers). Not tried: a real
iPhone, a screen reader.

| state | what it shows |
|---|---|
"""


def main() -> None:
    """Take what is asked for."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    PICTURES.mkdir(parents=True, exist_ok=True)
    server = fake_server(Path(tempfile.mkdtemp()))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            desk = browser.new_page()
            for one in SHOWN:
                if one.name.startswith(wanted):
                    write_small(desk, picture(browser, one, server), PICTURES / f"{one.name}.png")
    finally:
        server.kill()
    PAGE.write_text(INTRO + "".join(row(one) for one in SHOWN), encoding="utf-8")


def row(one: Shown) -> str:
    """One line of the list."""
    size = "" if one.size == PHONE else f"; {one.size[0]}x{one.size[1]}"
    return f"| [{one.name}](images/states/{one.name}.png) | {one.says}{size} |\n"


def picture(browser: Browser, one: Shown, server: Server) -> bytes:
    """One state on a page of its own."""
    context = browser.new_context(
        viewport={"width": one.size[0], "height": one.size[1]},
        color_scheme="dark" if one.scheme == "dark" else "light",
        reduced_motion="reduce",
        timezone_id="America/Los_Angeles",
        permissions=["clipboard-read", "clipboard-write"],
        base_url=server.url,
    )
    page = context.new_page()
    page.add_init_script(one.script + LETTERS)
    page.clock.set_fixed_time(NOW)
    person = Person(page)
    page.goto(f"{one.address}?lang={one.language}")
    if not one.address.startswith(PRINTED):
        page.wait_for_selector("spineline-chat .frame", state="attached")
    one.reach(person)
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": one.size[0], "height": one.size[1] * one.share})
    for _ in range(one.waits):
        server.go_on()
    context.close()
    return taken


if __name__ == "__main__":
    main()
