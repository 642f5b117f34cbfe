"""Thin Rasa graph components around the core."""
