"""What the documents name exists, and what a reader needs to know is named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from spineline.danger.tiers import Tier
from spineline.text.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = [p for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md") if (p := ROOT / name).is_file()]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf8") for path in DOCUMENTS}
ALL_TEXT = "\n".join(TEXTS.values())

MADE_LATER = (".venv/", ".env", "models/", "var/", "benchmarks/results/")  # not in git: made by a command or a reader
SUFFIXES = "cfg css html in js lock md overrides png py sh svg toml txt yml".split()
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(rf"(?<![\w/.:*<>{{}}…-])(?:[\w.<>*-]+/)*[\w.<>*-]*\w[>*]?\.(?:{'|'.join(SUFFIXES)})(?![\w/])")
FOLDER = re.compile(r"(?:[\w.<>*-]+/)+")
MODULE = re.compile(r"(?<![\w/])(?:spineline|actions)(?:\.\w+)+")
LINK = re.compile(r"\]\((?!https?:|mailto:|tel:|#)([^)#\s]+)")


def code(text: str) -> Iterator[str]:
    """Fenced blocks and inline code."""
    yield from FENCED.findall(text)
    yield from INLINE.findall(FENCED.sub("", text))


def without_addresses(text: str) -> str:
    """The text without web addresses and link targets, which have a test of their own."""
    return re.sub(r"\b\w+://[^\s`)]+|\]\([^)]*\)", "]", text)


def exists(name: str) -> bool:
    """Whether a named path is there; <placeholders> stand for anything, a bare file name may lie in any folder."""
    if name.startswith(MADE_LATER):
        return True
    pattern = re.sub(r"<[\w-]+>", "*", name.rstrip("/"))
    places = (ROOT, *(ROOT / top for top in ("content", "spineline", "actions", "web", "tests") if "/" not in name))
    return any(next(place.glob(pattern), None) for place in places)


def named_paths(text: str) -> set[str]:
    found = set(PATH.findall(without_addresses(text)))
    tops = {path.name for path in ROOT.iterdir()}
    for piece in INLINE.findall(FENCED.sub("", text)):
        if FOLDER.fullmatch(piece) and piece.split("/")[0] in tops:
            found.add(piece)
    return found


def variables_read() -> set[str]:
    """Every environment variable of the code, the make file and the scripts."""
    python = sources(ROOT / "spineline", ROOT / "tests", ROOT / "benchmarks")
    shell = "\n".join(p.read_text(encoding="utf8") for p in [ROOT / "Makefile", *(ROOT / "scripts").glob("*.sh")])
    found = set(re.findall(r'environ(?:ment)?(?:\.get\(|\.setdefault\(|\[)"([A-Z0-9_]+)"', python))
    found |= set(re.findall(r"(?:\$\{|^|^export )([A-Z0-9_]+)(?::-| :=)", shell, re.M))
    return found | example_variables() | {"SANIC_HOST"}  # Sanic's own, read by `rasa run actions`


def sources(*folders: Path) -> str:
    return "\n".join(path.read_text(encoding="utf8") for folder in folders for path in folder.rglob("*.py"))


def example_variables() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf8"), re.M))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf8"), re.M))


each_document = pytest.mark.parametrize("name", TEXTS)


@each_document
def test_every_named_path_exists(name: str) -> None:
    missing = sorted(path for path in named_paths(TEXTS[name]) if not exists(path))
    assert not missing, f"{name} names {missing}: correct the name or make the file"


@each_document
def test_every_link_leads_somewhere(name: str) -> None:
    dead = [link for link in LINK.findall(TEXTS[name]) if not ((ROOT / name).parent / link).exists()]
    assert not dead, f"{name} links to {dead}"


@each_document
def test_every_named_module_exists(name: str) -> None:
    for dotted in {
        m for piece in code(TEXTS[name]) for m in MODULE.findall(piece) if not m.endswith((*SUFFIXES, "db", "tar"))
    }:
        parts = dotted.split(".")
        files = [ROOT.joinpath(*parts[:n]).with_suffix(".py") for n in range(2, len(parts) + 1)]
        assert any(file.is_file() for file in files), f"{name} names {dotted}"


@each_document
def test_every_named_make_target_exists(name: str) -> None:
    named = {t for piece in code(TEXTS[name]) for t in re.findall(r"\bmake ([a-z][a-z-]*)", piece)}
    assert named <= targets(), f"{name}: there is no `make {' or '.join(sorted(named - targets()))}`"


@each_document
def test_every_named_variable_is_read_somewhere(name: str) -> None:
    pieces = list(code(TEXTS[name]))
    named = {v for piece in pieces for v in re.findall(r"\b([A-Z][A-Z0-9_]{2,})=", piece)}
    constants = {p for p in pieces if re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", p)} - {tier.value for tier in Tier}
    source = sources(ROOT / "spineline")
    unknown = (named | {c for c in constants if not re.search(rf"\b{c}\b", source)}) - variables_read()
    assert not unknown, f"{name} names {sorted(unknown)}, which nothing reads"


@each_document
def test_every_named_intent_and_action_exists(name: str) -> None:
    domain = read_yaml(ROOT / "domain.yml")
    known = {*domain["intents"], *domain["actions"]}
    named = set(
        re.findall(r"(?<![\w/])(?:ask|report|action)_(?!endpoint)[a-z_]*[a-z]\b(?!/)", without_paths(TEXTS[name]))
    )
    assert named <= known, f"{name} names {sorted(named - known)}"


def without_paths(text: str) -> str:
    return PATH.sub("", text)


def test_every_make_target_is_documented() -> None:
    missing = {t for t in targets() if not re.search(rf"`make {t}\b", ALL_TEXT)}
    assert not missing, f"say in CONTRIBUTING.md what `make {' and '.join(sorted(missing))}` does"


def test_every_setting_is_documented() -> None:
    missing = {v for v in example_variables() if f"`{v}`" not in ALL_TEXT}
    assert not missing, f"explain {sorted(missing)} in docs/clinic.md, 'Settings'"


def test_the_table_of_red_flags_is_that_of_the_rules() -> None:
    flags = {flag["id"]: flag["tier"] for flag in read_yaml(ROOT / "content/red_flags.yml")["flags"]}
    told = dict(re.findall(r"^\| (RF\d+) \| `(\w+)` \|", TEXTS["docs/triage.md"], re.M))
    assert told == flags


def test_the_kinds_of_question_are_explained() -> None:
    kinds = json.loads((ROOT / "content/schemas/card.json").read_text(encoding="utf8"))["properties"]["answers"]

    told = set(re.findall(r"^\| `(\w+)` \| [a-z]", TEXTS["docs/cards.md"], re.M))
    assert told == set(kinds["properties"])


def test_the_names_of_decisions_count_up() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("see `content/cards/nothing_here.yml`", "content/cards/nothing_here.yml"),
        ("see `content/nowhere/`", "content/nowhere/"),
        ("```\nspineline/nowhere.py  does it\n```", "spineline/nowhere.py"),
    ],
)
def test_a_name_that_leads_nowhere_is_found(text: str, missing: str) -> None:
    assert [path for path in named_paths(text) if not exists(path)] == [missing]


def test_names_that_are_there_or_no_paths_pass() -> None:
    text = "`content/cards/<card>.yml` `red_flags.yml` `core/why` `https://x.example/a.js` `var/x.yml` `.env.example`"
    assert all(exists(path) for path in named_paths(text))


def test_every_picture_of_a_state_is_listed_and_all_of_them_are_small() -> None:
    pictures = list((ROOT / "docs" / "images" / "states").iterdir())
    listed = re.findall(r"\(images/states/([\w-]+\.png)\)", TEXTS["docs/states.md"])
    assert sorted(listed) == sorted(path.name for path in pictures)
    assert len(pictures) <= 60
    assert sum(path.stat().st_size for path in pictures) < 2_500_000
