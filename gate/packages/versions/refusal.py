"""What is said of a text that is no version."""

from __future__ import annotations


def no_version(text: str, kind: str) -> ValueError:
    """Return the error for a text that is not a version of a kind, such as `'1..2' is not …`."""
    return ValueError(f"{text!r} is not a version of {kind}, so it cannot be ordered")
