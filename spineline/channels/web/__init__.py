"""The website: the chat's line, its pages and its script. Only the server enters."""
