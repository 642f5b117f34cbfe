"""A file of variables means what python-dotenv means, runs nothing, and shows no secret when it is wrong."""

from pathlib import Path

import pytest

from spineline.env_file import NO_FILE, read_env_file


def written(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=plain", "plain"),
        ('X="in quotes"', "in quotes"),
        ("X='in quotes'", "in quotes"),
        ("X=before # a comment", "before"),
        ('X="a # that counts"', "a # that counts"),
        ("X=a#b", "a#b"),
        ("X=pa$dollar", "pa$dollar"),
        ("X=$(touch made)", "$(touch made)"),
        ("X=$(shell touch made)", "$(shell touch made)"),
        ("X = spaces around ", "spaces around"),
        ("export X=exported", "exported"),
        ("X=", ""),
        ("Y=a\nX=${Y}b", "ab"),
        ("X=first\nX=second", "second"),
        ("\ufeffX=after a byte order mark", "after a byte order mark"),
        ("X=ñandú", "ñandú"),
    ],
)
def test_a_value_means_what_dotenv_means(tmp_path: Path, line: str, value: str) -> None:
    assert read_env_file(written(tmp_path, line)).values["X"] == value
    assert not (tmp_path / "made").exists()
    assert not Path("made").exists()


def test_each_place_is_a_line_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "# a comment\n\n\nPORT=1\nTEXT='two\nlines'\n\nCLINIC=x\n")
    assert read_env_file(path).places == {"PORT": f"{path}:4", "TEXT": f"{path}:5", "CLINIC": f"{path}:8"}


@pytest.mark.parametrize("line", ["PORT", "a secret without a name", "X='not closed secret", "= secret"])
def test_a_line_that_cannot_be_understood_is_named_without_its_words(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f"CLINIC=x\n\n{line}\n")
    (problem,) = read_env_file(path).problems
    assert problem.startswith(f"{path}:3: cannot be understood")
    assert "secret" not in problem


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == NO_FILE
    (tmp_path / ".env").mkdir()
    assert read_env_file(tmp_path / ".env") == NO_FILE


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CLINIC=\xff\xfe")
    (problem,) = read_env_file(tmp_path / ".env").problems
    assert problem.startswith(f"{tmp_path}/.env: cannot be read (not UTF-8)")
