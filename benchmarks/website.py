"""How heavy and how quick the website's script is, in Debian's Chromium. Writes benchmarks/results/website.json."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_result  # noqa: E402

PORT = "5808"
URL = f"http://127.0.0.1:{PORT}"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
READY = """() => new Promise((done) => {
  const script = document.createElement('script');
  script.src = '/spineline.js';
  script.onload = () => {
    document.querySelector('spineline-chat').shadowRoot.querySelector('button').getBoundingClientRect();
    const { responseEnd } = performance.getEntriesByType('resource').filter((e) => e.name.endsWith('.js')).pop();
    done(performance.now() - responseEnd);
  };
  document.body.append(script);
})"""


def gzip_bytes() -> int:
    request = urllib.request.Request(f"{URL}/spineline.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        return len(answer.read())


def launcher_ms(page: Page) -> float:
    page.route("**/blank", lambda route: route.fulfill(body="<!doctype html><body></body>", content_type="text/html"))
    page.goto(f"{URL}/blank")
    return float(page.evaluate(READY))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PORT": PORT, "DATA_DIR": folder}
        command = [sys.executable, "-W", "ignore", "-m", "spineline", "serve"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            next(line for line in server.stdout if "is ready" in line)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                page = browser.new_page()
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
                waits = sorted(launcher_ms(page) for _ in range(9))
                browser.close()
            numbers = {
                "script_gzip_bytes": gzip_bytes(),
                "launcher_ms_at_4x_throttle": {"median": round(median(waits), 1), "range": [waits[0], waits[-1]]},
            }
        finally:
            server.terminate()
            server.wait()
    print(numbers)
    print(f"Written to {write_result('website', numbers)}")


if __name__ == "__main__":
    main()
