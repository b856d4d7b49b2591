from __future__ import annotations

import pytest

from gate.checks.demand.base import SignedParams
from gate.checks.signature import CHECK
from gate.model.evidence import AttachedKind
from gate.model.image import Digest
from gate.model.predicates import ImageSignature, Sbom
from gate.model.verdict import Passed
from tests.checks import given
from tests.checks.given import NOW, asked, attested, codes, findings, image, rejected

SIGN = "https://sigstore.dev/cosign/sign/v1"
BY_CI = asked(SignedParams, by=["ci"])


def test_a_signature_by_a_demanded_signer_passes_and_is_relied_on() -> None:
    signature = attested(ImageSignature(), predicate_type=SIGN)
    assert CHECK.run(image(signature), BY_CI, NOW) == Passed((signature,))


def test_nothing_attached_is_an_absent_signature_with_one_next_step() -> None:
    (finding,) = findings(CHECK.run(image(), BY_CI, NOW))
    assert (finding.code, finding.rule) == ("signature-absent", "signature")
    assert finding.message == "a signature by ci is not attached"
    assert "gate sign" in finding.remedy


def test_an_sbom_by_the_same_identity_is_no_signature() -> None:
    sbom = attested(Sbom("cyclonedx", "1.5", 1))
    (finding,) = findings(CHECK.run(image(sbom), BY_CI, NOW))
    assert finding.code == "signature-absent"
    assert "what is attached: https://cyclonedx.org/bom" in finding.message


def test_a_signature_by_another_signer_of_the_policy_is_told_apart_from_none() -> None:
    signature = attested(ImageSignature(), by="other", predicate_type=SIGN)
    (finding,) = findings(CHECK.run(image(signature), BY_CI, NOW))
    assert finding.code == "signature-wrong-signer"
    assert "https://example.com/other" in finding.message


@pytest.mark.parametrize(
    ("rejection", "code"),
    [
        ("wrong-signer", "signature-wrong-signer"),
        ("wrong-subject", "signature-wrong-subject"),
        ("unsigned", "signature-unsigned"),
        ("bad-signature", "signature-not-verified"),
        ("no-log-entry", "signature-not-verified"),
        ("malformed", "signature-not-verified"),
    ],
)
def test_a_rejected_signature_says_why_it_was_rejected(rejection: str, code: str) -> None:
    evidence = image(rejections=[rejected(rejection, predicate_type=SIGN)])
    (finding,) = findings(CHECK.run(evidence, BY_CI, NOW))
    assert finding.code == code
    assert "the verifier's own words" in finding.message


def test_a_rejected_cosign_layer_is_known_by_how_it_is_stored() -> None:
    layer = rejected("wrong-signer", predicate_type=None, kind=AttachedKind.COSIGN_SIGNATURE)
    assert codes(CHECK.run(image(rejections=[layer]), BY_CI, NOW)) == ["signature-wrong-signer"]


def test_a_rejected_sbom_is_no_reason_why_there_is_no_signature() -> None:
    evidence = image(rejections=[rejected("wrong-signer")])
    assert codes(CHECK.run(evidence, BY_CI, NOW)) == ["signature-absent"]


def test_one_identity_under_two_bundles_counts_once() -> None:
    twice = [attested(ImageSignature(), predicate_type=SIGN, seed=s) for s in "12"]
    two = asked(SignedParams, by=["ci"], at_least=2)
    assert codes(CHECK.run(image(*twice), two, NOW)) == ["signature-too-few"]


def test_two_identities_meet_a_threshold_of_two() -> None:
    both = [attested(ImageSignature(), predicate_type=SIGN, by=b) for b in ("ci", "other")]
    two = asked(SignedParams, by=["ci", "other"], at_least=2)
    assert isinstance(CHECK.run(image(*both), two, NOW), Passed)


@pytest.mark.parametrize(
    ("on", "subjects", "code"),
    [
        ("index", [given.INDEX], None),
        ("index", [given.AMD64, given.ARM64], "signature-incomplete"),
        ("platforms", [given.INDEX], "signature-incomplete"),
        ("platforms", [given.AMD64], "signature-incomplete"),
        ("platforms", [given.AMD64, given.ARM64], None),
        ("either", [given.INDEX], None),
        ("either", [given.AMD64, given.ARM64], None),
        ("either", [given.AMD64], "signature-incomplete"),
    ],
)
def test_on_says_which_manifests_must_be_signed(
    on: str, subjects: list[Digest], code: str | None
) -> None:
    signatures = [attested(ImageSignature(), predicate_type=SIGN, subject=s) for s in subjects]
    outcome = CHECK.run(
        image(*signatures, platforms=True), asked(SignedParams, by=["ci"], on=on), NOW
    )
    assert (None if isinstance(outcome, Passed) else codes(outcome)[0]) == code


def test_r183_a_finding_names_the_platform_that_lacks_a_signature() -> None:
    one = attested(ImageSignature(), predicate_type=SIGN, subject=given.AMD64)
    params = asked(SignedParams, by=["ci"], on="platforms")
    (finding,) = findings(CHECK.run(image(one, platforms=True), params, NOW))
    assert finding.message == "a signature is attested, but not for linux/arm64"


def test_r031_two_halves_of_two_signatures_are_no_signature() -> None:
    right_signer = rejected("subject-mismatch", predicate_type=SIGN)
    wrong_signer = rejected("signer-mismatch", predicate_type=SIGN)
    assert codes(CHECK.run(image(rejections=[right_signer, wrong_signer]), BY_CI, NOW)) == [
        "signature-wrong-signer"
    ]
