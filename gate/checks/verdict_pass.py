"""The image has a pass: the gate cleared it, as part of exactly this release.

Why: at deploy time nothing is verified twice. The pipeline that cleared the release signed
a pass; whoever deploys asks for that pass, and for everything that it binds.

Passes when: one of `by` attests, by the `verifier` that the policy names, a verification
summary of the image that says PASSED, for this `environment`, under one of `policies`, at
most `max-age` ago and not past its own end, nor that of any scan or waiver behind it,
covering every image of this run and, with `manifests: exact`, every object as it is
deployed. A summary of the whole release that lists the image counts like the image's own.
The signer of the pass must not be among the signers of the evidence behind it, unless the
policy says `same-signer: accepted`.
With `waivers: refused` the release rests on no waiver.

Remedy: run `gate check` in the pipeline, with the policy that this deployment accepts.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gate.checks.demand.base import Check, SignedParams
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Refused, Sought, clipped
from gate.checks.passes.reason import RUN, Reason
from gate.checks.passes.release import about_another, uncovered
from gate.checks.passes.validity import Pass, ends, untimely
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.model.verdict import Outcome, Severity
from gate.policy.duration import Duration
from gate.policy.passes import Environment
from gate.predicates.verification_summary import TYPES

_SOUGHT: Final = Sought(
    code="pass",
    noun="a pass",
    kind=VerificationSummary,
    types=TYPES,
    remedy="run `gate check` in the pipeline that releases this image, and let it sign",
)


def _digest(text: str) -> str:
    return str(Digest.parse(text))


class Manifests(enum.StrEnum):
    """How much of the manifests a pass must bind."""

    EXACT = "exact"
    """Every object that is deployed was judged in the run that signed the pass."""
    IMAGES = "images"
    """The images alone."""


class PassParams(SignedParams):
    """Whose pass opens this deployment, and what it must bind."""

    verifier: str = Field(min_length=1)
    """The `verifier` of the policy that judged, exactly."""
    environment: Environment
    """The environment that the pass must be for."""
    policies: Annotated[
        tuple[Annotated[str, AfterValidator(_digest)], ...],
        Field(min_length=1, strict=False),
    ]
    """Digests of the policies that may have judged, as `gate check` prints them."""
    max_age: Duration = Field(alias="max-age")
    """How old the pass may be, whatever it says itself."""
    manifests: Annotated[Manifests, Field(strict=False)]
    """Whether the manifests must be those that were judged (`exact`), or the images alone
    (`images`)."""
    same_signer: Literal["accepted", "refused"] = Field(default="refused", alias="same-signer")
    """Whether who signed the evidence may have signed the pass."""
    waivers: Literal["accepted", "refused"] = "accepted"
    """Whether the release may rest on waivers; the pass lists each."""


def _run(image: ImageEvidence, asked: PassParams, now: datetime) -> Outcome:
    return judge(
        CHECK,
        _SOUGHT,
        image,
        asked,
        lambda found: _refuse(found, image, asked, now),
        now=now,
        until=lambda found: ends(found, asked.max_age),
    )


def _refuse(
    found: Pass, image: ImageEvidence, asked: PassParams, now: datetime
) -> tuple[Refused, ...]:
    """Return the first thing that is wrong; a pass with more in order came nearer.

    No waiver excuses it, so what else is wrong need not be said.
    """
    for number, reason in enumerate(_reasons(found, image, asked, now)):
        if reason is not None:
            return (Refused(reason[0], clipped(reason[1]), reason[2], rank=number),)
    return ()


def _reasons(
    found: Pass, image: ImageEvidence, asked: PassParams, now: datetime
) -> Iterator[Reason | None]:
    """Yield, in order, what each demand has against the pass."""
    said = found.predicate
    other = f"run `gate check` with the policy whose verifier is {asked.verifier!r}"
    yield _differs("wrong-verifier", "is by the verifier", said.verifier, asked.verifier, other)
    yield _differs("not-passed", "has the result", said.result, "PASSED", RUN)
    yield _honest(said)
    other = f"run `gate check` with the policy whose pass is for {asked.environment!r}"
    environment = said.environment or ""
    yield _differs(
        "wrong-environment", "is for the environment", environment, asked.environment, other
    )
    yield about_another(said, image)
    yield _policy(said, asked)
    yield _signer(found, asked)
    yield _waived(said, asked)
    yield from untimely(found, asked.max_age, now)
    yield from uncovered(said, image, objects=asked.manifests is Manifests.EXACT)


def _differs(code: str, what: str, said: str, wanted: str, remedy: str) -> Reason | None:
    if said == wanted:
        return None
    return (code, f"the pass {what} {said!r}, and {wanted!r} is demanded", remedy)


def _honest(said: VerificationSummary) -> Reason | None:
    if said.unsigned:
        return ("dry-run", "the pass says that it is from a dry run, which opens nothing", RUN)
    if said.unsettled:
        return (
            "check-not-passed",
            f"the pass lists {said.unsettled[0]} with a result that clears nothing",
            RUN,
        )
    return None


def _policy(said: VerificationSummary, asked: PassParams) -> Reason | None:
    if said.policy is not None and str(said.policy) in asked.policies:
        return None
    return (
        "wrong-policy",
        (
            f"the pass was given under the policy {said.policy or '(none named)'}, "
            "which this deployment does not accept"
        ),
        "run `gate check` with an accepted policy, or accept this one after reading it",
    )


def _signer(found: Pass, asked: PassParams) -> Reason | None:
    if asked.same_signer == "accepted":
        return None
    if str(found.identity) not in found.predicate.evidence_identities:
        return None
    return (
        "same-signer",
        f"the pass is signed by {found.identity}, who also signed evidence behind it",
        "let the gate sign as an identity of its own; docs/pass.md says how",
    )


def _waived(said: VerificationSummary, asked: PassParams) -> Reason | None:
    if asked.waivers == "accepted" or said.waivers_expire is None:
        return None
    return (
        "rests-on-waivers",
        "the pass rests on waivers, which this deployment does not accept",
        "mend what was waived and run `gate check` again; the pass lists each waiver",
    )


CHECK: Final = Check(
    name="pass", severity=Severity.CRITICAL, params=PassParams, run=_run, first_suffices=True
)
