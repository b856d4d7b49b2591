"""What several tests make of in toto."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.checks.given import INDEX

OWNER, BUILDER, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def pem(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public(key: Ed25519PrivateKey) -> dict[str, Any]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {
        "keytype": "ed25519",
        "scheme": "ed25519",
        "keyid_hash_algorithms": ["sha256", "sha512"],
        "keyid": keyid(key),
        "keyval": {"public": raw, "private": ""},
    }


def keyid(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def dsse(payload: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    body = json.dumps(payload).encode()
    kind = b"application/vnd.in-toto+json"
    signature = key.sign(b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body))
    return {
        "payloadType": kind.decode(),
        "payload": base64.b64encode(body).decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
    }


def link(name: str, *, product: str, material: str = "", key: Ed25519PrivateKey = BUILDER) -> Any:  # noqa: ANN401  # in-toto's own types
    payload = {
        "_type": "link",
        "name": name,
        "command": [],
        "materials": {"source": {"sha256": material}} if material else {},
        "products": {name: {"sha256": product}},
        "byproducts": {},
        "environment": {},
    }
    return dsse(payload, key)


def step(name: str, *rules: list[str], threshold: int = 1, keys: Any = (BUILDER,)) -> Any:  # noqa: ANN401  # in-toto's own types
    return {
        "_type": "step",
        "name": name,
        "threshold": threshold,
        "pubkeys": [keyid(k) for k in keys],
        "expected_materials": [],
        "expected_products": list(rules),
        "expected_command": [],
    }


def layout(*steps: Any, key: Ed25519PrivateKey = OWNER, **changes: Any) -> Any:  # noqa: ANN401  # in-toto's own types
    payload = {
        "_type": "layout",
        "expires": "2027-01-01T00:00:00Z",
        "readme": "",
        "keys": {keyid(k): public(k) for k in (BUILDER, OTHER)},
        "steps": list(steps) or [step("build", ["CREATE", "build"], ["DISALLOW", "*"])],
        "inspect": [],
    }
    return dsse({**payload, **changes}, key)


BUILD = link("build", product=INDEX.hex)
