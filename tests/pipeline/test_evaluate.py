from __future__ import annotations

from dataclasses import replace

import pytest

from gate.checks import signature
from gate.checks.demand.base import SignedParams
from gate.model.evidence import ImageEvidence
from gate.model.verdict import Outcome, Undecided
from gate.pipeline.evaluate import answer
from tests.checks.given import NOW, asked, image


@pytest.mark.parametrize("error", [ValueError, OverflowError, RecursionError, AssertionError])
def test_a_check_that_breaks_has_decided_nothing(error: type[Exception]) -> None:
    def broken(evidence: ImageEvidence, params: SignedParams, now: object) -> Outcome:
        raise error(evidence, params, now)

    outcome = answer(
        replace(signature.CHECK, run=broken), image(), asked(SignedParams, by=["ci"]), NOW
    )
    assert isinstance(outcome, Undecided)
    assert outcome.code == "internal-error"
    assert error.__name__ in outcome.reason
