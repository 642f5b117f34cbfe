"""What stands in for packages that Rasa imports and nobody uses: importable, nameable, and of no use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spineline.engine.no_tensorflow import PACKAGES

SOURCE = Path(__file__).parents[3] / "spineline/engine/no_tensorflow.py"
COMMAND = "make stock-rasa"
each_package = pytest.mark.parametrize("package", PACKAGES)


def run(folder: Path, code: str, module: str = "rasa.somewhere") -> subprocess.CompletedProcess[str]:
    """Run code as if it stood in a module, in a Python that has the stand-in and no packages but those in `folder`."""
    (folder / "stand_in.py").write_bytes(SOURCE.read_bytes())
    whole = f"import stand_in; stand_in.install(); exec({code!r}, {{'__name__': {module!r}}})"
    return subprocess.run([sys.executable, "-S", "-c", whole], cwd=folder, capture_output=True, text=True)


def fault(folder: Path, code: str, module: str = "rasa.somewhere") -> str:
    """The last line of the error that the code ends with."""
    done = run(folder, code, module)
    assert done.returncode == 1, done.stdout
    return done.stderr.strip().splitlines()[-1]


@each_package
def test_rasa_can_import_it_and_every_name_in_it(tmp_path: Path, package: str) -> None:
    code = f"import {package}.some.module as m; from {package} import Name; from {package}.other import thing; m.Name.x"
    assert run(tmp_path, code).stderr == ""


@each_package
def test_nobody_else_can(tmp_path: Path, package: str) -> None:
    seen_before = f"exec('import {package}', {{'__name__': 'rasa.x'}})\n"
    for code in (f"import {package}", f"{seen_before}import {package}.some.module"):
        assert "ModuleNotFoundError" in fault(tmp_path, code, "thinc.compat")


def test_nothing_else_is_made_up(tmp_path: Path) -> None:
    assert "ModuleNotFoundError" in fault(tmp_path, "import transformers")


def test_a_class_can_inherit_from_it_and_types_can_name_it(tmp_path: Path) -> None:
    code = """
import typing
import tensorflow as tf

class Layer(tf.keras.layers.Layer):
    def call(self, x: typing.Union[tf.Tensor, None, "tf.SparseTensor"]) -> typing.List[tf.Tensor]: ...

typing.get_type_hints(Layer.call)
assert not isinstance(1, tf.Tensor)
assert not hasattr(Layer, "missing")
"""
    assert run(tmp_path, code).stderr == ""


@pytest.mark.parametrize(
    "use",
    [
        "tensorflow.constant(1)",
        "tensorflow.keras.layers.Dense(units=3)",
        "tensorflow.types[0]",
        "list(tensorflow.names)",
        "type('Mine', (tensorflow.keras.Model,), {})()",
    ],
)
def test_any_use_says_which_command_installs_the_real_one(tmp_path: Path, use: str) -> None:
    said = fault(tmp_path, f"import tensorflow\n{use}")
    assert "NotInstalledError" in said
    assert "works without tensorflow" in said
    assert COMMAND in said


def test_use_is_not_taken_for_a_failed_import(tmp_path: Path) -> None:
    code = "import tensorflow\ntry: tensorflow.constant(1)\nexcept ImportError: pass"
    assert "NotInstalledError" in fault(tmp_path, code)


def test_rasa_can_name_its_exceptions_while_another_is_on_its_way(tmp_path: Path) -> None:
    code = """
from botocore.exceptions import BotoCoreError
import pymongo.errors
try: 1 / 0
except (BotoCoreError, pymongo.errors.ConnectionFailure, pymongo.errors.OperationFailure): pass
"""
    assert "ZeroDivisionError" in fault(tmp_path, code)


def test_what_is_installed_comes_first(tmp_path: Path) -> None:
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib/__init__.py").write_text("real = 1\n")
    assert run(tmp_path, "import matplotlib; assert matplotlib.real + 1 == 2").stderr == ""
    assert "ModuleNotFoundError" in fault(tmp_path, "import matplotlib.missing")


def test_it_needs_nothing_of_ours() -> None:
    source = SOURCE.read_text(encoding="utf8")
    assert "import spineline" not in source
    assert "from spineline" not in source
