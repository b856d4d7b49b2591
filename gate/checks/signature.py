"""The image is signed by somebody whom the policy names.

Why: a signature ties the bytes that run to the one who built them. Without one, everybody who
can push to the registry decides what runs.

Passes when: `at-least` of `by` signed the image's digest, as a cosign simple signature
or as a bundle whose predicate is `https://sigstore.dev/cosign/sign/v1`. An SBOM or a
scan by the same identity is no signature of the image.

Remedy: sign the image in the pipeline that builds it, with `gate sign` or cosign.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gate.checks.demand.base import Check, Proposal, SignedParams, always
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Shortfalls, Sought
from gate.model.evidence import AttachedKind, ImageEvidence
from gate.model.predicates import ImageSignature
from gate.model.verdict import Outcome, Severity
from gate.predicates.image_signature import SIMPLE_SIGNING

_SIGN: Final = "https://sigstore.dev/cosign/sign/v1"

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="signature-absent",
        incomplete="signature-incomplete",
        not_verified="signature-not-verified",
        too_few="signature-too-few",
        unreadable="signature-unreadable",
        unsigned="signature-unsigned",
        wrong_predicate="signature-wrong-predicate",
        wrong_signer="signature-wrong-signer",
        wrong_subject="signature-wrong-subject",
    ),
    noun="a signature",
    kind=ImageSignature,
    types=(_SIGN, SIMPLE_SIGNING),
    remedy="sign the image with `gate sign` in the pipeline that builds it",
    of_artifact="sign it with `gate sign oci://{name}` in the pipeline that pushes it",
    layers=(AttachedKind.COSIGN_SIGNATURE,),
)


def _run(image: ImageEvidence, asked: SignedParams, now: datetime) -> Outcome:
    return judge(CHECK, _SOUGHT, image, asked, now=now)


CHECK: Final = Check(
    name="signature",
    severity=Severity.CRITICAL,
    params=SignedParams,
    run=_run,
    codes=shortfall_pages(_SOUGHT),
    wants=frozenset(_SOUGHT.types),
    monotone=always,
    makes=("gate sign{key} {image}", "cosign sign{key} {image}"),
    proposal=Proposal("signature", "signature: {by: %s}"),
)
