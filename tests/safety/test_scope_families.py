"""Every sign in every turn of phrase that takes it back, in both languages: none alarms; said plainly, all do."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from spineline.danger.rules import RedFlagRules, load_red_flags

SIGNS = {
    "en": (
        "chest pain",
        "pressure in my chest",
        "trouble breathing",
        "a stroke",
        "slurred speech",
        "double vision and neck pain",
        "a seizure",
        "numbness between my legs",
        "numbness in my groin",
        "loss of bladder control",
        "trouble peeing",
        "loss of bowel control",
        "weakness in both legs",
        "numbness in both legs",
        "paralysis",
        "fever and back pain",
        "a stiff neck and a fever",
        "a blood clot in my leg",
        "swelling in my calf",
        "foot drop",
        "thoughts of suicide",
        "pus in my surgical wound",
        "palpitations and dizziness",
        "blue lips",
        "a drooping face",
        "an overdose",
        "hives and a swollen tongue",
        "a blow to the head and vomiting",
        "dark urine after the gym",
    ),
    "es": (
        "dolor de pecho",
        "presión en el pecho",
        "dificultad para respirar",
        "un derrame cerebral",
        "visión doble y dolor de cuello",
        "una convulsión",
        "adormecimiento en la entrepierna",
        "dormidas las partes íntimas",
        "pérdida de control de la vejiga",
        "problemas para orinar",
        "debilidad en las dos piernas",
        "hormigueo en las dos piernas",
        "parálisis",
        "fiebre y dolor de espalda",
        "el cuello tieso y calentura",
        "un coágulo en la pierna",
        "hinchada la pantorrilla",
        "pie caído",
        "pensamientos de suicidio",
        "pus en la herida de la operación",
        "palpitaciones y mareo",
        "los labios morados",
        "la cara caída",
        "una sobredosis",
        "ronchas y la lengua hinchada",
        "ganas de morirme",
        "un golpe en la cabeza y vómito",
        "la orina oscura después del gym",
    ),
}
FAMILIES = {
    "en": (
        "I don't have {}",
        "I've never had {}",
        "the doctors ruled out {}",
        "{} is not a problem for me",
        "{} is not an issue",
        "the doctor asked about {} and I said no",
        "they asked me if I had {}, I said no",
        "I'm worried about {} but I don't have it",
        "I'm afraid of getting {}",
        "I had {} last december",
        "I had {} three years ago",
        "my dad had {}",
        "my aunt had {} and it was nothing",
        "I no longer have {}",
        "I don't have {} or anything like that",
        "I thought it was {} but it turned out to be nothing",
    ),
    "es": (
        "no tengo {}",
        "nunca he tenido {}",
        "el doctor descartó {}",
        "{} no es problema para mí",
        "me preguntaron si tenía {} y dije que no",
        "el doctor me preguntó por {} y le dije que no",
        "me preocupa {} pero no lo tengo",
        "me da miedo tener {}",
        "tuve {} en diciembre pasado",
        "tuve {} hace tres años",
        "mi tía tuvo {}",
        "a mi abuelo le dio {} y no fue nada",
        "ya no tengo {}",
        "no he notado {}",
        "no tengo {} ni nada de eso",
        "pensé que era {} pero no fue nada",
    ),
}
ALL = [(lang, family, sign) for lang in FAMILIES for family, sign in product(FAMILIES[lang], SIGNS[lang])]


@pytest.fixture(scope="module")
def rules() -> RedFlagRules:
    return load_red_flags(Path(__file__).parents[2] / "content" / "red_flags.yml")


@pytest.mark.parametrize(("lang", "sign"), [(lang, sign) for lang in SIGNS for sign in SIGNS[lang]])
def test_a_sign_said_plainly_alarms(lang: str, sign: str, rules: RedFlagRules) -> None:
    have = {"en": "I have", "es": "tengo"}[lang]
    assert rules.assess(f"{have} {sign}").alarm


@pytest.mark.parametrize(("lang", "family", "sign"), ALL, ids=lambda part: part)
def test_a_sign_that_is_taken_back_is_silent(lang: str, family: str, sign: str, rules: RedFlagRules) -> None:
    assert not rules.assess(family.format(sign)).alarm


@pytest.mark.parametrize(("lang", "sign"), [(lang, sign) for lang in SIGNS for sign in SIGNS[lang]])
def test_what_took_a_sign_back_is_kept(lang: str, sign: str, rules: RedFlagRules) -> None:
    deny = {"en": "I do not have", "es": "no tengo"}[lang]
    taken_back = rules.assess(f"{deny} {sign}").taken_back
    assert taken_back
    assert {why for why, *_ in taken_back.values()} == {"deny"}
