"""Mutants that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

from tests.mutation.mutants import Mutant

_SPEED: Final = "it spares work, and changes no answer"
_BY_KIND: Final = "a bundle with a certificate is held against identities alone"
_LIBRARY: Final = "the library that verifies the chain refuses what this would"
_NO_LINE: Final = "no line of a list ends what is no digest"
_TOGETHER: Final = "`levels` and `minimum-level` are given together or not at all"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/pipeline/evaluate.py outcomes: no call": (
        "every kind of evidence has its case, which mypy holds"
    ),
    "gate/pipeline/evaluate.py _runs_nothing: True for `entry`": (
        "a check is only asked where there is an entry"
    ),
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
    "gate/pipeline/release.py bind: no continue": "nothing follows it in the loop",
    "gate/checks/passes/revoked.py _digests: True for `said.release is not None`": _NO_LINE,
    "gate/checks/passes/revoked.py _digests: True for `said.policy is not None`": _NO_LINE,
    "gate/checks/passes/validity.py _ended: no `said.not_after is not None`": (
        "a pass without an end is refused for that before"
    ),
    "gate/pipeline/evaluate.py first_suffices: True for `entry`": (
        "checks are only looked at where there is an entry"
    ),
    "gate/checks/verdict_pass.py _policy: no `said.policy is not None`": (
        "the text of a missing policy is no digest, and a deploy policy accepts digests alone"
    ),
    "gate/pipeline/review.py review: no `if one.image.name not in stopped`": (
        "an image that its name blocks was not looked at, so it has no results"
    ),
    "gate/trust/about.py stated: no `large is not None`": _SPEED,
    "gate/trust/attribute.py attribute: True for `id(signer.root) not in proven`": _SPEED,
    "gate/trust/attribute.py _judge: or for and": _BY_KIND,
    "gate/trust/attribute.py _judge: no `isinstance(signer, TrustedIdentity)`": _BY_KIND,
    "gate/trust/attribute.py _judge: no `proof.claims is not None`": _BY_KIND,
    "gate/trust/attribute.py _identity: False for `key is None`": (
        "what was accepted has a certificate or a key"
    ),
    "gate/trust/attribute.py _made_by_no: True for `data is not None`": (
        "no scheme fits a signature over nothing"
    ),
    "gate/trust/attribute.py _made_by_no: no `b''`": "the loop has no turn where data is None",
    "gate/trust/policy.py verifier_of: True for `signer.root not in roots`": _SPEED,
    "gate/trust/prove.py prove: False for `key is None`": (
        "a bundle without a certificate is asked about with a key"
    ),
    "gate/trust/timestamp.py verified_times: False for `not timestamps`": _SPEED,
    "gate/trust/timestamp.py _maker: any for all": _LIBRARY,
    "gate/trust/timestamp.py _maker: Lt for LtE": _LIBRARY,
    "gate/trust/timestamp.py _maker: no `valid`": _LIBRARY,
    "gate/policy/glob.py covers: False for `not other.startswith(literal)`": (
        "a short cut: what it refuses, the walk over the segments refuses too"
    ),
    "gate/policy/match.py AllowedRegistry.__post_init__: no `path`": (
        "the path is only asked for being there, and segments are looked at after it"
    ),
    "gate/policy/waive.py waive: no `''`": "a waiver that does not hold has a problem to tell",
}
"""The mutant without its line, `gate/trust/sct.py check_scts: GtE for Gt`, with the reason."""


def reason(mutant: Mutant) -> str | None:
    """Return why the mutant is no other program; None where it is one."""
    return EQUIVALENT.get(f"{mutant.path} {mutant.function}: {mutant.change}")
