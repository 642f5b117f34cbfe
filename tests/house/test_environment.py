"""One module reads the environment and one file says the rest; everything else is passed its settings."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spineline.keep.database import Database
from spineline.keep.writes import Write, write
from spineline.settings import DATABASE_FILE
from spineline.stores.events import senders
from spineline.stores.log import Row

ROOT = Path(__file__).parents[2]
READS = re.compile(r"\bos\.(environb?|getenvb?|putenv)\b|from os import .*(environ|getenv)|load_dotenv")


def test_one_module_reads_the_environment() -> None:
    modules = [*ROOT.glob("spineline/**/*.py"), *ROOT.glob("actions/**/*.py")]
    found = {str(p.relative_to(ROOT)) for p in modules if READS.search(p.read_text(encoding="utf8"))}
    assert found == {"spineline/environment.py"}


def test_make_does_not_read_the_file() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf8").splitlines()
    assert not [line for line in lines if re.match(r"-?include|export$", line)]


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One of our commands in a folder of its own, with nothing of the developer's environment."""
    outside = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **environment}
    line = [sys.executable, "-W", "ignore", "-m", "spineline", *arguments]
    return subprocess.run(line, cwd=folder, env=outside, capture_output=True, text=True, timeout=120)


COMMANDS = [["serve"], ["chat"], ["train"], ["check"], ["review"], ["register-telegram"], ["check-telegram"]]
COMMANDS += [["forget", "rest:anna"], ["export", "rest:anna"]]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_reads_the_file_and_names_the_line(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / ".env").write_text("CLINIC=example\nPORT='http'\nCLINK=example\n")
    done = command(tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        ".env:2: PORT=http: must be a number from 1 to 65535. Change it, or unset it for 5005.",
        ".env:3: CLINK is no variable of Spineline. Did you mean CLINIC?",
    ]


def test_forget_deletes_where_the_file_says(tmp_path: Path) -> None:
    kept = tmp_path / "kept here"
    database = Database(f"sqlite:///{kept}/{DATABASE_FILE}")
    rows = [Row(sender, 0, "user", 1.0, "{}")._asdict() for sender in ("rest:anna", "rest:ben")]
    database.do_now(lambda connection: write(connection, [Write("conversation_events", rows)]))
    (tmp_path / ".env").write_text(f'DATA_DIR="{kept}"\n')
    done = command(tmp_path, "forget", "rest:anna")
    assert done.stdout == "1 events of this session were deleted.\n", done.stderr
    assert database.read_now(senders) == ["rest:ben"]


def test_the_file_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"REST_TOKEN=$(shell touch {tmp_path}/made)\nDATA_DIR=`touch {tmp_path}/made`\n")
    assert command(tmp_path, "check").returncode == 0
    assert not (tmp_path / "made").exists()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Our Makefile, with commands that say their settings instead of running."""
    shutil.copy(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$5 CLINIC=$CLINIC PORT=$PORT MODEL=$MODEL"\n')
    python.chmod(0o755)
    (tmp_path / "spineline/engine").mkdir(parents=True)
    needed = ("requirements.lock", "requirements-dev.lock", "spineline/engine/no_tensorflow.py")
    for name in (*needed, ".venv/run.stamp", ".venv/dev.stamp"):
        (tmp_path / name).touch()
    (tmp_path / ".env").write_text(f"CLINIC=of_the_file\nPORT=1$(shell touch {tmp_path}/ran)\n")
    return tmp_path


@pytest.mark.parametrize("target", ["run", "chat"])
@pytest.mark.parametrize("in_front", [True, False], ids=["CLINIC=x make", "make CLINIC=x"])
def test_make_hands_on_what_it_is_given_and_leaves_the_file_to_the_program(
    made: Path, target: str, in_front: bool
) -> None:
    given = {"CLINIC": "x", "PORT": "6000", "MODEL": "models/other.tar.gz"}
    words = [] if in_front else [f"{name}={value}" for name, value in given.items()]
    outside = {"PATH": os.environ["PATH"], **(given if in_front else {})}
    done = subprocess.run(["make", target, *words], cwd=made, env=outside, capture_output=True, text=True, timeout=60)
    settings = "CLINIC=x PORT=6000 MODEL=models/other.tar.gz"
    assert done.stdout.splitlines() == [f"train {settings}", f"{'serve' if target == 'run' else 'chat'} {settings}"]
    plain = subprocess.run(["make", target], cwd=made, env={"PATH": outside["PATH"]}, capture_output=True, text=True)
    assert "of_the_file" not in plain.stdout
    assert not (made / "ran").exists()
