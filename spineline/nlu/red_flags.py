"""Puts the verdict of the red-flag rules on each message, and what the net adds to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from spineline.danger.rules import Assessment, RedFlagRules, shared_red_flags
from spineline.danger.tiers import Tier
from spineline.nlu.danger_net import EMERGENCIES
from spineline.text.letters import words

_DANGER = {"name": "report_red_flag", "confidence": 1.0}
_SEVERE = {"name": "report_severe_pain", "confidence": 1.0}
_LEVEL, _NOT_SEVERE = "pain_level", frozenset(("none", "mild"))
ASKS_DIRECTLY = "RF40"  # whose first line asks about suicide
_MOST_LIKELY = 3
_URGENCY = {Tier.CALL_911: 2.0}  # how much more than its chance a tier counts: "right or higher" is what matters
_SHORT, _NEVER = 12, 2.0  # words of a denial, and a chance that none has
LIGHT_TALK = "light_talk"  # a sign of content/red_flag_signs.yml
_NO_SIGNS = frozenset(  # when it began, and what explains a sign away
    "light_talk gym_context long_past recent_onset sudden_onset "
    "laugh_gym leg_gym breath_gym chest_gym no_feel_gym".split()
)
_REPORTS_OF_PAIN = ("report_mild_pain", "report_severe_pain")
_SIGNS_OF_PAIN = frozenset(("pain_anywhere", "severe_pain"))


@dataclass(frozen=True)
class Chances:
    """From which chance on the net is heard (0 to 1); see RedFlagDetector. How they were chosen: decision 17."""

    sure: float = 0.6
    surer: float = 0.85
    worse: float = 0.7
    denied: float = 0.8
    despair: float = 0.3
    least: float = 0.3
    light: float = 0.6
    named: float = 0.4
    flag: float = 0.35
    flag_of_warning: float = 0.06
    flag_of_despair: float = 0.15
    place: float = 0.9


@dataclass(frozen=True)
class Sign:
    """What an alarm of the net is about."""

    tier: Tier
    flag: str | None


@dataclass(frozen=True)
class Vote:
    """What the net says: the chance of danger, an alarm, whether to ask, the likeliest flags.

    `is_hint`: the alarm is about suicide, and a conversation may explain it.
    """

    chance: float
    alarm: Sign | None = None
    asks: bool = False
    likely: tuple[str, ...] = ()
    is_hint: bool = False


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Sets `red_flag` ({id, tier, rule, words} or None) and, for an alarm, the intent.

    Where the rules saw no emergency, the net may have (`danger_tiers`, docs/decisions/0017-the-net-and-a-sign.md):

    - from `sure` on, beside at least one danger sign that a rule knows, `net_alarm` is set: {"tier", "flag"}. A hint at
      suicide needs no sign, and only `despair` for itself: the person is asked directly. Where a rule found something
      for today, it takes `surer`; where it found an emergency, the more urgent one takes `worse` for itself.
    - from `least` on `safety_vote` is set: the person is shown the danger signs. `light` is for messages that speak of
      training, laugh, or tell of long ago.

    Where the rules saw a danger denied or past they are believed, but in more than a few words the signs are shown from
    `denied` on; from the same chance of suicide the person is asked directly. `likely_flags` orders the list of
    danger signs; of an ordinary message a flag must be likely by `flag`, suicide by `flag_of_despair`. Below `place` an
    alarm about suicide only hints (`net_hints`): a few words that make sense in a conversation mean that.
    """

    def __init__(self, rules: RedFlagRules, chances: Chances) -> None:
        self._rules = rules
        self._chances = chances

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`rules`: their file; the chances of `Chances`."""
        return {"rules": "content/red_flags.yml", **asdict(Chances())}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagDetector:
        """Read and check the rules."""
        chances = Chances(**{field.name: float(config[field.name]) for field in fields(Chances)})
        return cls(shared_red_flags(Path(config["rules"]).resolve()), chances)

    def process(self, messages: list[Message]) -> list[Message]:
        """Put each message's verdict on it."""
        for message in messages:
            assessment = self._judged(message)
            flag = assessment.red_flag
            message.set("red_flag", flag and flag.as_dict(), add_to_output=True)
            vote = self._vote(message, assessment)
            _note(message, vote)
            said = message.get(INTENT, {}).get("name")
            if (flag and flag.alarms) or vote.alarm:
                _overrule(message, _DANGER)
            elif said == _DANGER["name"] and vote.chance < self._chances.sure:
                _give_way(message, () if vote.asks or _states_pain(assessment) else _REPORTS_OF_PAIN)
            elif flag and not flag.takes_over and said == "report_mild_pain":
                _overrule(message, _SEVERE)
            elif said == _SEVERE["name"] and not _tells_of_severe_pain(message, assessment):
                _give_way(message)
        return messages

    def _judged(self, message: Message) -> Assessment:
        """The verdict that came with the message; what has none, as in /model/parse, is judged here."""
        told = (message.get("metadata") or {}).get("danger")
        return self._rules.assess(message.get(TEXT) or "") if told is None else Assessment.from_dict(told)

    def _vote(self, message: Message, assessment: Assessment) -> Vote:
        """What the net says of a message, where the rules leave it a say."""
        tiers, flags = _tiers(message), message.get("danger_flags") or []
        chance, sign = sum(tiers.values()), self._sign(tiers, flags)
        despair = tiers.get(Tier.CRISIS_988, 0.0)
        asks_directly = despair >= self._chances.despair
        least = self._least(message, assessment)
        is_believed = assessment.silenced and despair < least
        if self._is_known(assessment, sign, tiers) or (is_believed and chance < least):
            return Vote(chance, likely=self._likely(flags, despair, is_warning=False))
        bears_it_out = _states_a_sign(assessment) or sign.tier is Tier.CRISIS_988
        is_severe = message.get(INTENT, {}).get("name") == _SEVERE["name"]  # the usual signs are asked then
        is_sure = asks_directly or (chance >= self._chances.sure and bears_it_out)
        alarm = sign if is_sure and not is_believed else None
        asks = not assessment.alarm and chance >= least
        is_hint = bool(alarm) and sign.tier is Tier.CRISIS_988 and despair < self._chances.place
        return Vote(chance, alarm, asks, self._likely(flags, despair, asks and not is_severe), is_hint)

    def _least(self, message: Message, assessment: Assessment) -> float:
        """The chance from which the danger signs are shown; a short denial has no room for another danger."""
        if assessment.silenced:
            return self._chances.denied if len(words(message.get(TEXT))) > _SHORT else _NEVER
        return self._chances.light if _is_light(assessment) else self._chances.least

    def _is_known(self, assessment: Assessment, sign: Sign, tiers: Mapping[Tier, float]) -> bool:
        """Whether the rules alarm as urgently, or judged it less urgent and the net is not quite sure."""
        alarm = assessment.alarm
        if alarm is None or not sign.tier.outranks(alarm.tier):
            return alarm is not None
        if alarm.tier in EMERGENCIES:
            return tiers.get(sign.tier, 0.0) < self._chances.worse
        return sum(tiers.values()) < self._chances.surer

    def _sign(self, tiers: Mapping[Tier, float], flags: Sequence[tuple[str, float]]) -> Sign:
        """The likeliest tier of an emergency, in doubt the ambulance, and its likeliest flag if that is sure enough."""
        worst = max(tiers, key=lambda tier: tiers[tier] * _URGENCY.get(tier, 1.0), default=Tier.ED_NOW)
        if worst is Tier.CRISIS_988:
            return Sign(worst, ASKS_DIRECTLY)
        named = (flag for flag, chance in flags if self._rules.tier(flag) is worst and chance >= self._chances.named)
        return Sign(worst, next(named, None))

    def _likely(self, flags: Sequence[tuple[str, float]], despair: float, is_warning: bool) -> tuple[str, ...]:
        """What leads the list; suicide only where its tier is likely too: a bare yes means what leads."""
        least = self._chances.flag_of_warning if is_warning else self._chances.flag
        likely = (flag for flag, chance in flags[:_MOST_LIKELY] if chance >= least)
        hints = despair >= self._chances.flag_of_despair
        return tuple(flag for flag in likely if hints or self._rules.tier(flag) is not Tier.CRISIS_988)


