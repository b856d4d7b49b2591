"""The bytes of a bundle that a key signs: compact JSON, and the envelope in it as it is."""

from __future__ import annotations

import base64
import json

import pytest

from gate.signing.envelope import envelope_of, keyed_bundle


@pytest.mark.parametrize("payload", [b"{}", bytes(range(256)), b'"dsseEnvelope":'])
def test_a_bundle_and_its_envelope_are_compact_json_of_their_fields(payload: bytes) -> None:
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"sig": "c2ln"}],
    }
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "publicKey": {"hint": "a2V5"},
            "tlogEntries": [],
            "timestampVerificationData": {"rfc3161Timestamps": []},
        },
        "dsseEnvelope": envelope,
    }
    made = keyed_bundle(payload, b"sig", b"key")
    assert made == json.dumps(bundle, separators=(",", ":")).encode()
    assert envelope_of(made) == json.dumps(envelope, separators=(",", ":")).encode()
