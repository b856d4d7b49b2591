"""From a cleared release to its pass: stated, signed, verified again, and stored."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gate import __version__
from gate.checks.provenance import ProvenanceParams
from gate.cli.reads.pass_signer import CODE, REMEDY, same_identity, same_key, told
from gate.cli.reads.signer import Signer, key_signer, keyless_signer, kms_signer, read_key
from gate.cli.runs.sign_passes import publish_passes, sign_passes
from gate.cli.runs.still_good import StillGood, still_good
from gate.cli.writes.layouts import check_layouts
from gate.cli.writes.pass_files import write_passes
from gate.cli.writes.standard_error import warn
from gate.errors import GateError, PolicyError, SigningError, UsageError
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.report import PassReport, PassState
from gate.model.review import Review
from gate.model.verdict import Blocked, Cleared
from gate.model.words import timestamp
from gate.pipeline.gather import MAX_PARALLEL
from gate.policy.document import Policy
from gate.policy.passes import PassSection, SignWith
from gate.registry.route import RoutedRegistry
from gate.signing.declared import declared_of
from gate.signing.statement import PassStatement, statements
from gate.signing.summary import PROVENANCE, Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What became of the pass."""

    report: PassReport
    error: GateError | None = None


def issue(
    review: Review,
    policy: Policy,
    asked: PassSection,
    registry: RoutedRegistry,
    *,
    roots: tuple[Digest, ...],
    dry_run: bool,
    folder: str | None,
    renew: bool = False,
) -> Issued:
    """Sign and store the pass of a cleared release; say why where there is none.

    `asked` is the policy's `pass` section. `roots` are the trusted roots that its evidence was held
    against. Unless it is to `renew`, or the files of a `folder` are asked for, an image whose
    stored pass says the same and has half of its time left gets no other. It raises nothing: the
    report appears also where the pass fails.
    """
    verdict = review.verdict
    if isinstance(verdict, Blocked):
        note = "the release is not cleared"
        return Issued(report=PassReport(state=PassState.NOT_ASKED, note=note))
    try:
        issuer = _issuer(policy, asked, review, roots)
        if dry_run:
            return Issued(report=_dry(statements(verdict, issuer, unsigned=True)))
        if not verdict.plan.images:
            raise _imageless()
        check_layouts(registry, (image.reference for image in verdict.plan.images))
        signer = signer_of(policy, asked.sign)
        _warn_same_signer(policy, asked, signer)
        every = statements(verdict, issuer)
        held = () if renew or folder is not None else _held(every, registry, signer, verdict)
        if held and len(held) == len(every):
            return Issued(report=_still_good(held))
        have = {one.image for one in held}
        lacking = [one for one in every if one.image not in have]
        signed = sign_passes(lacking, verdict, issuer, signer, whole=folder is not None)
        # Files first: a folder that cannot be written is found out before a registry is changed.
        stored = () if folder is None else write_passes(Path(folder), signed)
        published, replaced = publish_passes(signed, registry, signer, at=verdict.plan.at)
    except GateError as error:
        return Issued(report=PassReport(state=PassState.FAILED, note=error.problem), error=error)
    note = f"older passes that it replaces are gone from {replaced} places" if replaced else ""
    every_place = (*stored, *published, *map(str, held))
    return Issued(report=PassReport(state=PassState.SIGNED, stored=every_place, note=note))


def _held(
    every: Sequence[PassStatement], registry: RoutedRegistry, signer: Signer, verdict: Cleared
) -> tuple[StillGood, ...]:
    def look(one: PassStatement) -> StillGood | None:
        return still_good(one, registry, signer, verdict.plan.at)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        return tuple(one for one in pool.map(look, every) if one is not None)


def _still_good(held: Sequence[StillGood]) -> PassReport:
    ends = timestamp(min(one.ends for one in held))
    return PassReport(
        state=PassState.STILL_GOOD,
        note=f"the stored pass is for the same release, policy and evidence and holds until {ends};"
        " --renew signs a new one",
        stored=tuple(map(str, held)),
    )


def _warn_same_signer(policy: Policy, asked: PassSection, signer: Signer) -> None:
    """Tell that the pass will open nothing, of a service's key and of the identity of the job.

    A key in a file was told of before.
    """
    how = asked.sign
    found = None
    if how.kms is not None and signer.key is not None:
        found = same_key(policy, signer.key)
    elif signer.identity is not None:
        # Who cannot be found out here cannot sign: signing says why.
        with contextlib.suppress(SigningError):
            found = same_identity(policy, signer.identity())
    if found is not None:
        warning = told(found, how.kms or "the identity of this CI job")
        warn(warning, CODE, REMEDY)


def _imageless() -> UsageError:
    return UsageError(
        "pass-without-image",
        "the release is in order and gets no pass: a pass is stored beside an image, and it has "
        "none",
        remedy="name with --image the image that these objects belong to, here and in "
        "`gate admit`: its pass then covers them too",
    )


def _issuer(
    policy: Policy, asked: PassSection, review: Review, roots: tuple[Digest, ...]
) -> Issuer:
    if policy.verifier is None:
        raise PolicyError(
            "policy-missing-key",
            "a policy with a pass section names its verifier",
            remedy="add verifier: a URI that never changes, such as https://acme.example/gate",
        )
    bound = review.files > 0 and policy.manifests is not None
    return Issuer(
        verifier=policy.verifier,
        environment=asked.environment,
        valid_for=asked.valid_for,
        tool_version=__version__,
        manifests_bound=bound,
        declared=declared_of(review.verdict.plan.release) if bound else (),
        roots=roots,
        suppressed=review.suppressed,
        build_levels=_build_levels(policy, review),
    )


def _build_levels(policy: Policy, review: Review) -> dict[str, int]:
    """Return the least SLSA build level that the policy takes, of images where it says one."""
    found = {}
    for image in review.images:
        entry = policy.entry(image.reference) if image.reference else None
        asked = entry.checks.get(PROVENANCE) if entry else None
        if isinstance(asked, ProvenanceParams) and asked.minimum_level is not None:
            found[image.name] = asked.minimum_level
    return found


def _dry(stated: Sequence[PassStatement]) -> PassReport:
    return PassReport(
        state=PassState.DRY_RUN,
        note="a dry run signs nothing" if stated else "without an image there is no pass to sign",
        statements=tuple(s.payload.decode() for s in stated),
    )


def signer_of(policy: Policy, how: SignWith) -> Signer:
    """Return who signs. Nobody is asked for an identity yet. Raises SigningError."""
    if how.key is not None:
        return key_signer(read_key(Path(policy.path).parent / how.key))
    if how.kms is not None:
        return kms_signer(how.kms)
    config = policy.files[how.trust_config] if how.trust_config else None
    return keyless_signer(config, publish_private=how.publish_private)
