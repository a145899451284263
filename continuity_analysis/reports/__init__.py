"""Notebooks run and rendered: HTML pages, a deck, an index and `summary.json`, with the same numbers everywhere."""
