"""Mutants of `match` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[str, str]] = {
    "gate/policy/glob.py covers: False for `not other.startswith(literal)`": (
        "a short cut: what it refuses, the walk over the segments refuses too"
    ),
    "gate/policy/match.py AllowedRegistry.__post_init__: no `path`": (
        "the path is only asked for being there, and segments are looked at after it"
    ),
    "gate/policy/waive.py waive: no `''`": "a waiver that does not hold has a problem to tell",
}
