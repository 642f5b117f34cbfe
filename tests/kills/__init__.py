"""Servers that are killed again and again while people talk to them: nothing is lost, nothing is told twice."""
