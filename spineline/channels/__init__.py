"""The ways in, a folder each. They do not see each other; what they share is in `messengers`. The server enters."""
