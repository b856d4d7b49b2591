"""Layers of cosign's `.sig` and `.att` images about the image of the tests of trust."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest
from gate.predicates.image_signature import SIMPLE_SIGNING
from tests.fakes.sigstore import Holder
from tests.trust import given
from tests.trust.given import AT, DIGEST

S: Final = given.sigstore()
SIGNATURE: Final = "dev.cosignproject.cosign/signature"
CERTIFICATE: Final = "dev.sigstore.cosign/certificate"
CHAIN: Final = "dev.sigstore.cosign/chain"
ENTRY: Final = "dev.sigstore.cosign/bundle"
TIMESTAMP: Final = "dev.sigstore.cosign/rfc3161timestamp"


def simple_signing(digest: Digest = DIGEST, **more: object) -> bytes:
    critical = {
        "identity": {"docker-reference": "any/name"},
        "image": {"docker-manifest-digest": str(digest)},
        "type": "cosign container image signature",
        **more,
    }
    return json.dumps({"critical": critical, "optional": None}).encode()


def annotations_of(bundle: bytes, holder: Holder) -> dict[str, str]:
    """Say with annotations what a bundle says with JSON."""
    material = json.loads(bundle)["verificationMaterial"]
    found: dict[str, str] = {}
    if holder.certificate is not None:
        found[CERTIFICATE] = holder.certificate.public_bytes(Encoding.PEM).decode()
        found[CHAIN] = "whatever stands here is not read"
    for entry in material["tlogEntries"]:
        payload = {
            "body": entry["canonicalizedBody"],
            "integratedTime": int(entry["integratedTime"]),
            "logIndex": int(entry["logIndex"]),
            "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
        }
        promise = entry["inclusionPromise"]["signedEntryTimestamp"]
        found[ENTRY] = json.dumps({"SignedEntryTimestamp": promise, "Payload": payload})
    for stamp in material["timestampVerificationData"]["rfc3161Timestamps"]:
        found[TIMESTAMP] = json.dumps({"SignedRFC3161Timestamp": stamp["signedTimestamp"]})
    return found


def signature_layer(
    payload: bytes,
    holder: Holder | None = None,
    **proof: Any,  # noqa: ANN401  # the fake's own arguments
) -> Attached:
    holder = holder or S.holder(AT)
    signed = holder.artifact(payload)
    annotations = annotations_of(S.bundle(signed, holder, AT, **proof), holder)
    annotations[SIGNATURE] = base64.b64encode(signed.signature).decode()
    kind = AttachedKind.COSIGN_SIGNATURE
    return Attached(kind, payload, Storage.SIG_TAG, DIGEST, annotations, SIMPLE_SIGNING)


def attestation_layer(
    payload: bytes,
    holder: Holder | None = None,
    **proof: Any,  # noqa: ANN401  # the fake's own arguments
) -> Attached:
    holder = holder or S.holder(AT)
    signed = holder.envelope(payload)
    annotations = annotations_of(S.bundle(signed, holder, AT, **proof), holder) | {SIGNATURE: ""}
    content = json.dumps(signed.to_json()).encode()
    return Attached(AttachedKind.COSIGN_ATTESTATION, content, Storage.ATT_TAG, DIGEST, annotations)


def but(found: Attached, annotation: str, to: str | None) -> Attached:
    annotations = {**found.annotations, annotation: to or ""}
    if to is None:
        del annotations[annotation]
    return Attached(found.kind, found.content, found.storage, found.subject, annotations)


SIGNED: Final = signature_layer(simple_signing(), tsa=True)
