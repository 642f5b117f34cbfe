"""One turn as plain data: danger, then our questions, then answers. For turns, channels, actions; knows no Rasa."""
