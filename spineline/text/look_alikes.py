"""Letters that look like Latin ones and are used in their place; Unicode's own equivalents (NFKC) are not repeated.

Taken from Unicode's confusables.txt (UTS 39): the letters that people meet in "fancy text" generators, in text copied
from other keyboards and in attempts to get past filters.
"""

from __future__ import annotations


def _negative(first: int) -> dict[str, str]:
    """The 26 white-on-black letters from a code point on."""
    return {chr(first + at): chr(ord("A") + at) for at in range(26)}


# Letters of no language that a person here writes: always the Latin letter.
LATIN_STYLES = {
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")),
    **dict(zip("ǫɑɡɩıȷʋʟ", "qagiijvl")),
    **_negative(0x1F150),
    **_negative(0x1F170),
}

# Letters of languages that people do write: Latin only where the rest of the word, or of the message, is.
CYRILLIC = dict(zip("асеорхуѕіјһԁԛԝӏкмтпв", "aceopxysijhdqwlkmtnb"))
CYRILLIC_CAPITALS = dict(zip("АВСЕНІЈКМОРЅТХУԚԜҺ", "ABCEHIJKMOPSTXYQWH"))
GREEK = dict(zip("αοινρυωκτχγεη", "aoivpuwktxyen"))
GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"))
FOREIGN = {**CYRILLIC, **CYRILLIC_CAPITALS, **GREEK, **GREEK_CAPITALS}
