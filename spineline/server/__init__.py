"""Our server around Rasa."""
