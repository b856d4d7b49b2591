"""The image has a pass: the gate cleared it, as part of exactly this release.

Why: at deploy time nothing is verified twice. The pipeline that cleared the release signed
a pass; the deploy step asks for that pass, and for everything that it binds.

Passes when: one of `by` attests, by the `verifier` that the policy names, a verification
summary of the image that says PASSED, for this `environment`, under one of `policies`, at
most `max-age` ago and not past its own end, nor that of any scan or waiver behind it,
covering every image of this run that needs a pass and, with `manifests: exact`, every
object as it is deployed. Of an object that a cluster stores, every declared field has the
declared value, and all else is what its API server fills in, or a field under `managed`.
A summary of the whole release that lists the image counts like the image's own.
The signer of the pass must not be among the signers of the evidence behind it, unless the
policy says `same-signer: accepted`.
With `waivers: refused` the release rests on no waiver.
Where the policy names a list of ended passes (`revocations`), the pass is not on it, and the
list itself is fresh and signed by whom the policy says.
In the cluster (`gate serve`) age counts where a workload is created or its images change. An
image that was admitted, and that a controller of the cluster runs again, needs a pass that is
in order but for its age.

Remedy: run `gate check` in the pipeline, with the policy that this deployment accepts.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

from gate.checks.demand.base import Check, SignedParams, always
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.checks.passes.reason import RUN, Reason
from gate.checks.passes.release import about_another, uncovered
from gate.checks.passes.revoked import revoked
from gate.checks.passes.validity import Pass, age, ends, untimely
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.model.revocations import RevocationsUnknown
from gate.model.verdict import Failed, Outcome, Passed, Severity, Undecided
from gate.policy.duration import Duration
from gate.policy.fields import After, Sized, written
from gate.policy.passes import Environment
from gate.predicates.verification_summary import TYPES

if TYPE_CHECKING:
    from gate.policy.managed import MAX_MANAGED, ManagedField

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="pass-absent",
        incomplete="pass-incomplete",
        not_verified="pass-not-verified",
        too_few="pass-too-few",
        unreadable="pass-unreadable",
        unsigned="pass-unsigned",
        wrong_predicate="pass-wrong-predicate",
        wrong_signer="pass-wrong-signer",
        wrong_subject="pass-wrong-subject",
    ),
    noun="a pass",
    kind=VerificationSummary,
    types=TYPES,
    remedy="run `gate check` in the pipeline that releases this image, and let it sign",
    of_artifact="run `gate check oci://{name}` in the pipeline that releases it, and let it sign",
)


def _digest(text: str) -> str:
    return str(Digest.parse(text))


class BoundManifests(enum.StrEnum):
    """How much of the manifests a pass must bind."""

    EXACT = "exact"
    """Every object that is deployed was judged in the run that signed the pass."""
    IMAGES = "images"
    """The images alone."""


class PassParams(SignedParams):
    """Whose pass opens this deployment, and what it must bind."""

    verifier: Annotated[str, Sized(min_length=1)]
    """The `verifier` of the policy that judged, exactly."""
    environment: Environment
    """The environment that the pass must be for."""
    policies: Annotated[
        tuple[Annotated[str, After(_digest)], ...],
        Sized(min_length=1),
    ]
    """Digests of the policies that may have judged, as `gate check` prints them."""
    max_age: Duration = written(alias="max-age")
    """How old the pass may be. What it says itself cannot raise this."""
    manifests: BoundManifests
    """Whether the manifests must be those that were judged (`exact`), or the images alone
    (`images`)."""
    managed: Annotated[tuple[ManagedField, ...], Sized(max_length=MAX_MANAGED)] = written(
        default=(), named_in="gate.policy.managed"
    )
    """Fields that controllers own, so that the object in a cluster may have them another way than
    it was declared. `gate admit` compares what is applied, and leaves none out."""
    same_signer: Literal["accepted", "refused"] = written(default="refused", alias="same-signer")
    """Whether who signed the evidence may have signed the pass."""
    waivers: Literal["accepted", "refused"] = "accepted"
    """Whether the release may rest on waivers; the pass lists each."""


def _run(image: ImageEvidence, asked: PassParams, now: datetime) -> Outcome:
    found = _judged(image, asked, now)
    if isinstance(found, Passed) and isinstance(image.revocations, RevocationsUnknown):
        unknown = image.revocations
        return Undecided(unknown.code, unknown.reason, unknown.remedy)
    return found


def _judged(image: ImageEvidence, asked: PassParams, now: datetime) -> Passed | Failed:
    return judge(
        CHECK,
        _SOUGHT,
        image,
        asked,
        lambda found: _refuse(found, image, asked, now),
        now=now,
        until=None if image.again else lambda found: ends(found, asked.max_age),
        ages=lambda found: (age(found, asked.max_age),),
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
    yield _differs(
        "pass-wrong-verifier", "is by the verifier", said.verifier, asked.verifier, other
    )
    yield _differs("pass-not-passed", "has the result", said.result, "PASSED", RUN)
    yield _honest(said)
    other = f"run `gate check` with the policy whose pass is for {asked.environment!r}"
    environment = said.environment or ""
    yield _differs(
        "pass-wrong-environment", "is for the environment", environment, asked.environment, other
    )
    yield about_another(said, image)
    yield _policy(said, asked)
    listed = image.revocations
    known = None if isinstance(listed, RevocationsUnknown) else listed
    yield revoked(found, image.image, known)
    yield _signer(found, asked)
    yield _waived(said, asked)
    yield from untimely(found, None if image.again else asked.max_age, now)
    exact = asked.manifests is BoundManifests.EXACT
    yield from uncovered(said, image, objects=[m.field for m in asked.managed] if exact else None)


def _differs(code: str, what: str, said: str, wanted: str, remedy: str) -> Reason | None:
    if said == wanted:
        return None
    return (code, f"the pass {what} {said!r}, and {wanted!r} is demanded", remedy)


def _honest(said: VerificationSummary) -> Reason | None:
    if said.unsigned:
        return ("pass-dry-run", "the pass says that it is from a dry run, which opens nothing", RUN)
    if said.unsettled:
        return (
            "pass-check-not-passed",
            f"the pass lists {said.unsettled[0]} with a result that clears nothing",
            RUN,
        )
    return None


def _policy(said: VerificationSummary, asked: PassParams) -> Reason | None:
    if said.policy is not None and str(said.policy) in asked.policies:
        return None
    return (
        "pass-wrong-policy",
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
        "pass-same-signer",
        f"the pass is signed by {found.identity}, who also signed evidence behind it",
        "let the gate sign as an identity of its own; docs/pass.md says how",
    )


def _waived(said: VerificationSummary, asked: PassParams) -> Reason | None:
    if asked.waivers == "accepted" or said.waivers_expire is None:
        return None
    return (
        "pass-rests-on-waivers",
        "the pass rests on waivers, which this deployment does not accept",
        "mend what was waived and run `gate check` again; the pass lists each waiver",
    )


_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "pass-wrong-verifier": CodePage(
        "The pass is by another verifier.",
        "`verifier` of the deploy policy and of the policy that judged must be the same URI.",
        "Run `gate check` with the policy whose `verifier` the deploy policy names.",
    ),
    "pass-not-passed": CodePage(
        "The statement says that the image did not pass.",
        "Its result is not PASSED. gate signs no such pass; another tool may.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-dry-run": CodePage(
        "The pass comes from a dry run.",
        "A dry run signs nothing. Somebody signed its output by hand.",
        "Run `gate check` without --dry-run in the pipeline.",
    ),
    "pass-check-not-passed": CodePage(
        "The pass lists a check that clears nothing.",
        "A check in it failed or is undecided, so the pass contradicts itself.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-wrong-environment": CodePage(
        "The pass is for another environment.",
        "A pass for staging opens nothing in production.",
        "Run `gate check` with the policy whose pass is for this environment.",
        "pass: {environment: production, valid-for: 24h, sign: {keyless: true}}",
    ),
    "pass-wrong-resource": CodePage(
        "The pass is about another image.",
        "It names the image that it was given for, by digest.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-wrong-policy": CodePage(
        "The pass was given under a policy that this deployment does not accept.",
        "The deploy policy lists the digests of the policies that may judge. Somebody changed "
        "the policy since, or judged with another.",
        "Read what changed. Then run `gate check` with an accepted policy, or add the new "
        "digest to `policies`.",
    ),
    "pass-revoked": CodePage(
        "The pass was ended before its time.",
        "The deploy policy names a list of ended passes, and a line of it ends this one: by its "
        "release, its image, the policy that judged, or its signer.",
        "Read the reason on the list (`gate revoke` prints it). Then deploy another image, release "
        "another set of objects, judge by another policy, or let another signer sign: what the "
        "line names stays ended, also with a new pass.",
    ),
    "pass-same-signer": CodePage(
        "Who signed the pass also signed evidence behind it.",
        "If the build can sign passes, so can anything that runs in the build.",
        "Let the gate sign as an identity of its own; docs/pass.md says how.",
        "same-signer: accepted   # in the deploy policy, if you accept the risk",
    ),
    "pass-rests-on-waivers": CodePage(
        "The pass rests on waivers.",
        "The deploy policy has `waivers: refused`.",
        "Mend what was waived and run `gate check` again. The pass lists each waiver.",
    ),
    "pass-incomplete-release": CodePage(
        "The pass covers another release.",
        "The deployment has an image that the pass does not list. A pass covers one whole release.",
        "Run `gate check` again on all that is deployed together.",
    ),
    "pass-manifests-unbound": CodePage(
        "The pass does not bind any manifests.",
        "The deploy policy has `manifests: exact`, and the policy that judged has no "
        "`manifests` section.",
        "Add `manifests: {profile: gate}` to the policy of `gate check`, and run it on the "
        "manifests that are deployed.",
    ),
    "pass-object-not-covered": CodePage(
        "The pass covers no object of this name.",
        "The deploy policy has `manifests: exact`: an object is let in if the release of the pass "
        "declares it, or a pod template of that release made it.",
        "Run `gate check` on all manifests of the release, this object among them.",
    ),
    "pass-object-not-comparable": CodePage(
        "The pass does not tell which fields this object declares.",
        "A cluster adds fields to what is applied, so that a digest over the whole object says "
        "nothing there. A pass lists the declared fields of its objects, up to 256 KiB in all; the "
        "largest objects are left out. Another version of gate may have listed none.",
        "Run `gate check` again with this gate; for an object that is too large, ask for "
        "`manifests: images`.",
    ),
    "pass-manifests-changed": CodePage(
        "An object is not as it was when the pass was given.",
        "The deploy policy has `manifests: exact`: the pass binds each object by the digest of "
        "its content.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-from-the-future": CodePage(
        "The pass is dated in the future.",
        "The clock here and the clock of the signer differ by more than five minutes.",
        "Set the clock that is wrong; `gate doctor` compares the one here with a registry's.",
    ),
    "pass-time-differs": CodePage(
        "The pass states another time than its signature.",
        "The two differ by more than five minutes, so neither is believed.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-too-old": CodePage(
        "The pass is older than the deploy policy allows.",
        "`max-age` of the deploy policy counts from the oldest time that the pass claims.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-endless": CodePage(
        "The pass does not say when it ends.",
        "A pass without an end would open the deployment for ever.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-expired": CodePage(
        "The pass has ended.",
        "`valid-for` of the policy that judged set its end.",
        "Run `gate check` again in the pipeline, on exactly what is deployed.",
    ),
    "pass-waiver-expired": CodePage(
        "A waiver behind the pass has ended.",
        "The pass was given because a finding was waived until a date that has passed.",
        "Mend what was waived, or renew the waiver and run `gate check` again.",
    ),
    "pass-evidence-expired": CodePage(
        "Evidence behind the pass has ended.",
        "A scan that was fresh enough when the pass was given is too old now.",
        "Scan the image again, attest the result, and run `gate check` again.",
    ),
}

CHECK: Final = Check(
    name="pass",
    severity=Severity.CRITICAL,
    params=PassParams,
    run=_run,
    first_suffices=True,
    monotone=always,
    codes=_CODES,
    wants=frozenset(TYPES),
    reads_release=True,
)
