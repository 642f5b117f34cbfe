"""Trains the model and shows how far it is."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from spineline.content.check import check_everything
from spineline.content.library import ROOT
from spineline.errors import ConfigError


def train(model: Path) -> None:
    """Check the content, train, and put the model at `model`; Rasa skips what has not changed."""
    _say(check_everything())
    _say("Training; this takes about two minutes the first time ...")
    started = time.monotonic()
    _show_steps()
    import rasa

    result = rasa.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "data")],
        output=str(model.parent),
        fixed_model_name=model.name[: -len(".tar.gz")],
    )
    if result.code or not result.model:
        raise ConfigError([f"Training ended with code {result.code}: see the messages above."])
    Path(result.model).touch()
    _say(f"The model is ready after {time.monotonic() - started:.0f} s: {result.model}")


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
