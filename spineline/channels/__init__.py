"""The ways messages come in and answers go out."""
