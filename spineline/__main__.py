"""The commands: `python -m spineline serve | chat | train | check | review`, as the Makefile calls them, `export`
and `forget` for one session, `backup` and `restore` for one file, `register-telegram` and `check-telegram` for
a bot."""

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
    about = 'the whole name of a session, such as "rest:anna", for export and forget; a file for backup and restore'
    parser.add_argument("about", nargs="?", help=about)
    arguments = parser.parse_args()
    if (arguments.command in _ABOUT_ONE) != bool(arguments.about):
        parser.error(
            "export and forget need the name of a session, backup and restore a file; other commands take none"
        )
    _quiet()
    try:
        said = _run(arguments.command, arguments.about, settings_of_environment())
    except SpinelineError as error:
        print(error, file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


def _run(command: str, about: str | None, settings: Settings) -> str | None:
    if about:
        return _ABOUT_ONE[command](settings, about)
    return _COMMANDS[command](settings)


def _quiet() -> None:
    """No noise of libraries over our own words, and no search for garbage in all that stays."""
    gc.set_threshold(*_SELDOM)
    calm_libraries()
    warnings.simplefilter("ignore")
    logging.captureWarnings(True)  # some libraries switch warnings on again
    logging.getLogger("py.warnings").disabled = True


def _serve(settings: Settings) -> None:
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


def _backup(settings: Settings, file: str) -> str:
    from spineline.keep.backup import backup

    return f"{backup(settings, Path(file)):,} bytes are in {file}. They are health data: keep it as safe as DATA_DIR."


def _restore(settings: Settings, file: str) -> str:
    from spineline.keep.backup import restore

    restore(settings, Path(file))
    return f"{settings.data_dir} is as it was. What was deleted since then is there again: delete it once more."


# What a start makes stays; looking it through for garbage, again and again, is a sixth of a start.
_SELDOM = (50_000, 20, 100)
_ABOUT_ONE: dict[str, Callable[[Settings, str], str]] = {
    "export": _export,
    "forget": _forget,
    "backup": _backup,
    "restore": _restore,
}
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
