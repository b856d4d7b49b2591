"""More wrong with a pass, or more asked of it, never opens what was closed."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from itertools import permutations
from typing import Any, Final

import pytest

from gate.checks.verdict_pass import CHECK
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.model.verdict import Passed
from tests.builders.passes import POLICY, deployed, params, refused, signed, summary
from tests.checks.given import NOW

_WRONG: Final[dict[str, Any]] = {
    "verifier": "https://other.example/gate",
    "resource": "registry.example/other@sha256:" + "d" * 64,
    "result": "FAILED",
    "verified_at": NOW - timedelta(days=3),
    "policy": Digest("9" * 64),
    "environment": "staging",
    "not_after": NOW - timedelta(hours=1),
    "images": (),
    "objects": (),
    "evidence_identities": ("https://example.com/ci (issuer https://issuer)",),
    "waivers_expire": NOW - timedelta(hours=1),
    "evidence_until": NOW - timedelta(hours=1),
    "unsettled": ("signature",),
    "unsigned": True,
}
"""For each field that decides, a value with which the pass opens nothing."""

_DECIDES_NOTHING: Final = frozenset({"declared", "levels", "object_names", "release"})
"""`declared` decides where objects are as a cluster stores them (test_verdict_pass.py); `release`
only lets a summary of the whole release stand for its images; names are for people."""

_LAX: Final[dict[str, Any]] = {
    "by": ["ci", "scanner"],
    "policies": [str(POLICY), f"sha256:{'9' * 64}"],
    "max_age": "7d",
    "manifests": "images",
    "same_signer": "accepted",
}
_TIGHTER: Final[dict[str, Any]] = {
    "by": ["scanner"],
    "policies": [str(POLICY)],
    "max_age": "24h",
    "manifests": "exact",
    "same_signer": "refused",
}


def test_r349_every_field_of_a_pass_decides_or_is_known_not_to() -> None:
    names = {f.name for f in fields(VerificationSummary)}
    assert set(_WRONG) | _DECIDES_NOTHING == names


@pytest.mark.parametrize(("first", "second"), list(permutations(_WRONG, 2)))
def test_r349_a_second_field_changed_never_opens_what_the_first_closed(
    first: str, second: str
) -> None:
    assert len(refused(summary(**{first: _WRONG[first]}))) == 1
    both = {first: _WRONG[first], second: _WRONG[second]}
    assert len(refused(summary(**both))) == 1


@pytest.mark.parametrize("name", _TIGHTER)
def test_r349_a_tighter_deployment_closes_more_and_never_opens_what_a_laxer_one_closed(
    name: str,
) -> None:
    closed = 0
    for changed in ({}, *({field: value} for field, value in _WRONG.items())):
        found = deployed(signed(summary(**changed)))
        lax, tight = (
            isinstance(CHECK.run(found, params(**asked), NOW), Passed)
            for asked in (_LAX, _LAX | {name: _TIGHTER[name]})
        )
        assert lax or not tight
        closed += lax and not tight
    assert closed > 0
