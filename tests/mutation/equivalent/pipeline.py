"""Mutants of `pipeline` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[str, str]] = {
    "gate/pipeline/evaluate.py outcomes: no call": (
        "every kind of evidence has its case, which mypy holds"
    ),
    "gate/pipeline/evaluate.py _runs_nothing: True for `entry`": (
        "a check is only asked where there is an entry"
    ),
    "gate/pipeline/release.py bind: no continue": "nothing follows it in the loop",
    "gate/pipeline/evaluate.py first_suffices: True for `entry`": (
        "checks are only looked at where there is an entry"
    ),
    "gate/pipeline/review.py review: no `if one.image.name not in stopped`": (
        "an image that its name blocks was not looked at, so it has no results"
    ),
}
