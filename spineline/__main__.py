"""The commands: `python -m spineline serve | chat | train | check | review`, as the Makefile calls them, `export`
and `forget` for one session, `register-telegram` and `check-telegram` for a bot."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from spineline.environment import calm_libraries, settings_of_environment
from spineline.errors import SpinelineError
from spineline.settings import Settings


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
        said = _run(arguments.command, arguments.session, settings_of_environment())
    except SpinelineError as error:
        print(error, file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


def _run(command: str, session: str | None, settings: Settings) -> str | None:
    if session:
        return _ABOUT_ONE[command](settings, session)
    return _COMMANDS[command](settings)


def _quiet() -> None:
    """No noise of libraries over our own words."""
    calm_libraries()
    warnings.simplefilter("ignore")
    logging.captureWarnings(True)  # some libraries switch warnings on again
    logging.getLogger("py.warnings").disabled = True


def _serve(settings: Settings) -> None:
    gc.set_threshold(*_SELDOM)
    from spineline.server.run import serve

    serve(settings)


def _chat(settings: Settings) -> None:
    from spineline.server.terminal import chat

    chat(settings)


def _train(settings: Settings) -> None:
    from spineline.engine.training import train

    train(settings)


def _review(settings: Settings) -> str:
    from spineline.content.review import write_review

    return str(write_review(Path("review.html"), settings.clinic))


def _check(_: Settings) -> str:
    from spineline.content.check import check_everything

    return check_everything()


def _register_telegram(settings: Settings) -> str:
    from spineline.channels.telegram.setup import register

    return register(settings)


def _check_telegram(settings: Settings) -> str:
    from spineline.channels.telegram.setup import check

    return check(settings)


def _export(settings: Settings, session: str) -> str:
    from spineline.server.keeping import export

    return export(session, settings)


def _forget(settings: Settings, session: str) -> str:
    from spineline.server.keeping import forget

    return f"{forget(session, settings)} events of this session were deleted."


# What a start makes stays; looking it through for garbage, again and again, is a sixth of a start.
_SELDOM = (50_000, 20, 100)
_ABOUT_ONE: dict[str, Callable[[Settings, str], str]] = {"export": _export, "forget": _forget}
_COMMANDS: dict[str, Callable[[Settings], str | None]] = {
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
