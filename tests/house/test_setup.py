"""What a newcomer's machine needs: Python 3.10 is found or asked for, packages are pinned, every target is there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from spineline.engine.no_tensorflow import PACKAGES

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-stock.lock")
TARGETS = ("run", "chat", "train", "check", "test", "evaluate", "review", "stock-rasa", "lock", "help")
# Names of places that packages come from; what a project file says must hold wherever they come from.
HOST = re.compile(
    r"\b(?:[\w-]+\.)*(?:py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|ana" + r"conda\.org)\b"
    r"|--(?:extra-)?index-url|--find-links\b"
)

each_lock = pytest.mark.parametrize("lock", LOCKS)


def find_python(script: Path = ROOT / "scripts/python310.sh", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [shutil.which("sh") or "/bin/sh", str(script)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def pins(lock: str) -> dict[str, str]:
    """Every pinned package and version of a lock file."""
    return dict(re.findall(r"^([\w.\[\],-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf8"), re.M))


def phony() -> set[str]:
    """Every target of the make file that is a command."""
    return set(re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf8"), re.M)[0].split())


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_python_3_10_is_found() -> None:
    done = find_python(**os.environ)
    assert done.returncode == 0, done.stderr
    version = subprocess.run([done.stdout.strip(), "--version"], capture_output=True, text=True)
    assert version.stdout.startswith("Python 3.10.")


def test_a_python_that_is_named_comes_first(tmp_path: Path) -> None:
    named = tmp_path / "my python"
    named.symlink_to(find_python(**os.environ).stdout.strip())
    assert find_python(PATH="", HOME=str(tmp_path), PYTHON310=str(named)).stdout.strip() == str(named)


def test_a_named_python_of_another_kind_is_passed_over(tmp_path: Path) -> None:
    wrong = tmp_path / "python"
    wrong.write_text("#!/bin/sh\nexit 1\n")
    wrong.chmod(0o755)
    assert find_python(**{**os.environ, "PYTHON310": str(wrong)}).stdout.strip() != str(wrong)


def test_without_python_3_10_the_ways_to_get_it_are_printed(tmp_path: Path) -> None:
    script = tmp_path / "python310.sh"
    text = (ROOT / "scripts/python310.sh").read_text(encoding="utf8")
    script.write_text(re.sub(r"(?<=\s)/(?:usr|opt|Library)/\S+", "", text))
    done = find_python(script, PATH="", HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    for way in ("uv python install 3.10", "pyenv install 3.10", "apt-get install", "brew install", "PYTHON310="):
        assert way in done.stderr


@each_lock
def test_every_package_is_pinned_by_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf8")
    packages = [p for p in re.split(r"^(?=[\w])", text, flags=re.M) if p.strip() and not p.startswith("#")]
    assert len(packages) == len(pins(lock)) > 100
    assert not [package.split()[0] for package in packages if "--hash=sha256:" not in package]


@each_lock
def test_a_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf8")
    assert "://" not in text
    assert "index" not in text


@each_lock
def test_every_lock_holds_what_people_run(lock: str) -> None:
    run, other = pins("requirements.lock"), pins(lock)
    assert {name: other.get(name) for name in run} == run


def overridden(file: str) -> set[str]:
    """The packages that a file of overrides takes out."""
    return set(re.findall(r"^([\w-]+) ; sys_platform == 'never'$", (ROOT / file).read_text(encoding="utf8"), re.M))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_nothing_is_installed_that_only_unused_parts_of_rasa_need(lock: str) -> None:
    unused = overridden("requirements.overrides")
    assert {"tensorflow", "matplotlib", "boto3"} <= unused
    assert not unused & set(pins(lock))
    assert not [name for name in pins(lock) if name.startswith(("tensor", "keras"))]


def test_stock_rasa_has_all_that_was_taken_out() -> None:
    stock = pins("requirements-stock.lock")
    elsewhere = {"tensorflow-cpu-aws", "tensorflow-macos"}  # of other machines
    taken_out = overridden("requirements.overrides") - overridden("requirements-stock.overrides") - elsewhere
    assert taken_out - set(stock) == set()
    assert stock["tensorflow-cpu"] == "2.12.0"


def test_what_rasa_imports_and_is_not_installed_has_a_stand_in() -> None:
    distributions = {package.replace("_", "-") for package in PACKAGES} - {"keras", "botocore"}  # come with others
    assert {{"google": "google-auth"}.get(name, name) for name in distributions} <= overridden("requirements.overrides")


def test_no_file_names_where_packages_come_from() -> None:
    found = {}
    for path in tracked():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf8", errors="ignore")
        if hits := {hit[0] for hit in HOST.finditer(text)}:
            found[str(path.relative_to(ROOT))] = hits
    assert not found


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "Pipfile.lock", "pip.conf", ".npmrc"])
def test_there_is_one_kind_of_lock_and_no_registry_settings(name: str) -> None:
    assert name not in {path.name for path in tracked()}


@pytest.mark.parametrize("target", TARGETS)
def test_the_make_target_exists(target: str) -> None:
    assert target in phony()


def test_make_alone_lists_every_target() -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make"], cwd=ROOT, env=outside, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines()} == phony()


@pytest.mark.parametrize(
    "script", ["scripts/install.sh", "scripts/python310.sh", "scripts/stock_beside.sh", "scripts/audit.sh", ".ci/run"]
)
def test_a_script_can_be_read_by_its_shell(script: str) -> None:
    shell = "bash" if script == ".ci/run" else "sh"
    done = subprocess.run([shell, "-n", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
