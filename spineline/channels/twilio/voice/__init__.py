"""The telephone line: what is heard and what is said. Only the server enters."""
