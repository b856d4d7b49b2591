"""The passes of a release: signed, verified and stored, many images at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Final

from gate.cli.reads.signer import Signer
from gate.cli.runs.replace import New, replace_older
from gate.cli.writes.nearly_full import warn_nearly_full
from gate.cli.writes.pass_files import Pass, SignedPasses
from gate.model.image import Digest
from gate.model.verdict import Cleared
from gate.predicates.verification_summary import TYPES
from gate.registry.route import RoutedRegistry
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.envelope import envelope_of
from gate.signing.statement import PassStatement, release_statement
from gate.signing.summary import Issuer
from gate.trust.own import verify_own

_STORED_TOGETHER: Final = 8
"""Of how many images passes are stored at the same time: writing is bounded more than reading."""


def sign_passes(
    stated: Sequence[PassStatement],
    verdict: Cleared,
    issuer: Issuer,
    signer: Signer,
    *,
    whole: bool,
) -> SignedPasses:
    """Sign everything, and verify everything, before anything is stored. Raises SigningError.

    The statement of the whole release is signed only where it will be written to a file. Of several
    faults the first is told, in the order of the images.
    """
    # The first alone: where no certificate is to be had, nobody is asked for it once more.
    passes = tuple(_signed(signer, one) for one in stated[:1])
    with ThreadPoolExecutor(signer.together) as pool:
        passes += tuple(pool.map(partial(_signed, signer), stated[1:]))
    if not whole:
        return SignedPasses(passes, None)
    about = release_statement(verdict, issuer, (Digest.of(p.bundle) for p in passes))
    return SignedPasses(passes, None if about is None else _signed(signer, about))


def _signed(signer: Signer, statement: PassStatement) -> Pass:
    bundle = signer.sign(statement.payload)
    verify_own(
        bundle,
        statement.image,
        key=signer.key,
        trust_config=signer.trust_config,
        now=datetime.now(UTC),
    )
    return Pass(statement, bundle)


def publish_passes(
    signed: SignedPasses, registry: RoutedRegistry, signer: Signer, *, at: datetime
) -> tuple[tuple[str, ...], int]:
    """Attach each image's pass to it; return where they are, and how many older ones are gone.

    Raises RegistryError, of the first image that got none.
    """
    publisher = RepositoryPublisher(registry)

    def push(one: Pass) -> New:
        image = one.statement.image
        digest = publisher.push_bundle(image, one.bundle, predicate_type=TYPES[0], created=at)
        layer = None
        if signer.key is not None:
            # Admission controllers read keyed attestations in cosign's older form alone.
            legacy = envelope_of(one.bundle)
            publisher.push_attestation_legacy(image, legacy, predicate_type=TYPES[0])
            layer = Digest.of(legacy)
        return New(
            image=image,
            bundle=one.bundle,
            predicate_type=TYPES[0],
            manifest=digest,
            layer=layer,
            overwritten=publisher.overwritten,
        )

    with ThreadPoolExecutor(_STORED_TOGETHER) as pool:
        new = tuple(pool.map(push, signed.passes))
    publisher.confirm()
    replaced = replace_older(new, registry, signer, at)
    warn_nearly_full(publisher.nearly_full)
    stored = tuple(f"{registry.kept_at(one.image)}@{one.manifest}" for one in new)
    return stored, replaced
