"""Makes tests/install/first_version: what the first version of Spineline wrote while people talked to it.

Run once, from a checkout of that version (commit 6742214) with its trained model, this file beside its tests:
`PYTHONPATH=.:tests:tests/channels .venv/bin/python tests/install/make_first_version.py tests/install/first_version`.
Never run it with newer code: the folder is there to show that newer code goes on with what the old one wrote.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fake_bot_api import ACCOUNT as BOT
from servers import say, spineline_server
from telegram_line import TelegramLine, typed
from text_line import TextLine
from web_line import WebLine

DATABASES = ("conversations", "outbox", "deliveries", "links", "notices")
NOBODY = "http://127.0.0.1:9"  # a Telegram that cannot be reached, so that an answer waits
TALKS = {
    "rest:maria": ["hola", "¿por qué debo fortalecer el abdomen?"],
    "rest:john": ["hello", "what is the hamstring stretch for?", "how long do I hold a hamstring stretch?"],
    "rest:lee": ["my lower back is a bit stiff since yesterday", "none of these"],
    "rest:rosa": ["me duele un poco la cintura desde ayer"],
    "rest:frank": ["there is a crushing pain in my chest and it goes into my left arm"],
    "rest:ines": ["hola", "ya no quiero vivir con este dolor"],
    "rest:ruth": ["my legs won't move since the fall", "I am getting help"],
    "rest:anna": ["how do I do a bird dog?"],
}
OPTED_OUT, LINKED = ("+13105560001", "+13105560002"), "+13105560003"


def main(folder: Path) -> None:
    """Hold the conversations with a real server, end it, and write down what it left."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        data_dir, texts = Path(name), TextLine()
        accounts = {**texts.accounts, **BOT, "TELEGRAM_API": NOBODY}
        with spineline_server(data_dir, accounts=accounts) as base:
            facts = _talk(base, data_dir, texts)
        texts.close()
        for database in DATABASES:
            connection = sqlite3.connect(data_dir / f"{database}.db")
            (folder / f"{database}.sql").write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
            connection.close()
        (folder / "secret.txt").write_text((data_dir / "secret").read_text() + "\n")
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _talk(base: str, data_dir: Path, texts: TextLine) -> dict[str, Any]:
    for sender, messages in TALKS.items():
        for message in messages:
            _show(sender, message, say(base, sender.partition(":")[2], message))
    nobody = SimpleNamespace(line=lambda *_: "", clinic=SimpleNamespace(languages=()))
    _texts(base, data_dir, texts, nobody)
    _telegram(base, data_dir, nobody)
    web = _website(base, data_dir, nobody)
    return {**web, "opted_out": OPTED_OUT, "linked": LINKED, "code": _code(base), "made": int(time.time())}


def _texts(base: str, data_dir: Path, texts: TextLine, content: Any) -> None:
    texts.connect(base, data_dir, content)
    for person, text in zip(OPTED_OUT, ("STOP", "ya no me mande mensajes")):
        _show("sms", "hello", texts.bring(person, "hello"))
        _show("sms", text, texts.bring(person, text))
    link = f"link {_code(base)}"
    _show("sms", link, texts.bring(LINKED, link))
    _show("sms", "plank", texts.bring(LINKED, "how do I do a plank?"))


def _code(base: str) -> str:
    return str(say(base, "anna", "link my chats")[-1]["text"]).split(": ")[1][:9]


def _telegram(base: str, data_dir: Path, content: Any) -> None:
    line = TelegramLine()
    line.connect(base, data_dir, content)
    assert line.bring(typed(77, "should I use ice or heat?")) == 200
    line.api.close()


def _website(base: str, data_dir: Path, content: Any) -> dict[str, Any]:
    """One chat whose answer has not arrived, one that read all of it, one in which an alarm is open."""
    line = WebLine()
    line.connect(base, data_dir, content)
    waits = line._ask("session", {"consent": True})["session"]
    line._ask("message", {"session": waits, "id": "waiting1", "text": "what shoes are good for lifting?"})
    polled = line._ask("poll", {"session": waits, "since": 0})
    for name, text in (("read", "how do I do a side plank?"), ("alarm", "no siento la entrepierna y no puedo orinar")):
        _show(name, text, line.say(name, text))
        line._ask("message", {"session": line._sessions[name], "since": line._arrived[name]})
    wish = line._ask("session", {"consent": True, "language": "es"})["session"]
    return {
        "waiting": {"session": waits, "id": "waiting1", "reply": polled["events"][-1]["reply"]["text"]},
        "read": {"session": line._sessions["read"], "since": line._arrived["read"]},
        "alarm": {"session": line._sessions["alarm"], "since": line._arrived["alarm"]},
        "spanish": {"session": wish},
    }


def _show(who: str, said: str, answer: Any) -> None:
    texts = [part["text"] if isinstance(part, dict) else part for part in answer]
    sys.stderr.write(f"{who}: {said}\n    {' | '.join(texts)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
