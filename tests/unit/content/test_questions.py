"""How people ask, in both languages: the kind of question, several at once, and follow-ups."""

import unicodedata

import pytest

from spineline.content.library import Content
from spineline.text.letters import clean

KINDS = {
    "how_long": [
        "how long do i hold it",
        "for how many seconds",
        "what duration for a plank",
        "¿cuánto tiempo la mantengo?",
        "cuantos segundos",
        "cuanto dura el dolor",
    ],
    "how_often": [
        "how often should i stretch",
        "how many times a week",
        "is every day too much",
        "¿cada cuándo? cada cuanto lo hago",
        "cuantas veces por semana",
        "con qué frecuencia",
        "puedo hacerlo todos los días",
    ],
    "how_many": ["how many crunches", "what reps", "¿cuántas hago?", "cuantos abdominales", "numero de repeticiones"],
    "how_much": [
        "how much weight can i add",
        "how heavy should i go",
        "¿cuánto peso le pongo?",
        "que tanto peso cargo",
    ],
    "instead": [
        "what can i do instead of sit ups",
        "any alternatives to crunches",
        "¿qué hago en vez de abdominales?",
        "en ves de correr",
        "hay alternativas",
    ],
    "why": [
        "why is the core important",
        "whats the point of stretching",
        "¿por qué me duele?",
        "xq es bueno",
        "para que sirve",
    ],
    "when": [
        "should i stretch before or after",
        "when should i see a doctor",
        "¿antes o después de entrenar?",
        "cuándo debo ir al doctor",
    ],
    "safe": [
        "are crunches safe to do",
        "is it safe",
        "can deadlifts hurt my spine",
        "¿son malas las sentadillas?",
        "es peligroso",
        "hace daño tronarse el cuello",
    ],
    "which": ["which muscles", "what stretches are there", "¿cuáles músculos?", "que estiramientos hay"],
    "how": ["how do i do a bird dog", "show me the steps", "¿cómo se hace?", "enséñeme la técnica"],
}
ASKED = [(text, kind) for kind, texts in KINDS.items() for text in texts]


@pytest.mark.parametrize(("text", "kind"), ASKED, ids=[text for text, _ in ASKED])
def test_the_kind_of_question_is_read(text: str, kind: str, content: Content) -> None:
    assert content.questions.kind(text) == kind


@pytest.mark.parametrize("text", ["planks", "tell me about my core", "la plancha", "mi espalda", "", "👍", "showroom"])
def test_no_kind_shows_where_none_is_asked(text: str, content: Content) -> None:
    assert content.questions.kind(text) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "How long do I hold a plank? And are crunches bad?",
            ("How long do I hold a plank?", "And are crunches bad?"),
        ),
        (
            "how many crunches should i do and how often do i stretch",
            ("how many crunches should i do", "how often do i stretch"),
        ),
        (
            "¿Cuánto tiempo pongo hielo? ¿Y cuántas veces al día?",
            ("¿Cuánto tiempo pongo hielo?", "¿Y cuántas veces al día?"),
        ),
        (
            "cuantas planchas hago y como se hace el puente",
            ("cuantas planchas hago", "como se hace el puente"),
        ),
        (
            "What is your address?\nHow much is a visit?",
            ("What is your address?", "How much is a visit?"),
        ),
        (
            "How long do I hold a plank? And what are your opening hours?",
            ("How long do I hold a plank?", "And what are your opening hours?"),
        ),
        (
            "¿Es mala la plancha? ¿Y hay estacionamiento ahí?",
            ("¿Es mala la plancha?", "¿Y hay estacionamiento ahí?"),
        ),
        (
            "Why is it important? How is it done? How often is it done? Is it a safe thing?",
            ("Why is it important?", "How is it done?", "How often is it done?"),
        ),
    ],
    ids=[
        "english",
        "english joined by and",
        "spanish",
        "spanish joined by y",
        "two lines",
        "and what",
        "y hay",
        "three at most",
    ],
)
def test_several_questions_are_told_apart(text: str, parts: tuple[str, ...], content: Content) -> None:
    assert content.questions.split(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "how long do i hold a plank?",
        "is it ice and heat or only ice",
        "my back hurts and my leg too",
        "¿se pone hielo y calor o solo hielo?",
        "me duele el cuello y la espalda",
        "Hi! How often should i stretch?",
        "",
        "?!?!?!",
    ],
)
def test_one_question_stays_whole(text: str, content: Content) -> None:
    assert content.questions.split(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "and how many of those?",
        "what about the neck one?",
        "how often",
        "is it safe?",
        "why?",
        "and the plank?",
        "how long should i hold it",
        "¿y cuántas de esas?",
        "y el del cuello",
        "¿cada cuánto?",
        "y la plancha?",
        "es seguro",
        "que tal el puente",
        "cuanto tiempo la sostengo",
        "so how many",
        "how far",
        "entonces cuántos minutos",
        "y para el cuello",
    ],
)
def test_a_follow_up_points_back(text: str, content: Content) -> None:
    assert content.questions.points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "how long do i hold a plank",
        "are crunches safe to do",
        "¿cuánto cuesta una consulta con el doctor?",
        "necesito una cita",
        "and i also wanted to ask whether you take my kind of insurance",
        "thanks",
        "so can i deadlift again",
        "entonces puedo nadar",
        "",
    ],
)
def test_a_message_that_stands_alone_does_not_point_back(text: str, content: Content) -> None:
    assert not content.questions.points_back(text)


def test_questions_with_accents_typed_apart_are_cut_between_words(content: Content) -> None:
    text = unicodedata.normalize("NFD", "¿Cuánto dura el estiramiento de isquiotibiales y cuántas veces por semana?")
    parts = content.questions.split(clean(text))
    assert parts == ("¿Cuánto dura el estiramiento de isquiotibiales", "cuántas veces por semana?")


@pytest.mark.parametrize("text", ["I'm 58. is it too late for me", "Tengo 29 años. ¿será tarde?"])
def test_a_question_behind_what_somebody_tells_is_heard(text: str, content: Content) -> None:
    assert content.questions.asks(text)


@pytest.mark.parametrize("text", ["I'm 58. I walk my dog", "Tengo 29 años. Camino con mi perro."])
def test_who_only_tells_asks_nothing(text: str, content: Content) -> None:
    assert not content.questions.asks(text)
