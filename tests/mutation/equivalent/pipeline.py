"""Mutants of `pipeline` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_COUNTS: Final = "a release is made of objects; how many files there were is not read"
_SHORT: Final = "what is counted then is no more than its commas; it is only not counted twice"
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
    "gate/pipeline/considered.py _pieces: no continue (2)": (
        "VEX alone is no scan, and what lacks the thing that is asked for is no piece"
    ),
    "gate/pipeline/considered.py _pieces: False for True (2)": "nothing relies on a rejection",
    "gate/pipeline/considered.py _piece: no `case _`": "it yields nothing, and nothing follows",
    "gate/pipeline/deploy.py asks_exact: False for `asked is None`": (
        "None is no parameters of a pass either; a module is not imported for it"
    ),
    "gate/pipeline/deploy.py asks_exact: no `isinstance(asked, PassParams)`": (
        "the parameters of `pass` are always of its kind"
    ),
    "gate/pipeline/evaluate.py first_suffices: no `isinstance(params, SignedParams)`": (
        "every check whose first evidence suffices has parameters of signed evidence"
    ),
    "gate/pipeline/first.py gather_first: False for `reference is None`": (
        "an image without a name opens nothing, and neither does whatever breaks"
    ),
    "gate/pipeline/gather.py once: Lt for LtE (2)": (
        "one that is vouched for as another is was left out before"
    ),
    "gate/pipeline/moved.py moved: 1 for 0": _COUNTS,
    "gate/pipeline/moved.py moved: 1 for 0 (2)": _COUNTS,
    "gate/pipeline/first.py _named: False for `not isinstance(image.artifact.found, "
    "ResolvedImage)`": "what was not read has no digest, and whatever breaks opens nothing either",
    "gate/pipeline/plan.py _failures: False for `of_image`": (
        "what is found of an image names it with its digest, and a waiver of what is found of a "
        "name alone needs one"
    ),
    "gate/pipeline/review.py review: no `()` (2)": "every image has its answers by then",
    "gate/pipeline/revoke.py check_mirror: no `''`": "the list of a policy is always under a tag",
    "gate/pipeline/shard_record.py _values: False for `line.count(b',') <= MAX_VALUES`": _SHORT,
    "gate/pipeline/shard_record.py _values: Lt for LtE": _SHORT,
    "gate/pipeline/shard_record.py _values: 1 for 0": "the bound is far above one",
    "gate/pipeline/shard_record.py _read: True for False": "neither is read of the error",
    "gate/pipeline/shard_record.py _read: True for False (2)": "neither is read of the error",
}
