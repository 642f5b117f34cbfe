"""spaCy's part in understanding: tokens, and the exercises, muscles and remedies that people name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from spineline.text.letters import fold
from spineline.text.schemas import read_checked

_RULERS_MARK = "||"  # what spaCy's entity ruler writes between a label and an id


def named_things(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every (label, value, surface form) of content/entities/<label>.yml, both languages."""
    for path in sorted(folder.glob("*.yml")):
        values = read_checked(path, "entities")
        for value, surfaces in values.items():
            for surface in [value, *surfaces["en"], *surfaces["es"]]:
                yield path.stem, value, surface


def build(folder: Path) -> Language:
    """A blank multi-language pipeline with an entity ruler over the folded forms; the longest match wins."""
    nlp = spacy.blank("xx")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    patterns = dict.fromkeys((label, value, fold(surface)) for label, value, surface in named_things(folder))
    ruler.add_patterns([{"label": label, "pattern": surface, "id": value} for label, value, surface in patterns])
    return nlp


class Word(Token):
    """A token that names itself without a hash: Rasa asks each of a million after each component of a training."""

    def fingerprint(self) -> str:
        """All that tells it from another token."""
        return f"{self.start} {self.end} {self.text} {self.lemma} {self.data}"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class SpacyRuler(Tokenizer):
    """Built from `entities` when trained and stored inside the model, so that a model carries its own terms.

    spaCy keeps every word that it has seen; in a memory zone it drops the words of a message after the message.
    """

    def __init__(self, config: dict[str, Any], nlp: Language) -> None:
        super().__init__(config)
        self._nlp = nlp
        self._terms = nlp.get_pipe("entity_ruler").phrase_matcher

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`entities` is the folder of content/entities."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            "entities": "content/entities",
        }

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before it builds this component."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes when a term changes, so that Rasa trains again.

        For a node that is taken from its cache Rasa passes another component's config here, without `entities`.
        """
        folder = Path(config.get("entities") or cls.get_default_config()["entities"])
        parts = (path.read_bytes() for path in sorted(folder.glob("*.yml")))
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyRuler:
        """For training: read the terms."""
        component = cls(config, build(Path(config["entities"])))
        component._storage, component._resource = model_storage, resource
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the terms in the model."""
        with self._storage.write_to(self._resource) as folder:
            self._nlp.to_disk(folder / "spacy")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyRuler:
        """For answering: the terms come from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, spacy.load(folder / "spacy"))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens with their character offsets in the original text."""
        with self._nlp.memory_zone():
            return self._tokens(self._read(message.get(attribute)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add tokens and entities to each message."""
        for message in messages:
            with self._nlp.memory_zone():
                text = message.get(TEXT) or ""
                read = self._read(text)
                message.set(TOKENS_NAMES[TEXT], self._tokens(read))
                message.set(ENTITIES, message.get(ENTITIES, []) + self._found(text, read), add_to_output=True)
        return messages

    def _read(self, text: str) -> Doc:
        return self._nlp.make_doc(str(text))  # spaCy takes no other kind of text

    def _tokens(self, read: Doc) -> list[Token]:
        tokens: list[Token] = self._apply_token_pattern([Word(t.text, t.idx) for t in read if t.text.strip()])
        return tokens

    def _found(self, text: str, read: Doc) -> list[dict[str, Any]]:
        """The entities, looked for in the folded words, where they stand in the text."""
        folded = Doc(read.vocab, _folded_words(text, read), [bool(t.whitespace_) for t in read])
        longest = filter_spans(self._terms(folded, as_spans=True))  # as the ruler does, which counts its terms first
        return [_entity(term.label_, read[term.start : term.end]) for term in longest]


def _entity(rulers_name: str, words: Span) -> dict[str, Any]:
    label, _, value = rulers_name.partition(_RULERS_MARK)
    return {
        "entity": label,
        "value": value,
        "start": words.start_char,
        "end": words.end_char,
        "confidence": 1.0,
        "extractor": "SpacyRuler",
    }


def _folded_words(text: str, read: Doc) -> list[str]:
    folded = fold(text)
    if len(folded) == len(text):
        return [folded[t.idx : t.idx + len(t)] for t in read]
    return [fold(t.text) or t.text for t in read]
