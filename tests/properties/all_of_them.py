"""Every property."""

from tests.properties.always_answers import ANSWERS_ALWAYS, ON_EVERY_CHANNEL
from tests.properties.broken_parts import ALARMS_WHATEVER_FAILS, ANSWERS_WHATEVER_FAILS
from tests.properties.closing import CLOSES_BY_CLEAR_WORDS, CLOSES_BY_CLEAR_WORDS_ONLY, NEVER_BECOMES_MILDER
from tests.properties.danger_anywhere import ALARMS_ANYWHERE

PROPERTIES = (
    ANSWERS_ALWAYS,
    ON_EVERY_CHANNEL,
    ALARMS_ANYWHERE,
    ALARMS_WHATEVER_FAILS,
    ANSWERS_WHATEVER_FAILS,
    CLOSES_BY_CLEAR_WORDS_ONLY,
    CLOSES_BY_CLEAR_WORDS,
    NEVER_BECOMES_MILDER,
)
