"""Telegram: updates in, messages out, and setting a bot up. Only the server enters."""
