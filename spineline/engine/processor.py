"""Rasa's message processor, doing each thing once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_index, action_for_name_or_text
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS, ACTION_LISTEN_NAME, ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from spineline.engine.actions_here import ActionHere
from spineline.engine.runner import DirectRunner
from spineline.engine.together import Together
from spineline.nlu.sentence_encoder import SentenceEncoder


class Processor(MessageProcessor):
    """Gives the same answers as Rasa's; leaves out what only its debug log and its warnings use.

    Rasa makes every default action anew for each prediction, plans its graph for each run, and copies whole messages
    and states for a log that nobody reads (and that would hold what people wrote).
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._encoder = self.graph_runner.component(SentenceEncoder)
        self._together = Together(self._encoder.encode) if self._encoder else None
        self._whole_domain = self.domain.as_dict()
        self._actions: dict[int, Action] = {}
        extracting = action_for_name_or_text(ACTION_EXTRACT_SLOTS, self.domain, self.action_endpoint)
        self._extract_slots = extracting if _takes_from_messages(self.domain) else None

    @staticmethod
    def _load_model(model_path: Path | str) -> tuple[str, ModelMetadata, GraphRunner]:
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, DirectRunner
            )
        return os.path.basename(model_path), metadata, runner

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """What the model understands of a message; a tapped quick reply says it outright."""
        if choice := (message.metadata or {}).get("choice"):
            return _tapped(message, choice)
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        vector = await self._together.vector(message.text) if self._together and message.text else None
        with nullcontext() if vector is None else self._encoder.at_hand(message.text, vector):
            understood: dict[str, Any] = self._parse_message_with_graph(message, tracker, only_output_properties)
        self._update_full_retrieval_intent(understood)
        return understood

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Set the slots that the domain maps from the message."""
        if self._extract_slots is None:
            return tracker
        events = await self._extract_slots.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """The next action; ours where it is a custom one."""
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._action(prediction.max_confidence_index), prediction

    def _action(self, index: int) -> Action:
        if index in self._actions:
            return self._actions[index]
        action = action_for_index(index, self.domain, self.action_endpoint)
        if type(action) is RemoteAction:
            action = ActionHere(action.name(), self.action_endpoint, self._whole_domain)
        if isinstance(action, ActionHere) or action.name() == ACTION_LISTEN_NAME:
            self._actions[index] = action
        return action

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Any] | None, prediction: PolicyPrediction
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Slots are not logged."""


def _takes_from_messages(domain: Domain) -> bool:
    """Whether any slot is set before the actions run; one whose mapping is plain `custom` is left to them."""
    mappings = [mapping for slot in domain.slots for mapping in slot.mappings]
    are_plain = all(mapping.get("type") == "custom" and "action" not in mapping for mapping in mappings)
    return not are_plain or ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions


def _tapped(message: UserMessage, choice: Mapping[str, str]) -> dict[str, Any]:
    intent = {"name": choice["intent"], "confidence": 1.0}
    entities = [{"entity": "choice", "value": choice["id"]}]
    return {"text": message.text, "intent": intent, "intent_ranking": [intent], "entities": entities}
