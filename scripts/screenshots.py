"""Take the pictures of docs/images/ from a running server: `make run`, then `.venv/bin/python scripts/screenshots.py`.

They show the real product with the trained model; the words typed here are the only thing that is made up.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1200, "height": 780}
SHOTS = {
    "phone": (PHONE, "en", "how do i do a hamstring stretch"),
    "desktop": (DESKTOP, "en", "are crunches rough on the spine"),
    "spanish": (PHONE, "es", "¿cómo hago giros de tronco?"),
    "emergency": (PHONE, "en", "my groin went numb and i lost control of my bladder"),
}


def main() -> None:
    """Take every picture; the address of the server may be given."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5005"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, language, question) in SHOTS.items():
            page = browser.new_page(viewport=size, color_scheme="light", reduced_motion="reduce")
            page.goto(f"{address}/?lang={language}")
            converse(page, question)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


def converse(page: Page, question: str) -> None:
    """Start, ask, and wait for the answer."""
    page.locator("spineline-chat .launcher").click()
    page.get_by_role("button", name=re.compile("^(Start|Empezar)$")).click()
    page.get_by_role("textbox").fill(question)
    page.get_by_role("textbox").press("Enter")
    page.locator("spineline-chat .said:not(.you)").nth(1).wait_for(timeout=20_000)
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
