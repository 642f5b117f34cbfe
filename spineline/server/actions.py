"""Runs the custom actions inside the server process, through rasa_sdk's own executor."""

from __future__ import annotations

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

_SCHEMA = RemoteAction.action_response_format_spec()
_RESPONSE = validator_for(_SCHEMA)(_SCHEMA)


class ActionsHere(EndpointConfig):
    """An action endpoint that is this process. Actions, forms and slot mappings all pass through it."""

    def __init__(self, package: str) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run one action; same request and response as over HTTP."""
        return await self._executor.run(json)


class CompiledAction(RemoteAction):
    """Rasa's remote action with the response schema compiled once; Rasa compiles it on every call."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        _RESPONSE.validate(result)
        return True


class Processor(MessageProcessor):
    """Takes over what Rasa loaded; differs only in the class of custom actions."""

    def __init__(self, loaded: MessageProcessor) -> None:
        self.__dict__.update(vars(loaded))

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """The next action, ours where it is a custom one."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is RemoteAction:
            action = CompiledAction(action.name(), self.action_endpoint)
        return action, prediction


class ClinicAgent(Agent):
    """Rasa's agent with our processor."""

    def load_model(self, model_path: Any, fingerprint: Any = None) -> None:
        """Load a model and put our processor around it."""
        super().load_model(model_path, fingerprint)
        self.processor: Any = Processor(self.processor)
