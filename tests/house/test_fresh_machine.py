"""A machine without CPython 3.10 gets one by itself, proven to the end on a machine that is made up here: no network,
but a package and an archive in folders, where the real ones would be downloaded."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNNEEDED = ("test", "site-packages", "dist-packages", "__pycache__", "idlelib", "lib2to3")


class Machine:
    """A home folder, and a PATH on which lies a Python of another version and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"HOME": str(folder), "PATH": str(folder / "bin"), "PIP_NO_INDEX": "1"}
        _script(folder / "bin/python3", f'case $1 in -c) exit 1 ;; esac\nexec "{sys.executable}" "$@"')
        text = (ROOT / "scripts/python310.sh").read_text(encoding="utf8")
        (folder / "python310.sh").write_text(re.sub(r"(?<=\s)/(?:usr|opt|Library)/\S+", "", text))

    def offer_uv(self, uv: str) -> None:
        """A package by which pip installs uv."""
        self.environment["PIP_FIND_LINKS"] = str(self.folder)
        about = "Metadata-Version: 2.1\nName: uv\nVersion: 99\n"
        kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        with zipfile.ZipFile(self.folder / "uv-99-py3-none-any.whl", "w") as wheel:
            program = zipfile.ZipInfo("uv-99.data/scripts/uv")
            program.external_attr = 0o100755 << 16  # a file that may be run
            wheel.writestr(program, f'#!/bin/sh\nexec "{uv}" --no-config --no-cache "$@"\n')
            wheel.writestr("uv-99.dist-info/METADATA", about)
            wheel.writestr("uv-99.dist-info/WHEEL", kind)
            wheel.writestr("uv-99.dist-info/RECORD", "")

    def offer_python(self) -> None:
        """An archive of the Python that runs this test, and the list in which uv finds it."""
        archive, listing = self.folder / "cpython.tar.gz", self.folder / "downloads.json"
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
            tar.add(Path(sys.executable).resolve(), "python/bin/python3.10")
            tar.add(sysconfig.get_path("stdlib"), "python/lib/python3.10", filter=_needed)
        listing.write_text(json.dumps(_listing(archive)))
        self.environment["UV_PYTHON_DOWNLOADS_JSON_URL"] = listing.as_uri()

    def find_python(self) -> subprocess.CompletedProcess[str]:
        shell = shutil.which("sh") or "/bin/sh"
        return subprocess.run(
            [shell, "python310.sh"], cwd=self.folder, env=self.environment, capture_output=True, text=True
        )


def _script(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def _needed(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(member.name).name in UNNEEDED or member.name.endswith(".a") else member


def _listing(archive: Path) -> dict[str, object]:
    linux = sys.platform == "linux"
    family = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    system, libc = ("linux", "gnu") if linux else ("macos", "none")
    version = dict(zip(("major", "minor", "patch"), sys.version_info[:3]))
    entry = {"name": "cpython", "arch": {"family": family, "variant": None}, "os": system, "libc": libc, **version}
    more = {"prerelease": "", "url": archive.as_uri(), "sha256": None, "variant": None, "build": None}
    return {f"cpython-{platform.python_version()}-{system}-{family}-{libc}": {**entry, **more}}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def uv() -> str:
    found = shutil.which("uv", path=sysconfig.get_path("scripts")) or shutil.which("uv")
    if not found:
        pytest.skip("uv is not there, which gets the interpreter: `make check` installs it.")
    return found


def test_python_3_10_is_got_and_said_so(machine: Machine, uv: str) -> None:
    machine.offer_uv(uv)
    machine.offer_python()
    done = machine.find_python()
    assert done.returncode == 0, done.stderr
    assert "getting one into .tools/" in done.stderr
    python = Path(done.stdout.strip())
    assert python.is_relative_to(machine.folder / ".tools/python")
    subprocess.run([python, "-m", "venv", "--without-pip", machine.folder / "venv"], check=True)
    said = subprocess.run([machine.folder / "venv/bin/python", "--version"], capture_output=True, text=True)
    assert said.stdout.startswith("Python 3.10.")


def test_it_is_got_once(machine: Machine, uv: str) -> None:
    machine.offer_uv(uv)
    machine.offer_python()
    first, second = machine.find_python(), machine.find_python()
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")


def test_without_uv_the_ways_to_get_one_are_printed(machine: Machine) -> None:
    done = machine.find_python()
    assert (done.returncode, done.stdout) == (1, "")
    assert "pyenv install 3.10" in done.stderr


def test_without_the_archive_the_ways_to_get_one_are_printed(machine: Machine, uv: str) -> None:
    machine.offer_uv(uv)
    (machine.folder / "downloads.json").write_text("{}")
    machine.environment["UV_PYTHON_DOWNLOADS_JSON_URL"] = (machine.folder / "downloads.json").as_uri()
    done = machine.find_python()
    assert (done.returncode, done.stdout) == (1, "")
    assert "pyenv install 3.10" in done.stderr
