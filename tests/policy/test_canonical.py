"""A policy has a digest, so each of its numbers has one canonical form."""

from __future__ import annotations

import pytest

from gate.checks import CHECKS
from gate.errors import PolicyError
from gate.policy.document import Policy
from gate.policy.load import load_policy

POLICY = """\
version: 1
signers: {build: {key: build.pub}}
images:
  - match: ghcr.io/acme/**
    sbom: {by: [build], minimum-packages: NUMBER}
"""


def load(number: str) -> Policy:
    return load_policy(
        POLICY.replace("NUMBER", number).encode(),
        "p.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=lambda _section: None,
        read=lambda _name: b"",
    )


@pytest.mark.parametrize("number", ["12", str(2**53 - 1), "0x1fffffffffffff"])
def test_a_whole_number_that_json_holds_loads(number: str) -> None:
    assert load(number).digest.hex


@pytest.mark.parametrize("number", [str(2**53), "9007199254740993", "0x20000000000000"])
def test_a_whole_number_that_json_does_not_hold_is_refused_at_its_place(number: str) -> None:
    with pytest.raises(PolicyError, match="this number is too large") as caught:
        load(number)
    place = caught.value.location
    assert place is not None
    assert (caught.value.code, place.path, place.line) == ("policy-bad-value", "p.yaml", 5)
