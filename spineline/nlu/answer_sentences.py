"""Brings the ways of asking for each answer into training, so that the components behind it learn from them too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.asked import Asked, load_asked, titles
from spineline.content.cards import Card, defaults, load_cards
from spineline.content.questions import ABOUT

ASKED_FOR = "asked_for"  # of a training sentence: the answers of which it asks for one


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AnswerSentences(GraphComponent):
    """Before the tokenizer: adds data/answers/ and the titles of content/cards/ to what is learnt.

    Each of them asks for its own answer; which intent of its card it has is not known. Of a sentence of data/nlu/ only
    the intent is known: a question may ask for any answer of the intent's cards, all else ("thanks", pain, what is out
    of scope) for the one that the intent stands for. Danger has no card, so its intent is learnt by its own name: a
    sign of danger is not to look like a question. In a message nothing changes.
    """

    def __init__(self, cards: Path, sentences: Path) -> None:
        self._cards = cards
        self._sentences = sentences

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cards` and `sentences`: where they lie."""
        return {"cards": "content/cards", "sentences": "data/answers"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes when a sentence or a card changes, so that Rasa trains again."""
        folders = (Path(folder) for folder in {**cls.get_default_config(), **config}.values() if folder)
        parts = (path.read_bytes() for folder in folders for path in sorted(folder.glob("**/*.yml")))
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerSentences:
        """Read at training only."""
        return cls(Path(config["cards"]), Path(config["sentences"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """What is learnt, with the ways of asking."""
        cards = load_cards(self._cards)
        asked_for = _by_intent(cards)
        for example in training_data.training_examples:
            if intent := example.get(INTENT):
                example.set(ASKED_FOR, asked_for.get(intent, [intent]))
        asked = (*titles(cards), *load_asked(self._sentences, cards))
        merged: TrainingData = training_data.merge(TrainingData([_example(one) for one in asked]))
        return merged

    def process(self, messages: list[Message]) -> list[Message]:
        """Nothing to do."""
        return messages


def _example(asked: Asked) -> Message:
    return Message({TEXT: asked.text, ASKED_FOR: [asked.ref]})


def _by_intent(cards: Mapping[str, Card]) -> dict[str, list[str]]:
    """The answers that a sentence of each intent may ask for."""
    refs: dict[str, list[str]] = {}
    for card in cards.values():
        for intent in card.intents:
            refs.setdefault(intent, []).extend(answer.ref for answer in card.answers.values())
    said = {intent: [f"{card.id}/{ABOUT}"] for intent, card in defaults(cards).items() if not intent.startswith("ask_")}
    return {**refs, **said}