def _tiers(message: Message) -> dict[Tier, float]:
    """How likely a message is each tier of emergency; nothing where the net has not read it."""
    return {Tier(name): chance for name, chance in (message.get("danger_tiers") or {}).items()}


def _note(message: Message, vote: Vote) -> None:
    if vote.alarm:
        message.set("net_alarm", {"tier": vote.alarm.tier.value, "flag": vote.alarm.flag}, add_to_output=True)
        message.set("net_hints", vote.is_hint, add_to_output=True)
    elif vote.asks:
        message.set("safety_vote", True, add_to_output=True)
    if vote.likely and not message.get("red_flag"):
        message.set("likely_flags", list(vote.likely), add_to_output=True)


def _states_a_sign(assessment: Assessment) -> bool:
    """Whether a rule knows something of what is said, apart from when it began and that it was in training."""
    return any(not _NO_SIGNS.issuperset(signs) for signs in assessment.stated)


def _is_light(assessment: Assessment) -> bool:
    """Whether a message speaks of training, laughs, or tells of long ago."""
    return any(LIGHT_TALK in signs for signs in (assessment.taken_back, *assessment.stated))


def _tells_of_severe_pain(message: Message, assessment: Assessment) -> bool:
    """Severe pain needs pain: a word for it that counts, and no "mild" or "none" beside it, unless a rule found it."""
    if any(not flag.takes_over for flag in assessment.all):
        return True
    levels = {entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == _LEVEL}
    denied = _SIGNS_OF_PAIN.intersection(assessment.taken_back)
    return _states_pain(assessment) and not denied and levels.isdisjoint(_NOT_SEVERE)


def _states_pain(assessment: Assessment) -> bool:
    return any(not _SIGNS_OF_PAIN.isdisjoint(signs) for signs in assessment.stated)


def _give_way(message: Message, but_not: Collection[str] = ()) -> None:
    """The next likely intent takes the place of the first."""
    first = message.get(INTENT)["name"]
    others = [intent for intent in message.get(INTENT_RANKING_KEY) if intent["name"] not in (first, *but_not)]
    if others:
        message.set(INTENT, others[0], add_to_output=True)


def _overrule(message: Message, intent: dict[str, Any]) -> None:
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *message.get(INTENT_RANKING_KEY, [])], add_to_output=True)
