"""From a cleared release to its pass: stated, signed, verified again, and stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gate import __version__
from gate.cli.output import write_whole
from gate.cli.places import PlacedRegistry
from gate.cli.signer import Signer, key_signer, keyless_signer, kms_signer, read_key
from gate.errors import GateError, PolicyError
from gate.model.report import PassReport, PassState
from gate.model.review import Review
from gate.model.verdict import Blocked, Cleared
from gate.policy.document import Policy
from gate.policy.passes import PassSection
from gate.predicates.verification_summary import TYPES
from gate.registry.publish import RepositoryPublisher
from gate.signing.envelope import envelope_of
from gate.signing.statement import Issuer, Statement, statements
from gate.trust.own import verify_own


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What became of the pass."""

    report: PassReport
    error: GateError | None = None


def issue(
    review: Review,
    policy: Policy,
    registry: PlacedRegistry,
    *,
    dry_run: bool,
    folder: str | None,
) -> Issued:
    """Sign and store the pass of a cleared release; say why where there is none.

    It raises nothing: the report appears whatever becomes of the pass.
    """
    verdict = review.verdict
    asked = policy.passes
    if asked is None:
        note = "the policy has no pass section"
        return Issued(report=PassReport(state=PassState.NOT_ASKED, note=note))
    if isinstance(verdict, Blocked):
        note = "the release is blocked"
        return Issued(report=PassReport(state=PassState.NOT_ASKED, note=note))
    try:
        stated = statements(verdict, _issuer(policy, asked, review))
        if dry_run:
            return Issued(report=_dry(stated))
        stored = _sign(
            stated,
            policy=policy,
            asked=asked,
            registry=registry,
            verdict=verdict,
            folder=folder,
        )
    except GateError as error:
        return Issued(report=PassReport(state=PassState.FAILED, note=error.problem), error=error)
    return Issued(report=PassReport(state=PassState.SIGNED, stored=stored))


def _issuer(policy: Policy, asked: PassSection, review: Review) -> Issuer:
    if policy.verifier is None:
        raise PolicyError(
            "policy-missing-key",
            "a policy with a pass section names its verifier",
            remedy="add verifier: a URI that never changes, such as https://acme.example/gate",
        )
    return Issuer(
        verifier=policy.verifier,
        environment=asked.environment,
        valid_for=asked.valid_for,
        tool_version=__version__,
        manifests_bound=review.files > 0 and policy.manifests is not None,
    )


def _dry(stated: Sequence[Statement]) -> PassReport:
    return PassReport(
        state=PassState.DRY_RUN,
        note="a dry run signs nothing",
        statements=tuple(s.payload.decode() for s in stated),
    )


def _sign(
    stated: Sequence[Statement],
    *,
    policy: Policy,
    asked: PassSection,
    registry: PlacedRegistry,
    verdict: Cleared,
    folder: str | None,
) -> tuple[str, ...]:
    """Sign everything, verify everything, and only then store anything."""
    signer = _signer(policy, asked)
    signed = [(statement, signer.sign(statement.payload)) for statement in stated]
    for statement, bundle in signed:
        verify_own(
            bundle,
            statement.image,
            key=signer.key,
            trust_config=signer.trust_config,
            now=datetime.now(UTC),
        )
    publisher = RepositoryPublisher(registry)
    # Files first: a folder that cannot be written is found out before a registry is changed.
    stored = [] if folder is None else [str(_write(Path(folder), *pair)) for pair in signed]
    for statement, bundle in signed:
        image = statement.image
        digest = publisher.push_bundle(
            image, bundle, predicate_type=TYPES[0], created=verdict.plan.at
        )
        stored.append(f"{image.repository}@{digest}")
        if not asked.sign.keyless:
            # Admission controllers read keyed attestations in cosign's older form alone.
            publisher.push_attestation_legacy(image, envelope_of(bundle), predicate_type=TYPES[0])
    return tuple(stored)


def _signer(policy: Policy, asked: PassSection) -> Signer:
    """Return who signs. Nobody is asked for an identity yet. Raises SigningError."""
    how = asked.sign
    if how.key is not None:
        return key_signer(read_key(Path(policy.path).parent / how.key))
    if how.kms is not None:
        return kms_signer(how.kms)
    config = policy.files[how.trust_config] if how.trust_config else None
    return keyless_signer(config, publish_private=how.publish_private)


def _write(folder: Path, statement: Statement, bundle: bytes) -> Path:
    name = statement.image.repository.replace("/", "_").replace(":", "_")
    path = folder / f"{name}-{statement.image.digest.hex[:12]}.sigstore.json"
    write_whole(path, bundle)
    return path
