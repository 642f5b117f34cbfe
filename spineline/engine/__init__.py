"""Where Rasa answers: its agent, processor and runner in our shape. Only the server enters."""
