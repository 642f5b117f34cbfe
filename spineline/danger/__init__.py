"""Finds danger signs in what people write. Other rooms load the rules, then `assess`; it knows only `text`."""
