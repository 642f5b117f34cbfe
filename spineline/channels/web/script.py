"""The chat's script: the modules of web/chat/ joined to one plain file that any website can load, and its parts.

No bundler: the modules follow a few rules, checked here, under which joining them is leaving out their `import` and
`export` words. A part is fetched when it is needed. It is a module that makes itself from the names of the script that
it imports: `export default ({ h, link }) => { ...; return { what, it, exports }; };`
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from spineline.errors import ConfigError

MAIN = "chat"
PARTS = ("window", "extras")  # modules of web/chat/ that are fetched when they are needed
_HEAD = "// Spineline's chat for a clinic's website. The source and its comments: web/chat/\n(() => {\n'use strict';\n"
_TAIL = "})();\n"
_IMPORT = re.compile(r"^import \{ (\w+(?:, \w+)*) \} from '\./(\w+)\.js';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) \w)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:const|function|class) (\w+)", re.MULTILINE)
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


def join_script(folder: Path, profile: Mapping[str, Any], parts: Iterable[str] = ()) -> str:
    """One classic script of all modules that chat.js needs, with the clinic's texts and the style in it.

    Args:
        parts: modules of the folder that are fetched later; the script keeps for them what they import of it.
    Raises:
        ConfigError: a module is written in a way that cannot be joined; says which, and how to write it.
    """
    modules = _checked(folder, MAIN)
    style = one_line((folder / f"{MAIN}.css").read_text(encoding="utf-8"))
    needed = sorted({name for part in parts for name in _taken(folder, part, modules)})
    joined = "".join(_bare(source) for source in modules.values())
    for name, value in (("PROFILE", _as_script(profile)), ("CSS", _as_script(style)), ("SHARED", _listed(needed))):
        joined = _filled(joined, name, value, folder)
    return _HEAD + joined + _TAIL


def join_part(folder: Path, part: str, given: Mapping[str, Any]) -> str:
    """A module that makes a part from what the script has, see above.

    Args:
        part: the name of its main module.
        given: constants of its modules that are filled in, by name.
    Raises:
        ConfigError: as `join_script`.
    """
    of_script = _read(folder, MAIN, {})
    own = {name: source for name, source in _checked(folder, part).items() if name not in of_script}
    joined = "".join(_bare(source) for source in own.values())
    for name, value in given.items():
        joined = _filled(joined, name, _as_script(value), folder)
    exported = _EXPORTED.findall(own[part])
    return (
        f"export default ({_names(_taken(folder, part, of_script))}) => {{\n{joined}return {_names(exported)};\n}};\n"
    )


def _checked(folder: Path, name: str) -> dict[str, str]:
    modules = _read(folder, name, {})
    problems = [*_shape_problems(folder, modules), *_name_problems(folder, modules)]
    if problems:
        raise ConfigError(problems)
    return modules


def _taken(folder: Path, part: str, of_script: Mapping[str, str]) -> list[str]:
    """The names that a part imports from modules of the script."""
    own = (source for name, source in _read(folder, part, {}).items() if name not in of_script)
    imports = (line for source in own for line in _IMPORT.findall(source))
    return sorted({name for names, module in imports if module in of_script for name in names.split(", ")})


def _names(names: Iterable[str]) -> str:
    return f"{{ {', '.join(names)} }}"


def _listed(names: Iterable[str]) -> str:
    """A function, since the names stand further below."""
    return f"() => ({_names(names)})"


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
    for _, needed in _IMPORT.findall(source):
        if needed not in known:
            _read(folder, needed, known, (*waiting, name))
    known[name] = source
    return known


def _filled(script: str, name: str, value: str, folder: Path) -> str:
    place = re.compile(rf"^const {name} = [^;]*;$", re.MULTILINE)
    if len(place.findall(script)) != 1:
        line = f"export const {name} = …;"
        raise ConfigError([f"{folder}: one module must contain one line `{line}`; the server fills it in."])
    return place.sub(lambda _: f"const {name} = {value};", script)


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
