"""Two questions in one message: each is understood on its own, in the same pass through the pipeline.

Rasa hands a pipeline a list that holds one message. The splitter puts the single questions behind it, every
component in between treats them like messages, and the joiner folds them back into the first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from spineline.content.questions import QuestionReader, load_question_reader
from spineline.nlu.answer_ranker import ANSWERS
from spineline.text.letters import Typed


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuestionSplitter(GraphComponent):
    """First in the pipeline: appends one message for each single question."""

    def __init__(self, reader: QuestionReader) -> None:
        self._reader = reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cues`: the file with the words that make a question."""
        return {"cues": "content/questions.yml"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionSplitter:
        """Read the cue words."""
        return cls(load_question_reader(Path(config["cues"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Append the parts of each message that holds several questions."""
        parts = (part for message in messages for part in self._reader.split(message.get(TEXT) or ""))
        return [*messages, *(Message({TEXT: Typed(part)}) for part in parts)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuestionJoiner(GraphComponent):
    """Last in the pipeline: folds the parts into `questions` of the first message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionJoiner:
        """Nothing to read."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Keep the whole message; the parts become data of it."""
        whole, *parts = messages
        if parts:
            whole.set("questions", [_as_data(part) for part in parts], add_to_output=True)
        return [whole]


def _as_data(part: Message) -> dict[str, Any]:
    return {
        "text": part.get(TEXT),
        "intent": part.get(INTENT)["name"],
        "entities": part.get(ENTITIES, []),
        "answers": part.get(ANSWERS, []),
    }
