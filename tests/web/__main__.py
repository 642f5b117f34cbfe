"""`make prove-engines`: all screens of the list, and fifty times of all that can lose a message, in Firefox and WebKit.
Writes benchmarks/results/engines.json.

python -m tests.web [firefox webkit]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from browsers import NEEDS, browser, missing  # noqa: E402

from benchmarks.machine import write_result  # noqa: E402
from tests.web.conftest import Server, fake_server  # noqa: E402
from tests.web.engines import SIZES, all_out_of_reach, all_wrong, back_and_forward, disconnects, reloads  # noqa: E402
from tests.web.proxy import Proxy  # noqa: E402
from tests.web.reached import REACHED  # noqa: E402
from tests.web.seen import STATES  # noqa: E402
from tests.web.visitor import Visitor  # noqa: E402

_TIMES = 50


def _proved(name: str, server: Server) -> dict[str, Any]:
    """All of it in one browser."""
    proxy = Proxy(server.port)
    found: dict[str, Any] = {}
    for scheme in ("light", "dark"):
        with browser(name, is_dark=scheme == "dark") as opened:
            visitor = Visitor(opened, server)
            found[f"out of reach, {scheme}"] = all_out_of_reach(visitor, STATES)
            found[f"wrong, {scheme}"] = all_wrong(visitor)
    with browser(name) as opened:
        visitor = Visitor(opened, server)
        found["version"] = visitor.browser.run("() => navigator.userAgent")
        found["back and forward"] = back_and_forward(visitor, _TIMES)
        found["from the browser's cache"] = visitor.browser.run("() => Number(sessionStorage.kept)")
        found["reloads"] = reloads(visitor, _TIMES)
        found["disconnects"] = disconnects(visitor, proxy, _TIMES)
    proxy.close()
    return found


def main(*names: str) -> int:
    """How much was wrong."""
    if lacking := [missing(name) for name in names or NEEDS if missing(name)]:
        print("\n".join(lacking))
        return 1
    with tempfile.TemporaryDirectory() as folder:
        server = fake_server(Path(folder))
        try:
            found = {name: _proved(name, server) for name in names or NEEDS}
        finally:
            server.kill()
    for name, one in found.items():
        print(f"{name}: {one}", flush=True)
    write_result(
        "engines", {"screens": len(STATES), "states": len(REACHED) * len(SIZES), "times": _TIMES, "browsers": found}
    )
    return sum(map(_faults, found.values()))


def _faults(found: dict[str, Any]) -> int:
    counted = sum(sum(one.values()) for one in found.values() if isinstance(one, dict) and "lost" in one)
    return counted + sum(len(one) for name, one in found.items() if name.startswith(("out of reach", "wrong")))


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])))
