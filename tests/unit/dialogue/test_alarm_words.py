"""Words while an alarm is open: what closes it, what does not, and what is asked or objected."""

import pytest

from spineline.content.choice import GETTING_HELP, NOT_MEANT
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarm_words import answer_id, asked_about, said_to_close

HELP_IS_THERE = """
the ambulance just pulled up
ok the paramedics are here now, thank you
i called 911 already
we already called
my sister is driving me there right now
My neighbor is taking me to the hospital.
we're at the emergency room
im at the er waiting
Just got to the hospital
yes. i'm on the phone with 911
the nurse is checking me out
heading to the ER now
sorry, my dad already called 911
i'm talking to a crisis counselor
i texted 988
help is on the way
ya llamamos al 911
Ya le marqué a la ambulancia
mi hermana ya llamó al 911
ya viene la ambulancia para acá, gracias
vienen los paramédicos en camino
voy para el hospital
ya estoy en emergencias
vamos llegando a urgencias
me lleva mi hermano
mi vecina me está llevando al hospital
ya me están atendiendo
estoy hablando con el 988
""".strip().splitlines()

NOT_SO = """
i was talking about my uncle, six years ago
that happened years ago
you misunderstood me
it was autocorrect
sorry that was a typo
I meant the leg day
i said i don't have chest pain
it was a misunderstanding
fue un malentendido
me entendió mal
eso le pasó a mi papá hace diez años
me refería al gimnasio
estaba hablando de una película
perdón, me expliqué mal
""".strip().splitlines()

STILL_OPEN = """
help
no
what
thanks
ok
yes
bye
i am
the hospital
ambulance
call 911
Call 911 now.
Llame al 911 ahora.
i will call later
i'll go to the er tomorrow
i went to the er last week
i called 911 but they hung up
i called 911 and nobody came
the ambulance is not coming
the ambulance came and left
my wife won't take me
i am not at the hospital
should i say the ambulance is coming
if the ambulance is coming
i was at the er and they sent me home
i meant my legs
that's my dad
i meant it
i can't
im not kidding
my mom had that too
that was painful
me quiero ir
ayuda
gracias
voy al rato
mañana voy al hospital
nadie me lleva al hospital
llamé al 911 pero no contestan
no viene la ambulancia
me regresaron del hospital
mi mamá también
no fue nada
lo digo en serio
hospital
ya
""".strip().splitlines()


@pytest.mark.parametrize("text", HELP_IS_THERE)
def test_help_that_is_there_or_coming_closes_an_alarm_in_own_words(text: str, content: Content) -> None:
    assert said_to_close(text, Tier.CALL_911, ["RF01"], content) == GETTING_HELP


@pytest.mark.parametrize("text", NOT_SO)
def test_a_misunderstanding_that_is_explained_closes_an_alarm(text: str, content: Content) -> None:
    assert said_to_close(text, Tier.CALL_911, ["RF01"], content) == NOT_MEANT


@pytest.mark.parametrize("text", STILL_OPEN)
@pytest.mark.parametrize("tier", [Tier.CALL_911, Tier.CRISIS_988, Tier.ED_NOW])
def test_nothing_less_closes_it(tier: Tier, text: str, content: Content) -> None:
    assert said_to_close(text, tier, ["RF10"], content) is None


ASKED = {
    "cost": [
        "i cant afford an ambulance",
        "will they charge me a fortune",
        "y me van a cobrar?",
        "what does the ER cost",
        "no tengo aseguranza",
        "¿cuánto me van a cobrar?",
    ],
    "papers": ["i'm undocumented", "will they call ice on me", "no tengo papeles", "me da miedo la migra"],
    "wait": ["can this wait till monday", "how urgent", "¿puedo esperar a que amanezca?", "mejor voy mañana"],
    "where": ["which hospital is best", "where do i go", "¿a cuál hospital voy?", "¿dónde queda?"],
    "what_to_say": ["what do i tell the nurse", "what should i say", "¿qué les digo?", "¿cómo les explico?"],
    "your_clinic": [
        "can i just come to you guys",
        "could dr bae see me instead",
        "¿mejor voy al consultorio?",
        "¿puedo ir con ustedes?",
    ],
    "going": ["ok i'm going", "we are leaving now", "ya voy para allá", "está bien, ya vamos"],
    "scared": ["im so scared", "i don't want to die", "tengo mucho miedo", "estoy bien nerviosa"],
    "how_serious": [
        "is this serious",
        "am i gonna die",
        "why?",
        "¿es muy grave?",
        "¿por qué?",
        "¿me voy a quedar así?",
    ],
    "parents": [
        "do i need to tell my dad",
        "my mom will be mad",
        "¿le tengo que decir a mi mamá?",
        "que no sepan mis papás",
    ],
    "nobody_answers": ["nobody is picking up", "they put me on hold", "no me contestan", "suena ocupado"],
    "drive": ["can i just drive myself", "should i get an uber", "¿puedo manejar?", "me voy en taxi"],
    "take": ["should i take an aspirin", "can i eat first", "¿me tomo una pastilla?", "¿puedo comer algo?"],
    "call_for_me": ["can you call them", "please send an ambulance", "¿usted puede llamar?", "mande una ambulancia"],
    "are_you_sure": ["are you sure", "you're just a bot", "¿está seguro?", "es solo un robot"],
    "alone": ["i have no ride", "i live alone", "no tengo quien me lleve", "vivo sola"],
    "refuse": ["i dont want to go to the hospital", "it's embarrassing", "no quiero ir", "me da pena"],
    "duties": [
        "who will watch my kids",
        "i can't miss work",
        "no puedo dejar a mis hijos",
        "me corren del trabajo, tengo turno",
    ],
    "interpreter": ["do they speak spanish there", "¿hablan español?", "no hablo inglés"],
    "passed": ["it went away", "i feel better now", "ya se me pasó", "me siento mejor"],
    "police": ["will they lock me up", "will they send the police", "¿me van a quitar a mis hijos?"],
    "what_happens": ["what will they do to me", "will i need surgery", "¿qué me van a hacer?"],
}


@pytest.mark.parametrize(("question", "text"), [(name, text) for name, texts in ASKED.items() for text in texts])
def test_what_keeps_people_from_help_is_heard(question: str, text: str, content: Content) -> None:
    assert asked_about(text, content) == question


def test_every_question_of_the_content_is_tried_here(content: Content) -> None:
    assert set(content.alarm_questions["questions"]) == set(ASKED)


@pytest.mark.parametrize("text", ["my back hurts", "hmm", "", "ok", "me duele", "aha"])
def test_other_words_ask_for_nothing(text: str, content: Content) -> None:
    assert asked_about(text, content) is None


@pytest.mark.parametrize("question", ["cost", "papers"])
@pytest.mark.parametrize("tier", [Tier.CALL_911, Tier.CRISIS_988, Tier.ED_NOW, Tier.CALL_TODAY])
def test_emergency_rooms_check_everybody_is_said_in_both_languages(tier: Tier, question: str, content: Content) -> None:
    id = answer_id(question, tier, content)
    assert "check everybody" in content.part(id, "en").read
    assert "revisa" in content.part(id, "es").read


def test_a_tier_has_words_of_its_own_where_the_same_words_would_be_wrong(content: Content) -> None:
    assert answer_id("drive", Tier.CALL_911, content) != answer_id("drive", Tier.ED_NOW, content)
    assert "988" in content.part(answer_id("nobody_answers", Tier.CRISIS_988, content), "en").read
