"""Where conversations are kept, and what keeps the turns of one conversation in order."""
