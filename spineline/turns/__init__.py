"""The guarded turn that all channels share: danger first, an answer in time. Channels enter; it knows none of them."""
