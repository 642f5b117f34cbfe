"""Work counted instead of timed: the lines of Python that run are the same on every machine, busy or not."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(run: Callable[[], Any]) -> int:
    """How many lines of Python run, loops and comprehensions included. What a C function does is not seen.

    The garbage collector rests meanwhile: its callbacks (hypothesis has one) are lines too.
    """
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before, was_collecting = sys.gettrace(), gc.isenabled()
    gc.disable()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
        if was_collecting:
            gc.enable()
    return count
