"""Numbers for Prometheus: how many turns, how fast, how they ended. Never a text, never an id."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from spineline.dialogue.turn import Message

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
_SORRY = ("not_understood_first", "nothing_near", "not_understood_again", "not_understood_third")
_FALLBACKS = (*_SORRY, "out_of_scope/about")
_HAND_OFFS = ("request_callback", "talk_to_human", "book_appointment")


class Metrics:
    """The counters of one process.

    `outcome` of a turn: answered, alarm (said without Rasa), safe_text, or why it was refused.
    `stage` of its time: read (danger signs), answer (until Rasa's last word), save (until Rasa is done).
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter("spineline_turns", "Messages taken in.", ["channel", "outcome"], registry=registry)
        self.seconds = Histogram("spineline_seconds", "Time.", ["stage"], buckets=_SECONDS, registry=registry)
        self.intents = Counter("spineline_intents", "What people want.", ["intent"], registry=registry)
        self.tiers = Counter("spineline_tiers", "How urgent it is.", ["tier"], registry=registry)
        self.fallbacks = Counter("spineline_fallbacks", "Messages not understood.", registry=registry)
        self.helped = Counter("spineline_helped", "Did this help?", ["card", "said"], registry=registry)
        self.hand_offs = Counter("spineline_hand_offs", "People sent to a person.", registry=registry)
        self.failures = Counter("spineline_failures", "What went wrong.", ["error"], registry=registry)
        self.in_flight = Gauge("spineline_in_flight", "Turns being answered.", registry=registry)

    def failed(self, error: BaseException) -> None:
        """Something went wrong that the person did not have to see."""
        self.failures.labels(type(error).__name__).inc()

    def answered(self, channel: str, outcome: str, messages: Iterable[Message]) -> None:
        """Count a turn by what its messages are."""
        self.turns.labels(channel, outcome).inc()
        for at, message in enumerate(messages):
            if at == 0 and message.intent:
                self.intents.labels(message.intent).inc()
            if message.tier:
                self.tiers.labels(message.tier.value).inc()
            if message.card in _FALLBACKS:
                self.fallbacks.inc()
            if message.subject in _HAND_OFFS:
                self.hand_offs.inc()

    def serve(self, port: int) -> None:
        """Show the numbers on http://127.0.0.1:port/metrics."""
        start_http_server(port, addr="127.0.0.1", registry=self.registry)
