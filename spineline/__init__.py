"""Spineline: a conversational assistant for a spine clinic. This package decides; Rasa carries."""
