"""What we ask of Twilio, checked against Twilio's own published description by Prism, which nobody here wrote."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import kept
import pytest
from patience import LONG_S, SHORT_S, until
from servers import free_port
from texting import NUMBER, PERSON, SID, TOKEN, TextServer, message, whatsapp

from spineline.accounts import Twilio
from spineline.channels.twilio.sender import TwilioError, TwilioSender
from spineline.channels.twilio.texts.parts import LONGEST_WHATSAPP
from spineline.content.library import ROOT, Content
from spineline.keep.deliveries import Deliveries, Draft
from spineline.turns.engine import Asked, Say

PRISM = ROOT / "tests/peers/node_modules/.bin/prism"
DESCRIPTION = Path(os.environ.get("TEST_SPECS", "")) / "twilio_api_v2010.json"
DOWN_S = float(os.environ.get("TEST_DOWN_S", "3"))
STARTS_WITHIN_S = 300


@contextmanager
def prism(port: int, log: Path) -> Iterator[str]:
    """Twilio's REST interface as its description has it; what does not fit is answered with an error."""
    command = [str(PRISM), "mock", "-p", str(port), "-h", "127.0.0.1", "--errors", str(DESCRIPTION)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.3)


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    if not (shutil.which("node") and PRISM.is_file()):
        pytest.skip("Prism is not there: it needs node, and `npm ci --prefix tests/peers`.")
    if not DESCRIPTION.is_file():
        pytest.skip("Twilio's description is not there: TEST_SPECS must name a folder with twilio_api_v2010.json.")


@pytest.fixture(scope="module")
def twilio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prism(free_port(), tmp_path_factory.mktemp("prism") / "log.txt") as address:
        yield address


@pytest.fixture
async def sender(twilio: str) -> AsyncIterator[TwilioSender]:
    sender = TwilioSender(Twilio(SID, TOKEN, NUMBER, twilio), Deliveries())
    yield sender
    await sender.close()


def draft(text: str = "hi", to: str = PERSON, ours: str = NUMBER) -> Draft:
    return Draft("sms", to, "sms:someone", {"text": text, "from": ours, "answers": "SM1"})


TAKEN = {
    "a text": draft(),
    "accents, emoji and signs": draft("¿Cuánto? 100 % & más + 🙂\n1. Sí"),
    "a long WhatsApp message": draft("á" * LONGEST_WHATSAPP, f"whatsapp:{PERSON}", f"whatsapp:{NUMBER}"),
}


@pytest.mark.parametrize("said", TAKEN.values(), ids=TAKEN)
async def test_what_we_send_is_as_twilio_describes_it(said: Draft, sender: TwilioSender) -> None:
    await sender.send(said)


async def test_the_peer_looks_at_what_it_gets(twilio: str) -> None:
    """Otherwise the test above would tell nothing."""
    cut = TwilioSender(Twilio(SID[:-1], TOKEN, NUMBER, twilio), Deliveries())
    with pytest.raises(TwilioError, match=r"^4"):
        await cut.send(draft())
    await cut.close()


async def test_no_answer_is_lost_while_twilio_is_down(content: Content, tmp_path: Path) -> None:
    port, gate = free_port(), asyncio.Event()
    async with TextServer(content, f"http://127.0.0.1:{port}") as server:

        async def slowly(said: Asked, say: Say) -> None:
            await gate.wait()
            await server.repeat(said, say)

        server.on_message, server.channel.answers_within_s = slowly, SHORT_S
        server.courier.waits_s = (0.5,)
        late = [await server.bring(fields("hi")) for fields in (message, whatsapp, message)]
        assert late == [[], [], []], "each is too late for the response"
        server.channel.answers_within_s = LONG_S
        gate.set()
        await until(lambda: waiting(server) == 3)
        await asyncio.sleep(DOWN_S)
        assert waiting(server) == 3
        assert await server.bring(message("now")), "what is in time is still answered"
        with ExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, prism(port, tmp_path / "log.txt"))
            await until(lambda: not waiting(server))
        assert not server.turns.metrics.registry.get_sample_value("spineline_failures_total", {"error": "TwilioError"})


def waiting(server: TextServer) -> int:
    return sum(kept.waiting(server.deliveries, channel) for channel in ("sms", "whatsapp"))
