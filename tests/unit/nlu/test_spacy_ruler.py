"""The entity ruler: what people call exercises, muscles, remedies and body parts becomes one value."""

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.library import ROOT
from spineline.nlu.spacy_ruler import SpacyRuler, Word, build
from spineline.text.letters import Typed

FOLDER = ROOT / "content" / "entities"
CONFIG = {**SpacyRuler.get_default_config(), "entities": str(FOLDER)}


@pytest.fixture(scope="module")
def ruler() -> SpacyRuler:
    return SpacyRuler(CONFIG, build(FOLDER))


def entities(ruler: SpacyRuler, text: str) -> list[dict[str, Any]]:
    message = Message({TEXT: text})
    ruler.process([message])
    found: list[dict[str, Any]] = message.get(ENTITIES)
    return found


def named(ruler: SpacyRuler, text: str) -> list[tuple[str, str]]:
    return [(entity["entity"], entity["value"]) for entity in entities(ruler, text)]


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("hamstring stretches", "exercise", "hamstring stretch"),
        ("stretching my hammies", "exercise", "hamstring stretch"),
        ("estirar los isquiotibiales", "exercise", "hamstring stretch"),
        ("straight leg raises", "exercise", "leg raise"),
        ("elevacion de piernas", "exercise", "leg raise"),
        ("neck rolls", "exercise", "neck rotation"),
        ("GIROS DE CUELLO", "exercise", "neck rotation"),
        ("lying twists", "exercise", "trunk twist"),
        ("torsion de tronco", "exercise", "trunk twist"),
        ("the planck", "exercise", "plank"),
        ("hacer planchas", "exercise", "plank"),
        ("deadbugs", "exercise", "dead bug"),
        ("el bicho muerto", "exercise", "dead bug"),
        ("bird-dog", "exercise", "bird dog"),
        ("perro pajaro", "exercise", "bird dog"),
        ("crunchs", "exercise", "crunch"),
        ("encogimientos", "exercise", "crunch"),
        ("sqauts", "exercise", "squat"),
        ("sentadillas", "exercise", "squat"),
        ("dead lifts", "exercise", "deadlift"),
        ("peso muerto", "exercise", "deadlift"),
        ("my gluts", "muscle", "glutes"),
        ("los gluteos", "muscle", "glutes"),
        ("side abs", "muscle", "obliques"),
        ("OBLICUOS", "muscle", "obliques"),
        ("tummy muscles", "muscle", "abdominals"),
        ("musculos de la panza", "muscle", "abdominals"),
        ("flexores de la cadera", "muscle", "hip flexors"),
        ("frozen peas", "remedy", "ice"),
        ("bolsa de hielo", "remedy", "ice"),
        ("una compresa caliente", "remedy", "heat"),
        ("lowerback", "body_part", "lower back"),
        ("la cintura", "body_part", "lower back"),
        ("nalgas", "body_part", "buttock"),
        ("es insoportable", "pain_level", "severe"),
        ("10/10", "pain_level", "severe"),
    ],
)
def test_every_name_becomes_one_value(text: str, label: str, value: str, ruler: SpacyRuler) -> None:
    assert (label, value) in named(ruler, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("side plank", [("exercise", "side plank")]),
        ("plancha lateral", [("exercise", "side plank")]),
        ("ice or heat", [("remedy", "ice or heat")]),
        ("hielo o calor", [("remedy", "ice or heat")]),
    ],
)
def test_the_longest_name_wins(text: str, found: list[tuple[str, str]], ruler: SpacyRuler) -> None:
    assert named(ruler, text) == found


@pytest.mark.parametrize(
    "text",
    ["my low back and my lower back", "side plank or plank side plank", "hielo o calor en la cintura", "nothing"],
)
def test_what_is_found_is_what_spacys_own_ruler_finds(text: str, ruler: SpacyRuler) -> None:
    assert named(ruler, text) == [(ent.label_, ent.ent_id_) for ent in ruler._nlp(text).ents]


