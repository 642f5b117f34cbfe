"""Brings the ways of asking for each answer into training, so that the components behind it learn from them too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.asked import load_asked, titles
from spineline.content.cards import Card, defaults, load_cards
from spineline.content.clinic import LANGUAGES
from spineline.content.questions import ABOUT
from spineline.nlu.around import load_around
from spineline.text.language import load_language_guesser

ASKED_FOR = "asked_for"  # of a training sentence: the answers of which it asks for one
_IN_A_STORY = 0.6  # share of the sentences that are also taught with a story around them
_BARE = ("affirm", "deny", "goodbye", "greet", "thanks")  # intents that nobody tells a story around


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AnswerSentences(GraphComponent):
    """Before the tokenizer: adds data/answers/ and the titles of content/cards/ to what is learnt.

    Each of them asks for its own answer; which intent of its card it has is not known. Of a sentence of data/nlu/ only
    the intent is known: a question may ask for any answer of the intent's cards, all else ("thanks", pain, what is out
    of scope) for the one that the intent stands for. Danger has no card, so its intent is learnt by its own name: a
    sign of danger is not to look like a question. Many are taught a second time with a story around them, whatever they
    ask, so that a long message is not taken for something else because it is long. In a message nothing changes.
    """

    def __init__(self, cards: Path, sentences: Path, around: Path, languages: Path) -> None:
        self._cards = cards
        self._sentences = sentences
        self._around = load_around(around)
        self._guesser = load_language_guesser(languages)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cards`, `sentences` and what is told `around` them: where they lie; `languages`: the words that tell one."""
        return {
            "cards": "content/cards",
            "sentences": "data/answers",
            "around": "data/around",
            "languages": "content/languages.yml",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes when a sentence or a card changes, so that Rasa trains again."""
        places = (Path(place) for place in {**cls.get_default_config(), **config}.values() if place)
        files = (path for place in places for path in (sorted(place.glob("**/*.yml")) if place.is_dir() else [place]))
        parts = (path.read_bytes() for path in files)
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
        return cls(*(Path(config[name]) for name in ("cards", "sentences", "around", "languages")))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """What is learnt, with the ways of asking."""
        cards = load_cards(self._cards)
        asked_for = _by_intent(cards)
        for example in training_data.training_examples:
            if intent := example.get(INTENT):
                example.set(ASKED_FOR, asked_for.get(intent, [intent]))
        asked = (*titles(cards), *load_asked(self._sentences, cards))
        taught = [_example(one.text, [one.ref]) for one in asked]
        stories = self._stories([*training_data.training_examples, *taught])
        merged: TrainingData = training_data.merge(TrainingData([*taught, *stories]))
        return merged

    def _stories(self, examples: list[Message]) -> Iterator[Message]:
        """Some of the sentences in a story; only what they ask for is known of these, not their intent."""
        chance = Random(0)  # noqa: S311 - the same stories at each training
        for example in examples:
            text, asked_for = example.get(TEXT), example.get(ASKED_FOR)
            if text and asked_for and example.get(INTENT) not in _BARE and chance.random() < _IN_A_STORY:
                language = self._guesser.guess(text)
                known = language if language in LANGUAGES else LANGUAGES[0]
                yield _example(self._around.told(text, known, chance), asked_for)

    def process(self, messages: list[Message]) -> list[Message]:
        """Nothing to do."""
        return messages


def _example(text: str, asked_for: list[str]) -> Message:
    return Message({TEXT: text, ASKED_FOR: asked_for})


def _by_intent(cards: Mapping[str, Card]) -> dict[str, list[str]]:
    """The answers that a sentence of each intent may ask for."""
    refs: dict[str, list[str]] = {}
    for card in cards.values():
        for intent in card.intents:
            refs.setdefault(intent, []).extend(answer.ref for answer in card.answers.values())
    said = {intent: [f"{card.id}/{ABOUT}"] for intent, card in defaults(cards).items() if not intent.startswith("ask_")}
    return {**refs, **said}
