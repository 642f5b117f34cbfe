"""The net under the rules: how likely a message tells of danger that no rule knows, and of which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from spineline.danger.rules import RedFlagRules, shared_red_flags
from spineline.danger.tiers import Tier
from spineline.nlu.answer_sentences import ASKED_FOR
from spineline.nlu.committee_classifier import features
from spineline.nlu.danger_model import NO_DANGER, DangerModel, train_danger_model
from spineline.nlu.danger_sentences import DANGER_SAID

_FILE = "danger.npz"
_DANGER = "report_red_flag"
EMERGENCIES = frozenset((Tier.CALL_911, Tier.CRISIS_988, Tier.ED_NOW))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerNet(GraphComponent):
    """Sets `danger_tiers`, the chance of each tier of emergency, and `danger_flags`, [id, chance], the likeliest first.

    It learns from data/danger/, from the danger messages of data/nlu/ and from all that is asked for; what follows from
    its chance is for RedFlagDetector to say.
    """

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: DangerModel | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the features of the components before it."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rules`: their file; `most`: how many flags are named."""
        return {"rules": "content/red_flags.yml", "most": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerNet:
        """One that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerNet:
        """As it was trained."""
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as arrays:
            return cls(config, model_storage, resource, DangerModel.of_arrays(arrays))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all sentences of which it is known whether they tell of an emergency."""
        rules = shared_red_flags(Path(self._config["rules"]).resolve())
        taught = list(_taught(training_data.training_examples, rules))
        counts, vectors = zip(*(features(message) for message, _, _ in taught))
        self._model = train_danger_model(
            vstack(counts).tocsr(),
            np.vstack(vectors),
            [tier.value if tier else NO_DANGER for _, tier, _ in taught],
            [flag for _, _, flag in taught],
            [place for place, (message, _, _) in enumerate(taught) if _is_of_danger(message)],
        )
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._model.as_arrays())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put chance and flags on each message that has words."""
        for message in messages:
            counts, vector = features(message)
            if self._model is not None and vector is not None and counts.shape[1]:
                message.set("danger_tiers", self._model.chances(counts, vector), add_to_output=True)
                message.set("danger_flags", self._model.likely(vector)[: self._config["most"]], add_to_output=True)
        return messages


def _is_of_danger(message: Message) -> bool:
    return bool(message.get(DANGER_SAID)) or message.get(INTENT) == _DANGER


def _taught(messages: list[Message], rules: RedFlagRules) -> Iterator[tuple[Message, Tier | None, str | None]]:
    """Each sentence with the tier of its emergency, if it is one, and its flag; "today" is no class and left out."""
    for message in (one for one in messages if one.get(TEXT)):
        said, intent = message.get(DANGER_SAID), message.get(INTENT)
        if said:
            tier = said["tier"] and Tier(said["tier"])
            if tier is None or tier in EMERGENCIES:
                yield message, tier, said["flag"]
        elif intent == _DANGER:
            alarm = rules.assess(message.get(TEXT)).alarm
            if alarm and alarm.tier in EMERGENCIES:
                yield message, alarm.tier, alarm.id
        elif intent or message.get(ASKED_FOR):
            yield message, None, None
