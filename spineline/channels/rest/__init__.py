"""For programs: Rasa's REST contract, and who may use it. Only the server enters."""
