"""What Twilio would do with an answer: read as TwiML, and checked against its published schema where there is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

SCHEMA = "twiml_v20100401_twilioRealtimeCallSchema.xsd"
KNOWN = {"Response", "Say", "Gather", "Dial", "Number", "Hangup", "Reject"}
INSIDE = {"Response": KNOWN - {"Response", "Number"}, "Gather": {"Say"}, "Dial": {"Number"}}


@dataclass(frozen=True)
class Said:
    """One answer: `texts` are (language, text) in order, `action` is where Twilio calls next."""

    root: ElementTree.Element

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(say.attrib["language"], str(say.text)) for say in self.root.iter("Say")]

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.texts)

    @property
    def first(self) -> ElementTree.Element:
        """The first verb."""
        return self.root[0]

    @property
    def gather(self) -> ElementTree.Element | None:
        return self.root.find("Gather")

    @property
    def dials(self) -> str | None:
        """The number that is dialled."""
        return self.root.findtext("Dial/Number")

    @property
    def hangs_up(self) -> bool:
        return self.root.find("Hangup") is not None

    @property
    def action(self) -> str:
        found = self.root.find("Gather") if self.gather is not None else self.root.find("Dial")
        assert found is not None, "Twilio would end the call here"
        return found.attrib["action"]


def read_twiml(xml: str) -> Said:
    """Read an answer; AssertionError when Twilio would refuse it, or when it leaves the caller in silence."""
    root = ElementTree.fromstring(xml)
    _check_places(root)
    schema = _schema()
    if schema:
        schema.validate(xml)
    assert root.tag == "Response"
    assert list(root), "an empty answer ends the call in silence"
    said = Said(root)
    assert root.find("Reject") is not None or said.text.strip(), "nothing is said"
    assert all(text.strip() for _, text in said.texts)
    return said


def _check_places(element: ElementTree.Element) -> None:
    for child in element:
        assert child.tag in INSIDE.get(element.tag, ()), f"<{child.tag}> inside <{element.tag}>"
        _check_places(child)


@lru_cache(maxsize=1)
def _schema() -> Any:
    folder = os.environ.get("TEST_SPECS")
    if not folder or not (Path(folder) / SCHEMA).is_file():
        return None
    import xmlschema

    return xmlschema.XMLSchema(Path(folder) / SCHEMA)