def test_a_sentence_in_two_languages_names_its_things(ruler: SpacyRuler) -> None:
    assert named(ruler, "me duele el lower back por los deadlifts") == [
        ("body_part", "lower back"),
        ("exercise", "deadlift"),
    ]


@pytest.mark.parametrize("text", ["is it ok", "gracias", "", "🧊", "planking's cousin", "nicest"])
def test_parts_of_other_words_name_nothing_new(text: str, ruler: SpacyRuler) -> None:
    assert ("remedy", "ice") not in named(ruler, text)


@pytest.mark.parametrize("text", ["Bad PLANK form", "¿Está bien un PUENTE?"])
def test_offsets_point_into_what_was_written(text: str, ruler: SpacyRuler) -> None:
    (entity,) = (e for e in entities(ruler, text) if e["entity"] == "exercise")
    assert text[entity["start"] : entity["end"]] in ("PLANK", "PUENTE")


def test_offsets_are_right_where_folding_changes_the_length(ruler: SpacyRuler) -> None:
    text = "cua\u0301ntas planchas"
    (entity,) = entities(ruler, text)
    assert text[entity["start"] : entity["end"]] == "planchas"


@pytest.mark.parametrize("kind", [str, Typed], ids=["plain", "typed"])
def test_tokens_carry_their_place_in_the_text(kind: type[str], ruler: SpacyRuler) -> None:
    tokens = ruler.tokenize(Message({TEXT: kind("  ¿Duele  aquí?")}), TEXT)
    assert [(token.text, token.start) for token in tokens] == [("¿", 2), ("Duele", 3), ("aquí", 10), ("?", 14)]


@pytest.mark.parametrize("text", ["my name is wilhelmina{n}", "me llamo guillermina{n}"])
def test_no_word_of_a_message_is_kept(text: str, ruler: SpacyRuler) -> None:
    before = len(ruler._nlp.vocab.strings)
    ruler.process([Message({TEXT: text.format(n=n)}) for n in range(2_000)])
    assert len(ruler._nlp.vocab.strings) == before


def test_a_new_term_makes_rasa_train_again(tmp_path: Any) -> None:
    (tmp_path / "exercise.yml").write_text("plank: {en: [plank], es: [plancha]}\n")
    before = SpacyRuler.fingerprint_addon({"entities": str(tmp_path)})
    (tmp_path / "exercise.yml").write_text("plank: {en: [plank, planks], es: [plancha]}\n")
    assert SpacyRuler.fingerprint_addon({"entities": str(tmp_path)}) != before


def test_a_model_carries_its_own_terms(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, default_model_storage: ModelStorage
) -> None:
    (tmp_path / "exercise.yml").write_text("plank: {en: [wobble board], es: [tabla loca]}\n")
    context, resource = ExecutionContext(GraphSchema({})), Resource("ruler")
    config = {**CONFIG, "entities": str(tmp_path)}
    SpacyRuler.create(config, default_model_storage, resource, context).train(TrainingData())
    (tmp_path / "exercise.yml").unlink()
    loaded = SpacyRuler.load(config, default_model_storage, resource, context)
    assert named(loaded, "la tabla loca") == [("exercise", "plank")]


@pytest.fixture
def default_model_storage(tmp_path_factory: pytest.TempPathFactory) -> ModelStorage:
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    return LocalModelStorage.create(tmp_path_factory.mktemp("storage"))


def test_a_word_names_all_that_tells_it_from_another() -> None:
    words = [
        Word("back", 0),
        Word("backs", 0),
        Word("back", 5),
        Word("back", 0, lemma="x"),
        Word("back", 0, data={"a": 1}),
    ]
    assert len({word.fingerprint() for word in words}) == len(words)
    assert Word("back", 0).fingerprint() == Word("back", 0).fingerprint()
