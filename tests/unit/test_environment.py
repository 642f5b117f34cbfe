"""numpy asks for its number of threads when it is loaded, so that whoever sets the number must come first."""

from __future__ import annotations

import os
import subprocess
import sys

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
_AT_LOADING = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(*(os.environ.get(threads) for threads in {threads}))
sys.meta_path.insert(0, Watch())
import spineline.__main__ as command
command._quiet()
from spineline.server import run
from spineline.engine import rasa_run
"""


def test_the_threads_are_set_when_numpy_is_loaded() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _THREADS}
    script = _AT_LOADING.format(threads=_THREADS)
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=environment, capture_output=True, text=True
    )
    assert said.stdout.split() == ["1", "1"], said.stderr
