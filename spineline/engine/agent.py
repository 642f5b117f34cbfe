"""Rasa's agent with our processor and stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from spineline.engine.processor import Processor


class ClinicAgent(Agent):
    """Refuses to start without a model or a store; Rasa's own starts without, and says so in a log."""

    processor: Processor | None

    def load_model(self, model_path: Path | str, fingerprint: str | None = None) -> None:
        """Load a model and put our processor around it."""
        self.processor = Processor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> Any:
        """The store as it is: Rasa's wrapper would go on in an empty memory when the store fails, in silence."""
        if store is None:
            raise TypeError("ClinicAgent needs a tracker_store.")
        store.domain = domain
        return store
