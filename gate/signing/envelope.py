"""DSSE envelopes and the Sigstore bundles around them, as they are written.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from gate.model.dsse import PAYLOAD_TYPE, pre_authentication_encoding

BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
_ENVELOPE: Final = b'"dsseEnvelope":'


def pae(payload: bytes) -> bytes:
    """Return what is signed: the pre-authentication encoding of an in-toto payload."""
    return pre_authentication_encoding(PAYLOAD_TYPE, payload)


def keyed_bundle(payload: bytes, signature: bytes, fingerprint: bytes) -> bytes:
    """Return a bundle v0.3 that names a public key by the SHA-256 of its DER form.

    It has no log entry and no timestamp: nobody but the signer vouches for when it was made.
    """
    material = {
        "publicKey": {"hint": base64.b64encode(fingerprint).decode()},
        "tlogEntries": [],
        "timestampVerificationData": {"rfc3161Timestamps": []},
    }
    head = _written({"mediaType": BUNDLE_TYPE, "verificationMaterial": material})
    # A payload has up to 64 MiB, and base64 needs no escapes: it is put in place as it is.
    return b"".join((head[:-1], b",", _ENVELOPE, *_envelope(payload, signature), b"}"))


def envelope_of(bundle: bytes) -> bytes:
    """Return the DSSE envelope of a bundle that `keyed_bundle` made, for legacy storage."""
    # No text before it can hold a quotation mark.
    return bundle[bundle.index(_ENVELOPE) + len(_ENVELOPE) : -1]


def _envelope(payload: bytes, signature: bytes) -> tuple[bytes, ...]:
    """Return the envelope of one signature, in pieces.

    Key ids are hints that nobody needs: it has none.
    """
    rest = {
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }
    return b'{"payload":"', base64.b64encode(payload), b'",', _written(rest)[1:]


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
