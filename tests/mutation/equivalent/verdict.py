"""Mutants of `verdict` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[str, str]] = {
    "gate/model/image.py _canonical_host: 2 for 1 (2)": (
        "where no port is written, any port that may be is as good for the test"
    ),
    "gate/model/release.py release_of: False for True": "the keys are written in their order",
    "gate/model/release.py release_of: False for True (2)": (
        "names of images and digests are ASCII"
    ),
    "gate/model/verdict.py Result.blocks: no call": "each outcome has its case, which mypy holds",
}
