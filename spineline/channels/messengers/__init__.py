"""What messengers share: each message taken once, answers not lost, names for people. For channels."""
