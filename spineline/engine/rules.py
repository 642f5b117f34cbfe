"""Rasa's RulePolicy, asked once for each situation."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

MOST_REMEMBERED = 2000
State = tuple[tuple[Any, ...] | None, str | None]  # (intent and entities, action)


class RecentRules(RulePolicy):
    """What follows from the last few states is worked out once and remembered.

    A rule never looks further back than it is long, so the last states, as many as the longest rule has, decide.
    Rasa compares all states with all rules, twice (for the text and for the intent), for every prediction.
    Inside a form, for the default actions, and where a rule looks at a text or a slot, Rasa's own way is always taken.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        rules = [json.loads(key) for key in self.lookup.get(RULES, {})] if self.lookup else []
        self._longest = max(map(len, rules), default=1)
        self._featured_slots: bool | None = None
        self._by_text = any(TEXT in state.get(USER, {}) for rule in rules for state in rule)
        self._remembered: OrderedDict[tuple[State, ...], tuple[list[float], str]] = OrderedDict()

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[PolicyPrediction, str]:
        if not self._is_simple(tracker, domain) or self._find_action_from_default_actions(tracker)[0]:
            return self._work_out(tracker, domain)
        situation = _last_states(tracker, self._longest)
        if situation not in self._remembered:
            prediction, source = self._work_out(tracker, domain)
            self._remembered[situation] = prediction.probabilities, source
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        probabilities, source = self._remembered[situation]
        return self._rule_prediction(list(probabilities), source), source

    def _is_simple(self, tracker: DialogueStateTracker, domain: Domain) -> bool:
        """Whether actions, intents and entities are all that a rule can see here."""
        if self._featured_slots is None:
            self._featured_slots = any(slot.influence_conversation for slot in domain.slots)
        return not (self._by_text or self._featured_slots or tracker.active_loop_name or tracker.followup_action)

    def _work_out(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[PolicyPrediction, str]:
        worked_out: tuple[PolicyPrediction, str] = super()._predict(tracker, domain)
        return worked_out


def _last_states(tracker: DialogueStateTracker, most: int) -> tuple[State, ...]:
    """What rules can see of a conversation before each of its last actions, and now; Rasa replays it for that."""
    said: tuple[Any, ...] | None = None
    action: str | None = None
    states: list[State] = []
    for event in _since(tracker.applied_events(), most):
        kind = type(event)  # isinstance asks the abstract classes of Rasa, at length
        if kind is UserUttered:
            named = ((e.get("entity"), e.get("role"), e.get("group")) for e in event.entities or ())
            said = (event.intent_name, *sorted(map(str, named)))
        elif kind is ActionExecuted:
            states.append((said, action))
            action = event.action_name or event.action_text
    return tuple([*states, (said, action)][-most:])


def _since(events: Sequence[Event], actions: int) -> Sequence[Event]:
    """The end of a conversation with so many actions in it, from the message that they began with."""
    left = actions
    for at in range(len(events) - 1, -1, -1):
        kind = type(events[at])
        left -= kind is ActionExecuted
        if left < 0 and kind is UserUttered:
            return events[at:]
    return events
