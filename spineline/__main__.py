"""`python -m spineline serve | chat | train | check`: what the Makefile calls."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable

from spineline.errors import SpinelineError


def main() -> int:
    """Run one command; errors made on purpose are printed without a stack trace."""
    parser = argparse.ArgumentParser(prog="python -m spineline", description=__doc__)
    parser.add_argument("command", choices=_COMMANDS)
    command = _COMMANDS[parser.parse_args().command]
    _quiet()
    try:
        command()
    except SpinelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _quiet() -> None:
    """No reports to Rasa's makers, and no noise of libraries over our own words."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.simplefilter("ignore")
    logging.captureWarnings(True)  # some libraries switch warnings on again
    logging.getLogger("py.warnings").disabled = True


def _serve() -> None:
    from spineline.server.run import serve
    from spineline.settings import read_settings

    serve(read_settings(os.environ))


def _chat() -> None:
    from spineline.server.terminal import chat
    from spineline.settings import read_settings

    chat(read_settings(os.environ))


def _train() -> None:
    from spineline.server.training import train
    from spineline.settings import read_settings

    train(read_settings(os.environ).model)


def _review() -> None:
    from pathlib import Path

    from spineline.review import write_review
    from spineline.settings import read_settings

    print(write_review(Path("review.html"), read_settings(os.environ).clinic))


def _check() -> None:
    from spineline.check import check_everything

    print(check_everything())


_COMMANDS: dict[str, Callable[[], None]] = {
    "serve": _serve,
    "chat": _chat,
    "train": _train,
    "check": _check,
    "review": _review,
}

if __name__ == "__main__":
    sys.exit(main())
