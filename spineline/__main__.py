"""`python -m spineline serve | chat | train | check`: what the Makefile calls; `export` and `forget` a session;
`register-telegram` and `check-telegram` for a bot."""

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
    parser.add_argument("command", choices=[*_COMMANDS, *_ABOUT_ONE])
    parser.add_argument("session", nargs="?", help='for export and forget: the whole name, such as "rest:anna"')
    arguments = parser.parse_args()
    if (arguments.command in _ABOUT_ONE) != bool(arguments.session):
        parser.error("export and forget need the name of a session; the other commands take none")
    _quiet()
    try:
        _run(arguments.command, arguments.session)
    except SpinelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(command: str, session: str | None) -> None:
    if session:
        _ABOUT_ONE[command](session)
    else:
        _COMMANDS[command]()


def _quiet() -> None:
    """No reports to Rasa's makers, and no noise of libraries over our own words."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # a second thread only waits, and burns as much time as the first
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
    from spineline.engine.training import train
    from spineline.settings import read_settings

    train(read_settings(os.environ).model)


def _review() -> None:
    from pathlib import Path

    from spineline.content.review import write_review
    from spineline.settings import read_settings

    print(write_review(Path("review.html"), read_settings(os.environ).clinic))


def _check() -> None:
    from spineline.content.check import check_everything

    print(check_everything())


def _register_telegram() -> None:
    from spineline.channels.telegram.setup import register
    from spineline.settings import read_settings

    print(register(read_settings(os.environ)))


def _check_telegram() -> None:
    from spineline.channels.telegram.setup import check
    from spineline.settings import read_settings

    print(check(read_settings(os.environ)))


def _export(session: str) -> None:
    from spineline.server.keeping import export
    from spineline.settings import read_settings

    print(export(session, read_settings(os.environ)))


def _forget(session: str) -> None:
    from spineline.server.keeping import forget
    from spineline.settings import read_settings

    print(f"{forget(session, read_settings(os.environ))} events of this session were deleted.")


_ABOUT_ONE: dict[str, Callable[[str], None]] = {"export": _export, "forget": _forget}
_COMMANDS: dict[str, Callable[[], None]] = {
    "serve": _serve,
    "chat": _chat,
    "train": _train,
    "check": _check,
    "review": _review,
    "register-telegram": _register_telegram,
    "check-telegram": _check_telegram,
}

if __name__ == "__main__":
    sys.exit(main())
