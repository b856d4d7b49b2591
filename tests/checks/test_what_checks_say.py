"""What the checks say of themselves, for `gate explain` and `gate init`."""

from __future__ import annotations

import pytest

from gate.checks import proposals
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.shortfall import Shortfalls, Sought
from gate.model.predicates import Sbom


def test_each_kind_of_evidence_has_the_lines_that_gate_init_proposes() -> None:
    assert [kind for kind, line in proposals() if "{by: %s" in line] == [
        "signature",
        "sbom",
        "vulnerabilities",
        "vulnerabilities",
    ]


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        ("", "Have another of the signers attest it."),
        ("have another team sign it", "Have another team sign it."),
    ],
)
def test_the_page_of_too_few_signers_has_the_next_step_of_its_check(more: str, remedy: str) -> None:
    codes = Shortfalls(
        absent="a",
        incomplete="b",
        not_verified="c",
        too_few="d",
        unreadable="e",
        unsigned="f",
        wrong_predicate="g",
        wrong_signer="h",
        wrong_subject="i",
    )
    sought = Sought(codes=codes, noun="an SBOM", kind=Sbom, types=(), remedy="r", more=more)
    assert shortfall_pages(sought)["d"].remedy == remedy
