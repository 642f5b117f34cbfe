"""Twilio: signed requests in, calls to its API out; for texts and the telephone line below it."""
