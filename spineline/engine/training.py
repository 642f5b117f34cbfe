"""Trains the model and shows how far it is."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from spineline.content.asked import load_asked
from spineline.content.cards import load_cards
from spineline.content.check import check_everything
from spineline.content.danger_said import load_danger_said
from spineline.content.library import ROOT
from spineline.errors import ConfigError
from spineline.settings import MODEL_SUFFIX, Settings

# A change in one of these makes a model old.
TAUGHT = (
    "data",
    "content",
    "config.yml",
    "domain.yml",
    "spineline/nlu",
    "spineline/text/letters.py",
    "spineline/text/language.py",
    "spineline/content/questions.py",
)


def train(settings: Settings) -> None:
    """Train the model at MODEL when something it is taught is newer; the content is checked first.

    Rasa skips the parts that have not changed.
    """
    model = settings.model
    if is_fresh(model, ROOT):
        return
    _say(check_everything())
    check_sentences(ROOT)
    _say("Training; this takes about twelve minutes the first time ...")
    started = time.monotonic()
    _show_steps()
    import rasa

    result = rasa.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "data")],
        output=str(model.parent),
        fixed_model_name=model.name.removesuffix(MODEL_SUFFIX),
    )
    if result.code or not result.model:
        raise ConfigError([f"Training ended with code {result.code}: see the messages above."])
    Path(result.model).touch()
    _say(f"The model is ready after {time.monotonic() - started:.0f} s: {result.model}")


def check_sentences(root: Path) -> None:
    """What the components will read; ContentError lists what is wrong there, without Rasa's own two pages around it."""
    load_asked(root / "data/answers", load_cards(root / "content/cards"))
    load_danger_said(root / "data/danger", root / "content/red_flags.yml")


def is_fresh(model: Path, root: Path) -> bool:
    """Whether the model is there and nothing that it is taught has changed since."""
    if not model.is_file():
        return False
    made = model.stat().st_mtime
    return all(changed <= made for name in TAUGHT for changed in _changes(root / name))


def _changes(path: Path) -> Iterator[float]:
    if not path.is_dir():
        yield path.stat().st_mtime
    for folder, inner, files in os.walk(path):
        inner[:] = [name for name in inner if name != "__pycache__"]
        yield from (os.stat(os.path.join(folder, name)).st_mtime for name in files)


def _show_steps() -> None:
    """Print the steps that Rasa logs, and nothing else of it."""
    import structlog

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("  %(message)s"))
    steps = logging.getLogger("rasa.engine.training.hooks")
    steps.addHandler(handler)
    steps.setLevel(logging.INFO)
    steps.propagate = False
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
