"""Recorded signatures, each with its verdict. `python -m tests.vectors` makes them."""
