"""Brings the messages of people in danger into training: the components behind it count and encode them too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.asked import load_asked
from spineline.content.cards import load_cards
from spineline.content.clinic import LANGUAGES
from spineline.content.danger_said import DangerSaid, load_danger_said
from spineline.nlu.around import Ordinary, load_around
from spineline.text.language import load_language_guesser

DANGER_SAID = "danger_said"  # of a training sentence: {"tier", "flag"}, both None for an ordinary one


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DangerSentences(GraphComponent):
    """Before the tokenizer: adds data/danger/ and the examples of the red-flag table. They have no intent.

    Each is taught a second time inside something ordinary: half of the people in danger say it beside a request. What
    only sounds like danger stands there too, so that company says nothing.
    """

    def __init__(self, places: dict[str, Path]) -> None:
        self._places = places

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sentences`, `table`, and what is ordinary: where they lie."""
        return {
            "sentences": "data/danger",
            "table": "content/red_flags.yml",
            "cards": "content/cards",
            "asked": "data/answers",
            "around": "data/around",
            "languages": "content/languages.yml",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes when a sentence or a flag changes, so that Rasa trains again."""
        places = (Path({**cls.get_default_config(), **config}[name]) for name in cls.get_default_config())
        files = (path for place in places for path in (sorted(place.glob("**/*.yml")) if place.is_dir() else [place]))
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerSentences:
        """Read at training only."""
        return cls({name: Path(config[name]) for name in cls.get_default_config()})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """What is learnt, with these messages."""
        said = load_danger_said(self._places["sentences"], self._places["table"])
        merged: TrainingData = training_data.merge(TrainingData(list(self._examples(said))))
        return merged

    def _examples(self, said: tuple[DangerSaid, ...]) -> Iterator[Message]:
        guesser, ordinary = load_language_guesser(self._places["languages"]), self._ordinary()
        chance = Random(0)  # noqa: S311 - the same company at each training
        for one in said:
            told = {"tier": one.tier and one.tier.value, "flag": one.flag}
            language = guesser.guess(one.text)
            inside = ordinary.inside(one.text, language if language in LANGUAGES else LANGUAGES[0], chance)
            yield from (Message({TEXT: text, DANGER_SAID: told}) for text in (one.text, inside))

    def _ordinary(self) -> Ordinary:
        asked = load_asked(self._places["asked"], load_cards(self._places["cards"]))
        questions = {language: [one.text for one in asked if one.language == language] for language in LANGUAGES}
        return Ordinary(load_around(self._places["around"]), questions)

    def process(self, messages: list[Message]) -> list[Message]:
        """Nothing to do."""
        return messages
