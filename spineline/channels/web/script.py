"""The chat's script: the modules of web/chat/ joined to one plain file that any website can load.

No bundler: the modules follow a few rules, checked here, under which joining them is leaving out their `import` and
`export` words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spineline.errors import ConfigError

MAIN = "chat"
PROFILE_LINE = "export const PROFILE = /** @type {Profile} */ ({});"
STYLE_LINE = "export const CSS = '';"
_HEAD = "// Spineline's chat for a clinic's website. The source and its comments: web/chat/\n(() => {\n'use strict';\n"
_TAIL = "})();\n"
_IMPORT = re.compile(r"^import \{ \w+(?:, \w+)* \} from '\./(\w+)\.js';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) \w)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_TOP_NAME = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_OPEN_TEXT = re.compile(r"^[^`\n]*(?:`[^`\n]*`[^`\n]*)*`[^`\n]*$", re.MULTILINE)
_COMMENT = re.compile(
    r"^ *//.*\n|(?<=[;,{}]) // [^'\"`\n]*$"  # a line of its own, the end of a line
    r"|^ */\*\*(?:(?!\*/)[\s\S])*\*/\n"  # a block of its own
    r"|/\*\* @\w+ \{.*?\} \*/ ",  # a type within a line
    re.MULTILINE,
)
_SPACE = re.compile(r"^\s+", re.MULTILINE)  # of what is readable in web/chat/ and 400 bytes on the wire


def join_script(folder: Path, profile: Mapping[str, Any]) -> str:
    """One classic script of all modules that chat.js needs, with the clinic's texts and the style in it.

    Raises:
        ConfigError: a module is written in a way that cannot be joined; says which, and how to write it.
    """
    modules = _read(folder, MAIN, {})
    problems = [*_shape_problems(folder, modules), *_name_problems(folder, modules)]
    if problems:
        raise ConfigError(problems)
    style = one_line((folder / "chat.css").read_text(encoding="utf-8"))
    joined = "".join(_bare(source) for source in modules.values())
    for line, value in ((PROFILE_LINE, profile), (STYLE_LINE, style)):
        joined = _filled(joined, line, value, folder)
    return _HEAD + joined + _TAIL


def one_line(style: str) -> str:
    """A style sheet without line breaks and indentation."""
    return " ".join(style.split())


def _read(folder: Path, name: str, known: dict[str, str], waiting: tuple[str, ...] = ()) -> dict[str, str]:
    """Every module that is needed, after those that it imports."""
    path = folder / f"{name}.js"
    if name in waiting or not path.is_file():
        what = "imports itself by way of others" if name in waiting else "is imported and does not exist"
        raise ConfigError([f"{path}: {what}. Move what both need to a module of its own, or write it."])
    source = path.read_text(encoding="utf-8")
    for needed in _IMPORT.findall(source):
        if needed not in known:
            _read(folder, needed, known, (*waiting, name))
    known[name] = source
    return known


def _filled(script: str, line: str, value: object, folder: Path) -> str:
    bare = _bare(line)
    if script.count(bare) != 1:
        raise ConfigError([f"{folder}: one module must contain the line `{line}` once; the server fills it in."])
    return script.replace(bare, f"{bare.partition(' = ')[0]} = {_as_script(value)};")


def _bare(source: str) -> str:
    """A module without comments and indentation, and without what only modules may have."""
    return _SPACE.sub("", _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", source))))


def _shape_problems(folder: Path, modules: Mapping[str, str]) -> Iterator[str]:
    for module, source in modules.items():
        for strange in _LEFT_OVER.findall(_bare(source)):
            yield (
                f"{folder}/{module}.js: `{strange}` cannot be joined. Write `import {{ a, b }} from './module.js';` "
                "on one line, and `export` before a const, a function or a class."
            )
        if _OPEN_TEXT.search(_COMMENT.sub("", source)):
            yield f"{folder}/{module}.js: a text in backticks goes over lines. Let it end on its line."


def _name_problems(folder: Path, modules: Mapping[str, str]) -> Iterator[str]:
    """Joined modules share one scope."""
    owners: dict[str, str] = {}
    for module, source in modules.items():
        for name in _TOP_NAME.findall(source):
            if owners.setdefault(name, module) != module:
                yield f"{folder}/{module}.js: `{name}` is a name in {owners[name]}.js too. Rename one of them."


def _as_script(data: object) -> str:
    """JSON that cannot end a script or a comment."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
