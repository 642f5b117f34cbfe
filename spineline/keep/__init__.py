"""What outlives a turn, in small private files. For turns, channels and the server; it knows nothing of dialogue."""
