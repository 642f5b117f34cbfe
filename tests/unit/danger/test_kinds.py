"""Each kind of danger that strangers' messages named, in both languages, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spineline.danger.rules import RedFlagRules, load_red_flags
from spineline.danger.tiers import Tier

RULES = load_red_flags(Path(__file__).parents[3] / "content" / "red_flags.yml")
NOW, CRISIS, ED, TODAY = Tier.CALL_911, Tier.CRISIS_988, Tier.ED_NOW, Tier.CALL_TODAY

# kind: tier, then what alarms and what does not, in English and Spanish
KINDS: dict[str, tuple[Tier, tuple[str, str], tuple[str, str]]] = {
    "weight on the chest": (
        NOW,
        ("it's like a cow is standing right on my chest", "siento como un caballo parado encima del pecho"),
        ("nothing is sitting on my chest, I feel fine", "no siento nada encima del pecho"),
    ),
    "heart out of step, and dizzy": (
        NOW,
        ("my heart keeps skipping and I feel faint", "el corazón se me salta y ando mareado"),
        ("my heart was racing on the treadmill", "se me aceleró el corazón en la caminadora"),
    ),
    "the heart as before": (
        NOW,
        ("I have two stents and it is the same feeling as then", "tengo un stent y siento lo mismo que aquella vez"),
        ("I have a stent, can I do planks", "tengo un stent, puedo hacer planchas"),
    ),
    "something burst inside": (
        NOW,
        ("something tore inside my belly, I'm shaking", "algo se me reventó por dentro de la panza y estoy temblando"),
        ("my bag tore inside the gym", "se me rompió la bolsa en el gym"),
    ),
    "a limb without blood": (
        NOW,
        ("my back hurts and my left leg is ice cold and pale", "me duele la cintura y tengo una pierna fría y blanca"),
        ("my legs were cold at the beach", "tenía frías las piernas en la playa"),
    ),
    "half a smile": (
        NOW,
        ("when dad smiles only one side goes up", "a mi papá se le torció la boca"),
        ("I smile a lot these days", "se me cayó la cara de vergüenza"),
    ),
    "one eye gone": (
        NOW,
        ("a shade came down over my eye and my hand is numb", "no veía de un ojo y tengo dormida la mano"),
        ("my eyes get tired at the computer", "se me cansan los ojos en la computadora"),
    ),
    "speech gone": (
        NOW,
        ("she is talkin like she's drunk, she never drinks", "mi tía habla como si estuviera tomada y no ha tomado"),
        ("I can't speak English well", "no hablo bien inglés"),
    ),
    "legs that do not obey": (
        NOW,
        ("my legs are not taking orders anymore", "mis piernas ya no me jalan"),
        ("my legs are fine and do what I tell them", "mis piernas me responden bien"),
    ),
    "negation twice": (
        NOW,
        ("I ain't got no feeling in neither foot and can't move them", "no siento ni las piernas ni nada"),
        ("I don't have no numbness", "no tengo nada dormido"),
    ),
    "something heavy on a person": (
        NOW,
        ("a beam came down on my coworker", "le cayó una viga a mi compañero en la espalda"),
        ("the price came down on the bar", "le bajaron el precio a la barra"),
    ),
    "off a vehicle": (
        NOW,
        ("my cousin came off his moped and can't turn his head", "salí volando de la moto y me duele el cuello"),
        ("I came off my diet", "me salí de la dieta"),
    ),
    "nobody home": (
        NOW,
        ("I can't rouse my dad", "no puedo despertar a mi tío"),
        ("my alarm can't wake me on mondays lol", "me cuesta levantarme temprano"),
    ),
    "low sugar": (
        NOW,
        ("my blood sugar reads 34", "mi azúcar está en 36"),
        ("the bar has 30 grams of sugar", "tiene 30 gramos de azúcar"),
    ),
    "no air": (
        NOW,
        ("it's like breathin through a wet rag", "no puedo jalar aire"),
        ("I breathe fine", "respiro bien"),
    ),
    "blue lips": (
        NOW,
        ("her lips look sort of bluish", "mi niña tiene los labios azulitos"),
        ("my lips are blue from the popsicle", "tengo la boca morada por la paleta"),
    ),
    "medicine doubled": (
        NOW,
        ("I double dosed my tramadol and I keep nodding off", "me tomé doble el tramadol y me estoy quedando dormido"),
        ("I took one tramadol at noon", "me tomé un tramadol al mediodía"),
    ),
    "swallowed in place of something": (
        NOW,
        ("my uncle drank the liniment thinking it was syrup", "se tomó el linimento pensando que era jarabe"),
        ("I put on the liniment", "me puse el linimento"),
    ),
    "swelling after a medicine": (
        NOW,
        ("my lips got huge after the diclofenac", "se me hincharon los labios con el diclofenaco"),
        ("the gel smells strong", "el gel huele fuerte"),
    ),
    "heat and a clouded mind": (
        NOW,
        (
            "hiking in this heat, he is staggering and his skin is like an oven",
            "por el calor anda ido y tiene la piel seca",
        ),
        ("it is hot today", "hace mucho calor hoy"),
    ),
    "skin that dies": (
        NOW,
        ("the wound turned black and it keeps spreading", "la herida se puso negra y se va extendiendo"),
        ("my bruise turned yellow", "el moretón ya se puso amarillo"),
    ),
    "struck at home": (
        NOW,
        ("he slammed me against the wall and took my keys", "mi marido me aventó contra la pared"),
        ("my trainer pushes me hard", "mi entrenador me exige mucho"),
    ),
    "a veiled threat": (
        NOW,
        ("I know where that surgeon lives and he will get what's coming", "voy a balacear esa clínica"),
        ("I'm fighting with the insurance", "me estoy peleando con el seguro"),
    ),
    "a bite that went wrong": (
        NOW,
        ("a piece of steak is stuck and she can't make a sound", "se le atoró la carne y no puede hablar"),
        ("meat gets stuck in my teeth", "se me atora la carne en las muelas"),
    ),
    "a fit": (
        NOW,
        ("he went stiff then started shaking and bit his tongue", "se puso tieso y le salió espuma en la boca"),
        ("these shoes don't fit", "no me quedan los tenis"),
    ),
    "asking God to be taken": (
        CRISIS,
        ("I pray god just takes me tonight", "le pido a Dios que ya me lleve"),
        ("God bless you all", "que Dios los bendiga"),
    ),
    "a life not wanted": (
        CRISIS,
        ("I don't wanna do life anymore", "ya no tengo ganas de seguir viviendo"),
        ("I don't want to live with my parents", "no quiero vivir con mis papás"),
    ),
    "hurting oneself": (
        CRISIS,
        ("I burn myself with a lighter to cope", "me corto los brazos para aguantar"),
        ("I hurt myself at the gym", "me lastimé en el gym"),
    ),
    "how much would it take": (
        CRISIS,
        ("how many percs would it take", "cuántas pastillas se necesitan para no despertar"),
        ("how many ibuprofen can I take a day", "cuántos ibuprofenos puedo tomar al día"),
    ),
    "means at hand": (
        CRISIS,
        ("I keep a revolver on the nightstand and stare at it", "tengo la soga aquí en la mesa"),
        ("I keep a rope in my truck for work", "uso la cuerda para brincar"),
    ),
    "in the way of others": (
        CRISIS,
        ("my kids would do better without me", "ya nomás soy una carga para mi esposa"),
        ("my kids are doing better", "mis hijos van mejor"),
    ),
    "goodbye": (
        CRISIS,
        ("I've decided. This is goodbye.", "dejé mis cosas arregladas para cuando no esté"),
        ("ok goodbye, see you tomorrow", "adiós, hasta mañana"),
    ),
    "an edge": (
        CRISIS,
        ("I'm on the ledge of the bridge", "estoy en la orilla del puente"),
        ("I do the bridge exercise", "hago el ejercicio del puente"),
    ),
    "pills in the hand": (
        NOW,
        ("I have the whole bottle of oxy in my lap, counting", "ya me las tomé todas, no manden a nadie"),
        ("the bottle of pills is in the cabinet", "las pastillas están en el cajón"),
    ),
    "the seat is not felt": (
        ED,
        ("I can't tell I'm sitting, like my bottom isn't there", "como si no tuviera pompis, no las siento"),
        ("I can't sit for long", "no puedo estar sentado mucho rato"),
    ),
    "not when it comes": (
        ED,
        ("it leaks without me knowing", "me mojé los pantalones sin sentir"),
        ("my water bottle leaks", "gotea la llave del agua"),
    ),
    "it does not come": (
        ED,
        ("stood at the toilet ten minutes and nothin came", "y tampoco puedo orinar desde anoche"),
        ("I can pee just fine", "sí puedo orinar bien"),
    ),
    "stool unfelt": (
        ED,
        ("turds just fall out of me", "obrando sin sentir desde ayer"),
        ("I poop fine every day", "hago del baño bien"),
    ),
    "the other side too": (
        ED,
        (
            "it started in one leg and now it's the two of them, numb",
            "empezó en una pierna y ahora las dos, como corcho",
        ),
        ("it is only the one leg, same as always", "es nomás una pierna, igual que siempre"),
    ),
    "calf in other words": (
        ED,
        ("behind my knee it's swollen and shiny red", "el chamorro se me puso duro y rojo"),
        ("my calves are tight from jump rope", "me duelen las pantorrillas de brincar"),
    ),
    "a quiet baby": (
        ED,
        ("I'm 31 weeks and he hasn't kicked since yesterday", "tengo ocho meses y no ha pateado desde anoche"),
        ("I haven't kicked a ball in years", "no he pateado un balón en años"),
    ),
    "pee like cola": (
        ED,
        ("after a thousand squats my pee looks like coke", "después de mil sentadillas orino color coca"),
        ("I drink coke after the gym", "tomo coca después del gym"),
    ),
    "the front of the foot": (
        TODAY,
        ("I can't pull my big toe up", "no puedo levantar la punta del pie"),
        ("I can lift my foot just fine", "puedo levantar bien el pie"),
    ),
    "bones that break of nothing": (
        TODAY,
        ("I'm 79, sat down too hard and can't straighten up", "mi abuela de 82 se sentó de golpe y no se endereza"),
        ("I sat down on the couch", "me senté en el sillón"),
    ),
    "after the needle": (
        TODAY,
        ("since the epidural my head pounds when I stand", "desde la epidural me duele la cabeza cuando me paro"),
        ("the epidural helped a lot", "la epidural me ayudó mucho"),
    ),
    "more than the label says, by mistake": (
        NOW,
        ("I swallowed five by mistake, the label says one", "me tomé seis por error y el frasco dice dos"),
        ("I took two, the label says two", "me tomé una, la etiqueta dice una"),
    ),
    "a child and what cleans or thaws": (
        NOW,
        ("the baby ate ice melt", "la niña se tragó pinol"),
        ("where do I buy ice melt", "limpié el piso con pinol y me duele la cintura"),
    ),
    "a child in somebody's pills": (
        NOW,
        ("my 3 year old got into my purse, my flexeril", "mi niño de 2 años abrió el frasco, faltan como 3 pastillas"),
        ("my niece is 2, which car seat spares my back", "mi niño de 2 años ya camina solo"),
    ),
    "breath that the inhaler does not bring back": (
        NOW,
        ("10 puffs of my inhaler and nothing", "a mi hija no se le quita con la bomba y se le hunde el cuello"),
        ("I take two puffs before the gym and I am fine", "uso mi inhalador antes del gym y bien"),
    ),
    "hit on the freeway": (
        NOW,
        ("got hit on the 405, neck hurts", "me pegaron en el freeway y me duele el cuello"),
        ("stuck on the 405 again, running late", "voy tarde, hay mucho tráfico en el freeway"),
    ),
    "strength gone from both legs": (
        ED,
        ("I keep losing strength in both legs", "se me quita la fuerza de las dos piernas"),
        ("I want more strength in both legs", "quiero más fuerza en las dos piernas"),
    ),
    "a joint out of its socket": (
        ED,
        ("my shoulder popped out doing cleans and my hand is tingly", "se me salió de su lugar el codo"),
        ("my shoulder pops out sometimes, is that bad", "el hombro me truena cuando lo muevo"),
    ),
    "a bone that looks bent": (
        ED,
        ("my wrist is bent like a spoon after the fall", "se cayó y el antebrazo se ve chueco"),
        ("is my wrist bent too far in push ups", "cómo pongo la muñeca en las lagartijas"),
    ),
    "a limb too tight after a kick": (
        ED,
        (
            "kicked in the shin, it gets tighter and tighter and it kills me if he moves my toes",
            "me patearon la espinilla, está durísima y si me mueven los dedos grito",
        ),
        ("my shins are tight after running", "traigo tiesas las espinillas de correr"),
    ),
    "aspirin and ears that ring": (
        NOW,
        ("goody powders all week and my ears keep ringing", "mucha aspirina y me zumban los oídos"),
        ("my ears pop on the plane", "me tomé una aspirina en la mañana"),
    ),
    "a sleep with no end, another world": (
        CRISIS,
        ("thinking about the permanent nap", "ya mero me cambio de mundo"),
        ("thinking about a nap", "cambio de clínica el lunes"),
    ),
    "safety left off on purpose": (
        CRISIS,
        ("I keep picturing the overpass", "trabajo en los techos y ya ni me amarro el arnés"),
        ("I keep picturing the exercise wrong", "uso arnés en los techos y me lastima la cintura"),
    ),
    "alive or not, all the same": (
        CRISIS,
        ("I don't care if I live", "me volví a cortar anoche"),
        ("I don't care which doctor I get", "me volví a cortar el pelo"),
    ),
    "fumes, and an edible that nobody knew": (
        ED,
        ("I mixed bleach and ammonia and I can't stop coughing", "se comió un brownie sin saber que era de mota"),
        ("I clean with vinegar", "me comí un brownie y me duele la espalda de estar parada"),
    ),
}
CASES = [(kind, tier, text) for kind, (tier, texts, _) in KINDS.items() for text in texts]
QUIET = [(kind, text) for kind, (_, _, texts) in KINDS.items() for text in texts]


def alarm(rules: RedFlagRules, text: str) -> Tier | None:
    flag = rules.assess(text).alarm
    return flag.tier if flag else None


@pytest.mark.parametrize(("kind", "tier", "text"), CASES)
def test_a_kind_of_danger_alarms_at_its_tier_or_above(kind: str, tier: Tier, text: str) -> None:
    found = alarm(RULES, text)
    assert found is not None
    assert not tier.outranks(found)


@pytest.mark.parametrize(("kind", "text"), QUIET)
def test_what_only_looks_like_it_does_not(kind: str, text: str) -> None:
    assert alarm(RULES, text) is None


@pytest.mark.parametrize(
    ("text", "alarms"),
    [
        ("no numbness, chest pain", True),
        ("no fever, can't pee", True),
        ("sin fiebre, me duele el pecho", True),
        ("no numbness, chest pain or fever", False),
        ("no numbness, no chest pain", False),
        ("no chest pain", False),
        ("no cough, tingling", False),
    ],
)
def test_a_denial_ends_where_something_grave_follows_alone(text: str, alarms: bool) -> None:
    assert bool(alarm(RULES, text)) is alarms


@pytest.mark.parametrize(
    "text",
    [
        "I thought it was a stroke but it turned out to be nothing",
        "pensé que era un infarto y resultó que era gastritis",
        "we thought grandma was having a stroke, turns out she had been to the dentist",
    ],
)
def test_what_turned_out_to_be_nothing_is_silent(text: str) -> None:
    assert alarm(RULES, text) is None


def test_what_is_there_now_counts_beside_what_is_long_ago() -> None:
    assert alarm(RULES, "I beat cancer 4 years ago and now I got a new pain in my spine") is TODAY


def test_only_what_would_have_alarmed_is_silenced() -> None:
    assert "RF01" in RULES.assess("I don't have chest pain").silenced
    assert RULES.assess("is it the new bed").silenced == ()
