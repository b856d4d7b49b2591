"""Parsers of foreign bytes, fed with bytes that nobody would write.

`python -m tests.fuzz bundle --seconds 60` drives one by its coverage, where atheris is installed.
"""
