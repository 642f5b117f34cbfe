"""Puts the language of a message beside its intent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from spineline.text.language import LanguageGuesser, load_language_guesser


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Sets `language` ("en", "es", "other" or None) on each message."""

    def __init__(self, guesser: LanguageGuesser) -> None:
        self._guesser = guesser

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: the file with the telling words of each language."""
        return {"words": "content/languages.yml"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Read the telling words."""
        return cls(load_language_guesser(Path(config["words"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the language to each message."""
        for message in messages:
            message.set("language", self._guesser.guess(message.get(TEXT) or ""), add_to_output=True)
        return messages
