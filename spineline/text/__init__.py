"""Letters, languages and YAML: pure helpers for every room. Imports nothing of ours but `errors`."""
