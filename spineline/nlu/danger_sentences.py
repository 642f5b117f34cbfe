"""Brings the messages of people in danger into training: the components behind it count and encode them too."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.danger_said import load_danger_said

DANGER_SAID = "danger_said"  # of a training sentence: {"tier", "flag"}, both None for an ordinary one


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DangerSentences(GraphComponent):
    """Before the tokenizer: adds data/danger/ and the examples of the red-flag table. They have no intent."""

    def __init__(self, sentences: Path, table: Path) -> None:
        self._sentences = sentences
        self._table = table

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sentences` and `table`: where they lie."""
        return {"sentences": "data/danger", "table": "content/red_flags.yml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes when a sentence or a flag changes, so that Rasa trains again."""
        told = {**cls.get_default_config(), **config}
        paths = (*sorted(Path(told["sentences"]).glob("**/*.yml")), Path(told["table"]))
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerSentences:
        """Read at training only."""
        return cls(Path(config["sentences"]), Path(config["table"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """What is learnt, with these messages."""
        said = load_danger_said(self._sentences, self._table)
        examples = [
            Message({TEXT: one.text, DANGER_SAID: {"tier": one.tier and one.tier.value, "flag": one.flag}})
            for one in said
        ]
        merged: TrainingData = training_data.merge(TrainingData(examples))
        return merged

    def process(self, messages: list[Message]) -> list[Message]:
        """Nothing to do."""
        return messages
