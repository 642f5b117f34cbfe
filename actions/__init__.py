"""The custom actions that answer. Each reads what Rasa understood, asks `spineline`, and returns text and slots."""
