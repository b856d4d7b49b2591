"""`gate sign` and `gate attest` from their options to what is stored."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.reads.signer import (
    KEY_ITSELF,
    Signer,
    key_signer,
    keyless_signer,
    kms_signer,
    read_key,
)
from gate.cli.writes.files import make_room, write_whole
from gate.cli.writes.layouts import check_layouts
from gate.cli.writes.nearly_full import warn_nearly_full
from gate.errors import SigningError, UsageError
from gate.model.image import Digest, ResolvedImage
from gate.model.location import IN_REGISTRY
from gate.model.records import dataclass
from gate.predicates.statement import MAX_BYTES, statement_about
from gate.predicates.types import IMAGE_SIGNATURE
from gate.registry.route import RoutedRegistry
from gate.registry.write.publish import RepositoryPublisher
from gate.reports.neutral import terminal
from gate.signing.envelope import envelope_of
from gate.trust.own import verify_own

MAX_PAYLOAD: Final = MAX_BYTES
"""The largest statement that is read again."""
SIGNATURE: Final = IMAGE_SIGNATURE[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs."""

    key: str | None
    trust_config: str | None
    publish_private: bool

    def signer(self) -> Signer:
        """Return the signer. Nobody is asked for an identity yet.

        Raises UsageError for a file that the call names wrongly, and SigningError.
        """
        if self.key is None:
            config = _given(self.trust_config, "--trust-config") if self.trust_config else None
            return keyless_signer(config, publish_private=self.publish_private)
        if "://" in self.key or self.key.split(":", 1)[0] in {"awskms", "gcpkms", "azurekms", "hv"}:
            return kms_signer(self.key)
        try:
            return key_signer(_given(self.key, "--key"))
        except SigningError as error:
            raise UsageError(error.code, error.problem, remedy=error.remedy) from error


def _given(path: str, option: str) -> bytes:
    try:
        return read_key(Path(path))
    except SigningError as error:
        remedy = f"check the path that {option} names"
        raise UsageError(
            error.code, error.problem, remedy=error.remedy if error.code == KEY_ITSELF else remedy
        ) from None


def run_sign(
    name: str,
    predicate_type: str,
    predicate: Mapping[str, Any],
    signing: Signing,
    *,
    access: Access,
    bundle_file: str | None = None,
    reads: Sequence[str] = (),
    about: frozenset[Digest] = frozenset(),
) -> int:
    """Sign a statement about an image, and store it beside the image. Raises GateError.

    So it does of a chart or a bundle of manifests, which is named by `oci://`. With `bundle_file`
    the bundle goes to that file, and nothing is written beside the image. The call `reads` no such
    file. `about` are the digests that the predicate itself names: a document about another image
    is not signed.
    """
    if bundle_file is not None:
        make_room(Path(bundle_file), [*reads, *filter(None, (signing.key, signing.trust_config))])
    if name.endswith(".json") and Path(name).is_file():
        raise UsageError(
            "image-reference-malformed",
            f"{name} is a file, and what is signed is an image",
            remedy="name the image; `gate attest --type TYPE FILE IMAGE` attests a file",
        )
    artifact = name.startswith(IN_REGISTRY)
    registry, names = open_registry(access, [name.removeprefix(IN_REGISTRY)])
    with closing(registry):
        reference = read_reference(names[0])
        if bundle_file is None:
            check_layouts(registry, [reference])
        signer = signing.signer()
        image = registry.packed(reference).image if artifact else registry.resolve(reference)
        _refuse_another(image, about)
        bundle = signer.sign(_payload(image, predicate_type, predicate))
        now = datetime.now(UTC)
        verify_own(bundle, image, key=signer.key, trust_config=signer.trust_config, now=now)
        if bundle_file is not None:
            write_whole(Path(bundle_file), bundle)
            said = f"written to {bundle_file}"
        else:
            stored, replaced = _store(registry, image, bundle, predicate_type, signer, at=now)
            said = f"stored as {registry.kept_at(image)}@{stored}"
            said += f"\nolder scans are gone from {replaced} places" if replaced else ""
    sys.stdout.write("".join(f"{terminal(line)}\n" for line in (str(image), *said.splitlines())))
    return 0


def _store(
    registry: RoutedRegistry,
    image: ResolvedImage,
    bundle: bytes,
    predicate_type: str,
    signer: Signer,
    *,
    at: datetime,
) -> tuple[Digest, int]:
    """Store a bundle beside the image; return what carries it, and how many older ones are gone."""
    publisher = RepositoryPublisher(registry)
    stored = publisher.push_bundle(image, bundle, predicate_type=predicate_type, created=at)
    layer = None
    if signer.key is not None and predicate_type != SIGNATURE:
        # Admission controllers read keyed attestations in cosign's older form alone.
        legacy = envelope_of(bundle)
        publisher.push_attestation_legacy(image, legacy, predicate_type=predicate_type)
        layer = Digest.of(legacy)
        del legacy  # of a large scan as much as the bundle
    publisher.confirm()
    replaced = 0
    if predicate_type != SIGNATURE:  # a signature replaces none
        from gate.cli.runs.replace import New, replace_older

        new = New(
            image=image,
            bundle=bundle,
            predicate_type=predicate_type,
            manifest=stored,
            layer=layer,
            overwritten=publisher.overwritten,
        )
        replaced = replace_older([new], registry, signer, at)
    warn_nearly_full(publisher.nearly_full)
    return stored, replaced


def _refuse_another(image: ResolvedImage, about: frozenset[Digest]) -> None:
    if not about or not about.isdisjoint(image.digests):
        return
    raise UsageError(
        "attest-another-image",
        f"the document says that it is about {min(about)}, and {image.repository} is "
        f"{image.digest}",
        remedy="make the document of the image as it was pushed, by its digest, or name the "
        "image that it is about",
    )


def _payload(image: ResolvedImage, predicate_type: str, predicate: Mapping[str, Any]) -> bytes:
    try:
        payload = statement_about(image, predicate_type, predicate)
    except ValueError as error:  # of what read_json reads, RFC 8785 refuses such numbers alone
        raise UsageError(
            "attest-file",
            "the document holds a whole number over 9007199254740991 or below its negative, which "
            "readers of JSON round: two of them would read two documents",
            remedy="have its tool write the number as text",
        ) from error
    if len(payload) > MAX_PAYLOAD:
        raise UsageError(
            "attest-too-large",
            f"the statement would have {len(payload)} bytes, and no more than {MAX_PAYLOAD} "
            "are read again when an image is checked",
            remedy="let the tool list packages alone, without the files in them, or attest the "
            "parts of the image apart",
        )
    return payload
