"""Properties of the way of danger, held by hypothesis: facts about any memory, any text, any clinic."""
