from __future__ import annotations

from datetime import timedelta

import pytest

from gate.checks.sbom import CHECK, SbomParams
from gate.model.predicates import Sbom, Unreadable, Unrecognised
from gate.model.verdict import Passed
from tests.checks.given import NOW, SBOM_TYPE, asked, attested, codes, findings, image, rejected

BY_CI = asked(SbomParams, by=["ci"])


def sbom(components: int = 2, **more: object) -> Sbom:
    return Sbom("cyclonedx", "1.5", components, **more)  # type: ignore[arg-type]  # tests' own


def test_an_sbom_by_a_demanded_signer_passes() -> None:
    attestation = attested(sbom())
    assert CHECK.run(image(attestation), BY_CI, NOW) == Passed((attestation,))


def test_no_sbom_is_absent() -> None:
    assert codes(CHECK.run(image(), BY_CI, NOW)) == ["sbom-absent"]


def test_r012_an_sbom_that_lists_nothing_is_empty() -> None:
    assert codes(CHECK.run(image(attested(sbom(0))), BY_CI, NOW)) == ["sbom-empty"]


def test_an_empty_sbom_does_not_spoil_one_that_counts() -> None:
    good = attested(sbom())
    assert CHECK.run(image(attested(sbom(0)), good), BY_CI, NOW) == Passed((good,))


def test_a_policy_may_demand_more_components() -> None:
    params = asked(SbomParams, by=["ci"], minimum_packages=3)
    (finding,) = findings(CHECK.run(image(attested(sbom(2))), params, NOW))
    assert finding.code == "sbom-too-small"
    assert finding.message == "the SBOM lists 2 components; the policy demands 3"


def test_an_sbom_from_the_future_does_not_count() -> None:
    later = attested(sbom(created=NOW + timedelta(seconds=1)))
    assert codes(CHECK.run(image(later), BY_CI, NOW)) == ["sbom-from-the-future"]


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("signer-mismatch", "sbom-wrong-signer"),
        ("subject-mismatch", "sbom-wrong-subject"),
        ("unsigned", "sbom-unsigned"),
        ("signature-invalid", "sbom-not-verified"),
    ],
)
def test_a_rejected_sbom_says_why_it_was_rejected(code: str, ours: str) -> None:
    assert codes(CHECK.run(image(rejections=[rejected(code)]), BY_CI, NOW)) == [ours]


def test_r006_r076_another_attestation_by_the_right_signer_is_no_sbom() -> None:
    other = attested(Unrecognised("https://example.com/x"), predicate_type="https://example.com/x")
    assert codes(CHECK.run(image(other), BY_CI, NOW)) == ["sbom-absent"]


def test_r072_a_version_that_gate_does_not_read_is_asked_about() -> None:
    uri = "https://cyclonedx.org/bom/v9.9"
    later = attested(Unrecognised(uri), predicate_type=uri)
    (finding,) = findings(CHECK.run(image(later), BY_CI, NOW))
    assert finding.code == "sbom-wrong-predicate"
    assert "https://cyclonedx.org/bom/v9.9: is https://cyclonedx.org/bom/v1." in finding.message


def test_r078_an_sbom_that_cannot_be_read_is_not_called_absent() -> None:
    broken = attested(Unreadable(SBOM_TYPE, "bomFormat is not CycloneDX"))
    (finding,) = findings(CHECK.run(image(broken), BY_CI, NOW))
    assert finding.code == "sbom-unreadable"
    assert "bomFormat is not CycloneDX" in finding.message
