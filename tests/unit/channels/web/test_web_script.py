"""The chat's script in its own language: unit tests, types, lint. Skipped where there is no node: .ci/run has it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from spineline.channels.web.script import join_script
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT
from spineline.environment import current_content

WEB = ROOT / "web"
TOOLS = WEB / "node_modules" / ".bin"
TESTS = sorted(str(path) for path in (ROOT / "tests" / "web" / "script").glob("*.test.js"))
LEAST_NODE = 20  # has a test runner of its own, and what ESLint needs


def new_enough_node() -> str | None:
    """Where node is, if it can run the tests."""
    node = shutil.which("node")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    return node if said and int(said.lstrip("v").split(".")[0]) >= LEAST_NODE else None


NODE = new_enough_node()
needs_node = pytest.mark.skipif(not NODE, reason=f"There is no node {LEAST_NODE} here: the script is not tested.")
needs_tools = pytest.mark.skipif(
    not (NODE and TOOLS.is_dir()), reason="The tools that read the script are not installed: npm ci --prefix web."
)


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]


@needs_node
@pytest.mark.parametrize("path", TESTS, ids=lambda path: Path(path).name)
def test_the_scripts_own_tests_pass(path: str) -> None:
    run(str(NODE), "--test", path)


def test_the_script_has_tests_of_its_own() -> None:
    assert len(TESTS) >= 2


@needs_node
def test_the_joined_script_is_a_classic_script(tmp_path: Path) -> None:
    path = tmp_path / "spineline.cjs"
    path.write_text(join_script(WEB / "chat", load_widget(ROOT, current_content()).profile()), encoding="utf-8")
    run(str(NODE), "--check", str(path))


@needs_tools
def test_the_types_of_the_script_fit() -> None:
    run(str(TOOLS / "tsc"))


@needs_tools
def test_the_linter_finds_nothing_in_the_script() -> None:
    run(str(TOOLS / "eslint"), "--max-warnings", "0", ".")


def test_the_locked_tools_name_no_address() -> None:
    """As with the Python requirements (decision 5): an address of somebody's mirror would break every other machine."""
    lock = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert json.loads(lock)["packages"][""]["devDependencies"].keys() == {"@eslint/js", "eslint", "typescript"}
