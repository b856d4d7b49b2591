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


def pae(payload: bytes) -> bytes:
    """Return what is signed: the pre-authentication encoding of an in-toto payload."""
    return pre_authentication_encoding(PAYLOAD_TYPE, payload)


def envelope(payload: bytes, signature: bytes) -> dict[str, Any]:
    """Return the envelope of one signature. Key ids are hints that nobody needs: it has none."""
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }


def keyed_bundle(payload: bytes, signature: bytes, fingerprint: bytes) -> bytes:
    """Return a bundle v0.3 that names a public key by the SHA-256 of its DER form.

    It has no log entry and no timestamp: nobody but the signer vouches for when it was made.
    """
    return json.dumps(
        {
            "mediaType": BUNDLE_TYPE,
            "verificationMaterial": {
                "publicKey": {"hint": base64.b64encode(fingerprint).decode()},
                "tlogEntries": [],
                "timestampVerificationData": {"rfc3161Timestamps": []},
            },
            "dsseEnvelope": envelope(payload, signature),
        },
        separators=(",", ":"),
    ).encode()


def envelope_of(bundle: bytes) -> bytes:
    """Return the DSSE envelope of a bundle that gate itself made, for legacy storage."""
    return json.dumps(json.loads(bundle)["dsseEnvelope"], separators=(",", ":")).encode()
