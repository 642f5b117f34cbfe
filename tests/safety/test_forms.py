"""Whatever alarms still alarms however it is encoded and laid out, in both languages; what is calm stays calm."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from spineline.danger.rules import RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier
from spineline.text.letters import clean

HERE = Path(__file__).parent
RULES_SAID = HERE.parents[1] / "data" / "danger" / "rules"
TABLE = HERE.parents[1] / "content" / "red_flags.yml"
LANGUAGES = ("en", "es")
EVERY_NTH = 17  # sentence is enough: all of them in all forms take minutes
Form = Callable[[str], str]


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _sentences(in_table: str, in_files: str) -> Iterator[str]:
    for row in _read(TABLE)["flags"]:
        yield from (twin[lang] for twin in row["examples"][in_table] for lang in LANGUAGES)
    for lang in LANGUAGES:
        yield from (str(text) for texts in _read(RULES_SAID / f"{lang}.yml")[in_files].values() for text in texts)


def _between_words(sign: str) -> Form:
    return lambda text: text.replace(" ", sign)


def _in_the_middle(sign: str) -> Form:
    def broken(text: str) -> str:
        words = text.split(" ")
        half = max(1, len(words) // 2)
        return " ".join(words[:half]) + sign + " ".join(words[half:])

    return broken


def _wrapped(width: int) -> Form:
    return lambda text: "\n".join(textwrap.wrap(text, width))


def _between_letters(sign: str) -> Form:
    return lambda text: "".join(c + sign if c.isalpha() else c for c in unicodedata.normalize("NFC", text))


def _letter_by_letter(sign: str, gap: str) -> Form:
    return lambda text: gap.join(sign.join(word) for word in text.split(" "))


def _each_word(before: str, after: str) -> Form:
    return lambda text: " ".join(f"{before}{word}{after}" for word in text.split(" "))


def _around(before: str, after: str = "") -> Form:
    return lambda text: before + text + after


def _styled(capitals: int, small: int) -> Form:
    """Letters of a style that has its own places in Unicode; accents stay as marks."""

    def letter(char: str) -> str:
        if "a" <= char <= "z":
            return chr(small + ord(char) - ord("a"))
        return chr(capitals + ord(char) - ord("A")) if "A" <= char <= "Z" else char

    return lambda text: "".join(map(letter, unicodedata.normalize("NFD", text)))


def _swapped(latin: str, other: str, prepared: Form = str) -> Form:
    table = str.maketrans(latin, other)
    return lambda text: prepared(text).translate(table)


def _entities(text: str) -> str:
    return "".join(f"&#{ord(c)};" if ord(c) > 127 or not (c.isalnum() or c.isspace()) else c for c in text)


def _named_entities(text: str) -> str:
    names = html.entities.codepoint2name
    return "".join(f"&{names[ord(c)]};" if ord(c) in names else c for c in text)


FORMS: dict[str, Form] = {
    "line break": _in_the_middle("\n"),
    "line break between spaces": _in_the_middle(" \n "),
    "carriage return and line feed": _in_the_middle("\r\n"),
    "carriage return": _in_the_middle("\r"),
    "vertical tab": _in_the_middle("\v"),
    "form feed": _in_the_middle("\f"),
    "next line": _in_the_middle("\x85"),
    "line separator": _in_the_middle("\u2028"),
    "paragraph separator": _in_the_middle("\u2029"),
    "wrapped at 20": _wrapped(20),
    "wrapped at 30": _wrapped(30),
    "wrapped at 40": _wrapped(40),
    "tabs": _between_words("\t"),
    "no-break spaces": _between_words("\xa0"),
    "thin spaces": _between_words("\u2009"),
    "wide spaces": _between_words("\u3000"),
    "full width": _swapped("".join(map(chr, range(33, 127))), "".join(map(chr, range(0xFF01, 0xFF5F)))),
    "bold": _styled(0x1D400, 0x1D41A),
    "bold italic": _styled(0x1D468, 0x1D482),
    "bold script": _styled(0x1D4D0, 0x1D4EA),
    "bold fraktur": _styled(0x1D56C, 0x1D586),
    "typewriter": _styled(0x1D670, 0x1D68A),
    "circled": _styled(0x24B6, 0x24D0),
    "in brackets": _styled(0x249C, 0x249C),
    "squared": _styled(0x1F130, 0x1F130),
    "white on black circles": _styled(0x1F150, 0x1F150),
    "white on black squares": _styled(0x1F170, 0x1F170),
    "small capitals": _swapped("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", str.lower),
    "superscript": _swapped("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", str.lower),
    "ligatures": lambda text: text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").replace("st", "ﬆ"),
    "Cyrillic letters": _swapped("aceopxyi", "асеорхуі"),
    "Cyrillic capitals": _swapped("ACEOPXTBHKM", "АСЕОРХТВНКМ", str.upper),
    "Greek capitals": _swapped("ABEHIKMNOPTXYZ", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", str.upper),
    "struck through": _between_letters("\u0336"),
    "marks above and below": _between_letters("\u0353\u0310\u0489"),
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "zero-width spaces": _between_letters("\u200b"),
    "zero-width joiners": _between_letters("\u200d"),
    "soft hyphens": _between_letters("\u00ad"),
    "grapheme joiners": _between_letters("\u034f"),
    "letters apart, two spaces between words": _letter_by_letter(" ", "  "),
    "letters apart, three spaces between words": _letter_by_letter(" ", "   "),
    "full stops between letters": _letter_by_letter(".", " "),
    "dashes between letters": _letter_by_letter("-", " "),
    "full stops between words": _between_words("."),
    "dashes between words": _between_words("-"),
    "underscores between words": _between_words("_"),
    "strokes between words": _between_words("/"),
    "dots in the middle": _in_the_middle("... "),
    "repeated marks": _around("", "!!!???..."),
    "all capitals": str.upper,
    "an English heading": _around("Symptoms: "),
    "a Spanish heading": _around("Síntomas: "),
    "a heading and a dash": _around("Symptoms - "),
    "a bullet": _around("- "),
    "the second bullet": _around("- my back is a bit sore\n- "),
    "a round bullet": _around("• "),
    "the second number": _around("1) my back is a bit sore\n2) "),
    "a number and another": _around("1. ", "\n2. my back is a bit sore"),
    "quotes": _around('"', '"'),
    "angled quotes": _around("«", "»"),
    "quoted words": _each_word("'", "'"),
    "bold by asterisks": _each_word("**", "**"),
    "italic by underscores": _each_word("_", "_"),
    "struck by tildes": _around("~~", "~~"),
    "code": _each_word("`", "`"),
    "tags around words": _each_word("<b>", "</b>"),
    "a paragraph in HTML": _around('<p class="x">', "</p>"),
    "a break in HTML": _in_the_middle("<br>"),
    "a break in HTML and in the text": _in_the_middle("<br />\n"),
    "a comment in HTML": _around("<!-- no back -->"),
    "no-break spaces in HTML": _between_words("&nbsp;"),
    "numbers in HTML": _entities,
    "names in HTML": _named_entities,
}
# What a form costs: how many of a hundred sentences may be missed. All others miss none.
MISSED_OF_100 = {
    "full stops between words": 3,
    "strokes between words": 3,
    "full stops between letters": 2,
    "dashes between letters": 2,
    "letters apart, two spaces between words": 2,
    "letters apart, three spaces between words": 2,
    "underscores between words": 1,
    "wrapped at 20": 1,
    "italic by underscores": 1,
}


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(TABLE)


def _tier(rules: RedFlagRules, text: str) -> Tier | None:
    flag = rules.assess(clean(text)).red_flag
    return flag.tier if flag and flag.alarms else None


@pytest.fixture(scope="module")
def alarming(rules: RedFlagRules) -> dict[str, Tier]:
    tiers = {text: _tier(rules, text) for text in list(_sentences("fire", "fires"))[::EVERY_NTH]}
    return {text: tier for text, tier in tiers.items() if tier}


@pytest.mark.parametrize("form", FORMS)
def test_what_alarms_still_alarms_as_urgently(form: str, rules: RedFlagRules, alarming: dict[str, Tier]) -> None:
    formed = {FORMS[form](text): tier for text, tier in alarming.items()}
    found = {text: _tier(rules, text) for text in formed}
    missed = [text for text, tier in formed.items() if (got := found[text]) is None or tier.outranks(got)]
    assert len(missed) <= len(formed) * MISSED_OF_100.get(form, 0) / 100, missed
    assert len(formed) > 70


def _of_letters(form: str) -> bool:
    breaks = ("break", "wrapped", "return", "feed", "tab", "line", "separator", "between words", "between letters")
    other = ("middle", "number", "bullet", "HTML", "heading", "letters apart", "repeated")
    return "break between" not in form and ("spaces" in form or not any(part in form for part in (*breaks, *other)))


@pytest.mark.parametrize("form", [form for form in FORMS if _of_letters(form)])
def test_what_is_calm_stays_calm_in_other_letters(form: str, rules: RedFlagRules) -> None:
    calm = list(_sentences("not_fire", "quiet"))[::EVERY_NTH]
    assert [text for text in calm if _tier(rules, FORMS[form](text)) and not _tier(rules, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "no numbness\ncan't pee since yesterday",
        "no fever\nno numbness\nI can't\npee since yesterday",
        "no tengo fiebre\nno puedo\norinar desde ayer",
        "how many crunches should i do\nmy chest hurts",
        "Symptoms: can't pee, numb between legs",
        "Fever - no\nChest pain - yes",
        "SYMPTOMS\n- can't pee\n- numb saddle",
    ],
)
def test_a_denial_or_a_question_on_one_line_hides_nothing_on_the_next(text: str, rules: RedFlagRules) -> None:
    assert _tier(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "no numbness\nno trouble peeing",
        "sin fiebre\nsin adormecimiento\nno tengo problemas para orinar",
        "Fever: no\nChest pain: no\nNumbness: none",
        "fiebre: no\ndolor de pecho: no",
        "- no fever\n- no chest pain",
        "I have no numbness between\nmy legs",
        "no tengo dormida\nla entrepierna",
        "Dr.Smith says e.g. planks are fine, see U.S.A. guidelines",
    ],
)
def test_what_is_denied_line_by_line_raises_no_alarm(text: str, rules: RedFlagRules) -> None:
    assert _tier(rules, text) is None


@pytest.mark.parametrize("form", ["full stops between letters", "line break", "bold"])
def test_forms_survive_without_the_cleaning_of_a_channel(form: str, rules: RedFlagRules) -> None:
    flag = rules.assess(FORMS[form]("I cant pee since yesterday")).red_flag
    assert flag is not None
    assert flag.alarms
