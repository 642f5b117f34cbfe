"""Runs the custom actions inside the server process, through rasa_sdk's own executor."""

from __future__ import annotations

import json
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from inspect import isclass, iscoroutinefunction, signature
from itertools import islice
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from spineline.content.library import Content
from spineline.dialogue.together import MOST

THREADS = 4  # plain actions at a time


class ActionsHere(EndpointConfig):
    """An action endpoint that is this process. Actions, forms and slot mappings all pass through it.

    An action that is a plain `def` may wait for something; it runs in a thread, so that nobody else waits with it.
    """

    def __init__(self, package: str, content: Content | None = None) -> None:
        super().__init__(url="in-process")
        self._executor = _Executor(content)
        self._executor.register_package(package)
        threads = ThreadPoolExecutor(THREADS, thread_name_prefix="action")
        for name, run in self._executor.actions.items():
            if not iscoroutinefunction(run):
                self._executor.actions[name] = _in_thread(run, threads)

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run one action; same request and response as over HTTP."""
        return await self._executor.run(json)


class _Executor(ActionExecutor):
    """Gives the clinic's content to the actions that ask for it by a parameter of that name."""

    def __init__(self, content: Content | None) -> None:
        super().__init__()
        self._content = content

    def register_action(self, action: Any) -> None:
        """See ActionExecutor."""
        is_given = isclass(action) and "content" in signature(action).parameters
        super().register_action(action(content=self._content) if is_given else action)


def _latest(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """What was said last, the latest message and those just before it, in order: words and times, nothing else."""
    said = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    return [
        {"event": UserUttered.type_name, "text": event.text, "timestamp": event.timestamp}
        for event in reversed([*islice(said, 1 + MOST)])
    ]


class ActionHere(RemoteAction):
    """Rasa's remote action without the cost of a remote one.

    It hands over the latest messages and the slots, but no other events: a request stays as small at turn 300 as at
    turn 1. What comes back is checked by hand; Rasa compiles and runs a JSON schema on every call.
    """

    def __init__(self, name: str, endpoint: EndpointConfig, domain: dict[str, Any]) -> None:
        super().__init__(name, endpoint)
        self._whole_domain = domain

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        state = tracker.current_state()
        slots = json.loads(json.dumps(state["slots"]))  # as they come from a store; `deepcopy` takes five times as long
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": {**state, "slots": slots, "events": _latest(tracker)},
            "domain": self._whole_domain,
        }

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Ask the endpoint, and make events of what it returns: first what was said, then the rest."""
        result = await self.action_endpoint.request(json=self._action_call_format(tracker, domain))
        self._validate_action_result(result)
        said = await self._utter_responses(result.get("responses", []), output_channel, nlg, tracker)
        return [*said, *map(_event, result.get("events", []))]

    def _validate_action_result(self, result: Any) -> bool:
        for part, key in (("events", "event"), ("responses", None)):
            entries = result.get(part, []) if isinstance(result, dict) else None
            if not isinstance(entries, list) or not all(
                isinstance(entry, dict) and (key is None or isinstance(entry.get(key), str)) for entry in entries
            ):
                raise ValueError(f"{self.name()}: '{part}' must be a list of objects as rasa_sdk makes them.")
        return True


def _in_thread(run: Callable[..., Any], threads: ThreadPoolExecutor) -> Callable[..., Any]:
    async def run_there(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return await get_running_loop().run_in_executor(threads, run, dispatcher, tracker, domain)

    return run_there


def _event(given: dict[str, Any]) -> Event:
    """Rasa looks for the class of an event among all classes; nearly all of ours set a slot."""
    if given["event"] == "slot":
        return SlotSet(given["name"], given.get("value"), given.get("timestamp"))
    return Event.from_parameters(given)
