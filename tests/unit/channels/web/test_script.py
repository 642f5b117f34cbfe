"""The modules of web/chat/ become one plain script, and a module that cannot be joined stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from spineline.channels.web.script import PARTS, join_part, join_script
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT
from spineline.environment import current_content
from spineline.errors import ConfigError

CHAT = ROOT / "web" / "chat"
GIVEN = "// Filled in.\nexport const PROFILE = ({});\nexport const CSS = '';\nexport const SHARED = () => ({});\n"


def written(folder: Path, **modules: str) -> Path:
    """A folder of modules; `given` has the lines that the server fills."""
    for name, source in {"given": GIVEN, **modules}.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    (folder / "chat.css").write_text(".a {\n  color: red;\n}\n", encoding="utf-8")
    return folder


def joined(folder: Path, **modules: str) -> str:
    return join_script(written(folder, **modules), {"name": "Clínica"})


def test_a_module_stands_once_and_after_what_it_needs(tmp_path: Path) -> None:
    script = joined(
        tmp_path,
        chat="import { b } from './b.js';\nimport { PROFILE } from './given.js';\nimport { a } from './a.js';\na(b);\n",
        b="import { a } from './a.js';\nexport const b = a;\n",
        a="export function a() {}\n",
    )
    assert [script.count(line) for line in ("function a() {}", "const b = a;", "a(b);")] == [1, 1, 1]
    assert script.index("function a()") < script.index("const b = a;") < script.index("a(b);")


def test_what_is_joined_is_one_classic_script(tmp_path: Path) -> None:
    script = joined(tmp_path, chat="import { CSS, PROFILE } from './given.js';\nuse(CSS, PROFILE);\n")
    assert "import" not in script
    assert "export" not in script
    assert script.endswith("use(CSS, PROFILE);\n})();\n")


def test_texts_and_style_are_filled_in(tmp_path: Path) -> None:
    script = joined(tmp_path, chat="import { PROFILE } from './given.js';\n")
    assert 'const PROFILE = {"name": "Clínica"};' in script
    assert 'const CSS = ".a { color: red; }";' in script


def test_the_clinics_texts_cannot_end_the_script(tmp_path: Path) -> None:
    script = join_script(
        written(tmp_path, chat="import { PROFILE } from './given.js';\n"), {"name": "</script><b>\u2028"}
    )
    assert "</script>" not in script
    assert "\\u003c/script>\\u003cb>\\u2028" in script


def test_comments_and_types_are_left_out_and_texts_stay(tmp_path: Path) -> None:
    chat = (
        "// @ts-check\nimport { PROFILE } from './given.js';\n\n/**\n * Why.\n * @param {string} a\n */\n"
        "function f(a) {\n  // Why.\n  const b = /** @type {string} */ (a); // why\n"
        "  return 'https://x.example // y'; // and `this` stays\n}\n"
    )
    script = joined(tmp_path, chat=chat).partition("SHARED = ")[2].partition("\n")[2]
    assert script == (
        "function f(a) {\nconst b = (a);\nreturn 'https://x.example // y'; // and `this` stays\n}\n})();\n"
    )


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        ("import x from './given.js';\n", "import x from './given.js';` cannot be joined"),
        ("import {\n  a,\n} from './given.js';\n", "on one line"),
        ("import { a as b } from './given.js';\n", "cannot be joined"),
        ("export default 1;\n", "export default 1;` cannot be joined"),
        ("import { a } from './gone.js';\n", "gone.js: is imported and does not exist"),
        ("import { PROFILE } from './given.js';\nconst CSS = 1;\n", "`CSS` is a name in given.js too"),
        ("import { PROFILE } from './given.js';\nconst a = `1\n2`;\n", "goes over lines"),
        ("import { a } from './b.js';\n", "imports itself"),
        ("const a = 1;\n", "export const PROFILE"),
    ],
    ids="default several_lines renamed default_export missing same_name long_text circle no_place".split(),
)
def test_a_module_that_cannot_be_joined_says_why(tmp_path: Path, chat: str, said: str) -> None:
    written(tmp_path, chat=chat, b="import { b } from './chat.js';\nexport const a = 1;\n")
    with pytest.raises(ConfigError) as error:
        join_script(tmp_path, {})
    assert said in str(error.value)


def a_part(folder: Path, source: str, **given: str) -> str:
    script = "import { PROFILE } from './given.js';\nimport { a } from './a.js';\n"
    written(folder, chat=script, a="export const a = 1;\n", b="export const b = 2;\n", part=source)
    return join_part(folder, "part", given)


def test_a_part_is_made_from_the_names_of_the_script_that_it_imports(tmp_path: Path) -> None:
    part = a_part(
        tmp_path, "import { a } from './a.js';\nimport { b } from './b.js';\nexport function sum() { return a + b; }\n"
    )
    assert part == (
        "export default ({ a }) => {\nconst b = 2;\nfunction sum() { return a + b; }\nreturn { sum };\n};\n"
    ), "what the script has is not in the part once more"
    assert "const SHARED = () => ({ a });" in join_script(tmp_path, {}, ["part"])


def test_a_part_has_what_the_server_gives_it(tmp_path: Path) -> None:
    assert 'const STYLE = "p { }";' in a_part(tmp_path, "export const STYLE = '';\n", STYLE="p { }")
    with pytest.raises(ConfigError, match="one line `export const STYLE = "):
        a_part(tmp_path, "export const a_style = '';\n", STYLE="p { }")


def test_every_module_of_the_chat_is_used() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in CHAT.glob("*.js")}
    imported = {name for name in sources if any(f"from './{name}.js';" in source for source in sources.values())}
    assert imported | {"chat", *PARTS} == set(sources)


def test_the_scripts_texts_are_those_of_the_content() -> None:
    """tsc finds a text that the script asks for and its list does not name; here is the other half."""
    texts = load_widget(ROOT, current_content()).profile()["texts"]["en"]
    listed = (CHAT / "profile.js").read_text(encoding="utf-8").partition("@typedef {'")[2].partition("'}")[0]
    names = {name.strip(" '*\n") for name in listed.split("|")}
    of_the_server = {"greeting", "pending", "text_988", "staff_CALL_911", "staff_CRISIS_988", "staff_ED_NOW"}
    assert names == set(texts) - of_the_server


def test_clinic_data_is_not_in_the_source() -> None:
    clinic = current_content().clinic
    for path in CHAT.iterdir():
        source = path.read_text(encoding="utf-8")
        assert not [fact for fact in (clinic.name, clinic.phone, clinic.phone_e164) if fact in source], path
