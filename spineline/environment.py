"""The environment of this process, and the file `.env` in its working directory. No other module reads either."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spineline.env_file import read_env_file
from spineline.settings import Settings, read_settings

if TYPE_CHECKING:
    from spineline.content.library import Content

ENV_FILE = Path(".env")
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


@lru_cache(maxsize=1)
def settings_of_environment() -> Settings:
    """The settings of this process, read once.

    `python -m spineline` calls it and passes them on; so do the parts that Rasa itself makes (`rasa run`, `rasa run
    actions`), because nobody can pass them anything.
    """
    return read_settings(os.environ, read_env_file(ENV_FILE))


@lru_cache(maxsize=1)
def current_content() -> Content:
    """The content of the clinic that CLINIC names, read once: for parts that Rasa makes, which are passed none."""
    from spineline.content.library import ROOT, load_content  # loads numpy, which `calm_libraries` must come before

    return load_content(ROOT, settings_of_environment().clinic)


def calm_libraries() -> None:
    """What libraries read from the environment when they are loaded: no reports to Rasa's makers, little noise."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for threads in _THREADS:
        os.environ.setdefault(threads, "1")  # a second thread only waits, and burns as much time as the first
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")


def has_threads(count: int) -> bool:
    """Whether numpy computes with this many threads anyway."""
    return os.environ.get(_THREADS[0]) == str(count)
