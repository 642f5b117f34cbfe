"""Lets Rasa be imported without packages that it imports, but that nothing of ours uses: above all TensorFlow.

`scripts/install.sh` copies this file into the environment, where a .pth line calls `install` whenever Python starts, so
that the plain `rasa` command has it as well. So it imports nothing of ours. What is really installed always comes
first: after `make stock-rasa` nothing here is ever asked. docs/decisions/0011-without-tensorflow.md says why.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

PACKAGES = (
    "tensorflow keras matplotlib aiogram boto3 botocore fbmessenger google pymongo slack_sdk webexteamssdk".split()
)
# Rasa names them in `except`, where only classes of exceptions may stand.
_ENDS_OF_EXCEPTIONS = ("Error", "Exception", "Failure")


class NotInstalledError(RuntimeError):
    """Something of a package was used that is not installed. No ImportError: Rasa catches those to do without."""


class _Name(type):
    """The type of names: they can be imported, inherited from and asked for further names. All other use fails."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") or "stands_for" not in vars(cls):  # what inherits from a name has its own names only
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")
        return _name(f"{vars(cls)['stands_for']}.{name}")

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        _refuse(cls)

    def __getitem__(cls, _: Any) -> NoReturn:
        _refuse(cls)

    def __iter__(cls) -> NoReturn:
        _refuse(cls)


class _StandIn(ModuleType):
    """A module in which every name exists."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        return _name(f"{self.__name__}.{name}")


class _Imports(MetaPathFinder, Loader):
    """Answers the imports that nobody else could, of the packages above, by Rasa.

    Other libraries (thinc, for one) try to import TensorFlow and rightly do without it when that fails.
    """

    def find_spec(self, name: str, _: Sequence[str] | None, __: ModuleType | None = None) -> ModuleSpec | None:
        package, _dot, rest = name.partition(".")
        if package not in PACKAGES or _importer() != "rasa":
            return None
        if rest and not isinstance(sys.modules.get(name.rpartition(".")[0]), _StandIn):
            return None  # the package is there; what it lacks, it lacks
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """From now on Rasa's imports succeed; the last in the line, so that what is installed is found first."""
    if not any(isinstance(finder, _Imports) for finder in sys.meta_path):
        sys.meta_path.append(_Imports())


def _name(path: str) -> _Name:
    last = path.rpartition(".")[2]
    return _Name(last, (Exception if last.endswith(_ENDS_OF_EXCEPTIONS) else object,), {"stands_for": path})


def _refuse(used: _Name) -> NoReturn:
    path: str = used.stands_for
    package = path.partition(".")[0]
    who = path if "stands_for" in vars(used) else f"{used.__module__}.{used.__name__}"
    raise NotInstalledError(
        f"{who} cannot be used: Spineline works without {package}, which is not installed. "
        "`make stock-rasa` installs everything that stock Rasa can use."
    )


def _importer() -> str:
    """The package of the module that imports."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").startswith((__name__, "importlib")):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
