"""What the logs keep of a signature, by kind of entry.

https://github.com/sigstore/rekor/tree/main/pkg/types
"""

from __future__ import annotations

from typing import Any, Literal

from tests.fakes.sigstore.content import Artifact, Content, Envelope, Holder
from tests.fakes.sigstore.encoding import b64, canonical, sha256
from tests.fakes.sigstore.keys import digest_of

Kind = Literal["dsse", "hashedrekord", "intoto"]


def body_v1(content: Content, holder: Holder, kind: Kind | None = None) -> dict[str, Any]:
    """Return an entry of Rekor v1; unless told, of the kind that clients choose for the content."""
    match kind or ("hashedrekord" if isinstance(content, Artifact) else "dsse"):
        case "dsse" if isinstance(content, Envelope):
            return dsse(content.canonical, content.payload, [(content.signature, holder)])
        case "intoto" if isinstance(content, Envelope):
            return _intoto(content, holder)
        case "hashedrekord":
            return _hashedrekord(content, holder)
        case wrong:
            msg = f"an entry of kind {wrong} cannot hold {type(content).__name__}"
            raise ValueError(msg)


def body_v2(content: Content, holder: Holder) -> dict[str, Any]:
    """Return a `hashedrekord` 0.0.2 entry, the one kind of Rekor v2 that bundles carry."""
    algorithm, digest = digest_of(holder.key, content.signed)
    signature = {"content": b64(content.signature), "verifier": holder.verifier}
    return hashedrekord_v2(algorithm, b64(digest), signature)


def hashedrekord_v2(algorithm: str, digest: str, signature: dict[str, Any]) -> dict[str, Any]:
    """Return a `hashedrekord` 0.0.2 entry of a base64 digest and a signature message."""
    name = f"SHA2_{algorithm.removeprefix('sha')}"
    record = {"data": {"algorithm": name, "digest": digest}, "signature": signature}
    return {
        "apiVersion": "0.0.2",
        "kind": "hashedrekord",
        "spec": {"hashedRekordV002": record},
    }


def dsse(envelope: bytes, payload: bytes, signatures: list[tuple[bytes, Holder]]) -> dict[str, Any]:
    """Return a `dsse` 0.0.1 entry, which keeps hashes and no payload."""
    signed = [
        {"signature": b64(signature), "verifier": b64(holder.verifier_pem)}
        for signature, holder in signatures
    ]
    return dsse_hashes(envelope, payload, signed)


def dsse_hashes(
    envelope: bytes, payload: bytes, signatures: list[dict[str, str]]
) -> dict[str, Any]:
    """Return a `dsse` 0.0.1 entry of signatures and verifiers that are encoded already."""
    return {
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": _hash("sha256", sha256(envelope)),
            "payloadHash": _hash("sha256", sha256(payload)),
            "signatures": signatures,
        },
    }


def _hashedrekord(content: Content, holder: Holder) -> dict[str, Any]:
    algorithm, digest = digest_of(holder.key, content.signed)
    return {
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "spec": {
            "data": {"hash": _hash(algorithm, digest)},
            "signature": {
                "content": b64(content.signature),
                "publicKey": {"content": b64(holder.verifier_pem)},
            },
        },
    }


def _intoto(envelope: Envelope, holder: Holder) -> dict[str, Any]:
    """Return an `intoto` 0.0.2 entry, in which signatures are base64 of base64."""
    signature = {
        "publicKey": b64(holder.verifier_pem),
        "sig": b64(b64(envelope.signature).encode()),
    }
    logged = {"payloadType": envelope.payload_type, "signatures": [signature]}
    return {
        "apiVersion": "0.0.2",
        "kind": "intoto",
        "spec": {
            "content": {
                "envelope": logged,
                "hash": _hash("sha256", sha256(canonical(logged))),
                "payloadHash": _hash("sha256", sha256(envelope.payload)),
            }
        },
    }


def _hash(algorithm: str, digest: bytes) -> dict[str, str]:
    return {"algorithm": algorithm, "value": digest.hex()}
