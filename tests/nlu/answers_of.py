"""Prints, as JSON, what the model at argv[1] understands and answers to the sentences on standard input, one a line;
by Rasa's own agent. A program of its own, because `test_stock_rasa.py` runs it in two environments."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import warnings

import structlog


async def main(model: str, sentences: list[str]) -> None:
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    from rasa.core.agent import Agent

    from spineline.engine.actions_here import ActionsHere

    agent = Agent.load(model, action_endpoint=ActionsHere("actions"))
    found = {
        "tensorflow": getattr(sys.modules["tensorflow"], "__version__", None),
        "understood": [await agent.parse_message(sentence) for sentence in sentences],
        "answered": [await agent.handle_text(sentence, sender_id=sentence) for sentence in sentences],
    }
    json.dump(found, sys.stdout, default=float)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.stdin.read().splitlines()))
