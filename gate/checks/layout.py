"""The image is what the steps of an in-toto layout made.

Why: a layout says who may do which step, and what each may take and make. Its links prove
that nothing came in between.

Passes when: `at-least` of `by` attest an in-toto layout with its links for this image, each
of `keys` (PEM public keys of the layout's owners) signed the layout, it has not expired,
every step has enough links by the keys that it names, its artifact rules hold, and a product
of the last step is the digest of the image: else the layout proves nothing about it. A layout
with inspections is refused before it is loaded, because inspections run commands.

Remedy: let the last step record the image's manifest as a product, and attest the set.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from gate.checks.base import Check, SignedParams
from gate.checks.in_toto import expiry, verify
from gate.checks.in_toto_signed import LayoutRefusedError
from gate.checks.signed import judge
from gate.checks.unmet import Refused, Sought, clipped
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import LayoutSet
from gate.model.verdict import Outcome, Severity
from gate.predicates import LAYOUT_TYPES

_REMEDY: Final = "attest the layout and every link with `gate attest --type custom`"

_SOUGHT: Final = Sought(
    code="layout", noun="an in-toto layout", kind=LayoutSet, types=LAYOUT_TYPES, remedy=_REMEDY
)


def _pem(text: str) -> str:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  # slow to import
        load_pem_public_key,
    )

    try:
        load_pem_public_key(text.encode())
    except (ValueError, TypeError) as problem:
        msg = "this is not a PEM public key"
        raise ValueError(msg) from problem
    return text


class LayoutParams(SignedParams):
    """Whose layout sets count, and who owns the layouts."""

    keys: Annotated[
        tuple[Annotated[str, AfterValidator(_pem)], ...],
        Field(min_length=1, max_length=16, strict=False),
    ]
    """PEM public keys of the layout's owners: at least one must have signed it."""


def _run(image: ImageEvidence, asked: LayoutParams, now: datetime) -> Outcome:
    return judge(CHECK, _SOUGHT, image, asked, lambda a: _refuse(a, asked, now), until=_last_second)


def _last_second(attestation: VerifiedAttestation[LayoutSet]) -> datetime:
    return expiry(attestation.predicate.layout) - timedelta(seconds=1)


def _refuse(
    attestation: VerifiedAttestation[LayoutSet], asked: LayoutParams, now: datetime
) -> Refused | None:
    said = attestation.predicate
    try:
        proven = verify(said.layout, said.links, asked.keys, now)
    except LayoutRefusedError as refused:
        return Refused(
            refused.code,
            clipped("; ".join(p.message for p in refused.problems)),
            "mend the layout or its links",
        )
    if attestation.subject in proven.products:
        return None
    return Refused(
        "another-product",
        f"no product of the last step is {attestation.subject}, so the layout says nothing of it",
        "let the last step record the image's manifest as a product",
        rank=1,
    )


CHECK: Final = Check(name="layout", severity=Severity.HIGH, params=LayoutParams, run=_run)
