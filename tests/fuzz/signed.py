"""Signatures that count, so that it can be told when something else is believed.

They are those of `tests/vectors/`, whose bytes are the same each time.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gate.keys.public import load_public_key
from gate.policy.match_identity import IdentityPattern
from gate.trust.signer import TrustedIdentity, TrustedKey
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.trust.given import IMAGE
from tests.vectors.make import KEYLESS, NOW

__all__ = ["ACCEPTED", "IMAGE", "ROOT", "VECTORS", "VERIFIER", "was_signed"]

_FOLDER: Final = Path(__file__).parents[1] / "vectors"
VECTORS: Final = {p.stem: json.loads(p.read_bytes()) for p in sorted(_FOLDER.glob("*.json"))}
ACCEPTED: Final = {name: v for name, v in VECTORS.items() if "accepted" in v["expected"]}
ROOT: Final = parse_trusted_root((_FOLDER / "roots/own.json").read_bytes())
_IDENTITY: Final = TrustedIdentity(
    name="ci",
    issuer=KEYLESS["issuer"],
    identity=IdentityPattern(KEYLESS["identity"]),
    root=ROOT,
)
_KEY: Final = load_public_key((_FOLDER / "release.pub").read_bytes())
VERIFIER: Final = AttachedVerifier(
    (_IDENTITY, TrustedKey(name="key", key=_KEY, root=ROOT)), datetime.fromisoformat(NOW)
)


def _texts(value: Any) -> list[str]:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _payloads(content: bytes) -> set[bytes]:
    """Return what is in an envelope, as JSON, and the content itself."""
    return {content, *map(_decoded, _texts(json.loads(content)))} - {b""}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


_SIGNED: Final = {
    payload
    for vector in ACCEPTED.values()
    for payload in _payloads(vector["content"].encode())
    if payload.startswith(b"{")
}


def was_signed(content: bytes) -> bool:
    """Tell whether bytes, read as JSON, are or hold a payload that somebody signed."""
    return not _SIGNED.isdisjoint(_payloads(content))
