"""Mutants of `checks` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_NO_LINE: Final = "no line of a list ends what is no digest"
_TOGETHER: Final = "`levels` and `minimum-level` are given together or not at all"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/checks/scans/vex.py unread: False for `since is None`": (
        "it is only asked where a statement excused something"
    ),
    "gate/checks/provenance.py ProvenanceParams._names_a_builder: no `self.levels`": _TOGETHER,
    "gate/checks/provenance.py ProvenanceParams._names_a_builder: no `self.minimum_level`": (
        _TOGETHER
    ),
    "gate/checks/provenance.py _refuse: no `asked.levels is not None`": _TOGETHER,
    "gate/checks/provenance.py _refuse: no `asked.minimum_level is not None`": _TOGETHER,
    "gate/checks/scan_age.py _dishonest: no `at is not None`": "no time is not ahead of any",
    "gate/checks/demand/base.py Check.doc: no `''`": "the module of every check is documented",
    "gate/checks/demand/base.py SignedParams._can_be_met: no `{}`": (
        "without a context no signer is known, and `by` is refused before"
    ),
    "gate/checks/passes/revoked.py _digests: True for `said.release is not None`": _NO_LINE,
    "gate/checks/passes/revoked.py _digests: True for `said.policy is not None`": _NO_LINE,
    "gate/checks/passes/validity.py _ended: no `said.not_after is not None`": (
        "a pass without an end is refused for that before"
    ),
    "gate/checks/verdict_pass.py _policy: no `said.policy is not None`": (
        "the text of a missing policy is no digest, and a deploy policy accepts digests alone"
    ),
}
