"""Signatures that count, so that it can be told when something else is believed."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final

from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import Holder, new_key
from tests.trust import given
from tests.trust.given import AT, IMAGE, NOW

__all__ = ["BUNDLES", "IMAGE", "VERIFIER", "was_signed"]

_KEY: Final = new_key()
_S: Final = given.sigstore()
_STATEMENT: Final = given.statement()
VERIFIER: Final = AttachedVerifier((given.identity(), given.key(_KEY.public_key())), NOW)
BUNDLES: Final = (
    _S.keyless_bundle(_STATEMENT, at=AT),
    _S.keyless_bundle(_STATEMENT, at=AT, rekor=2),
    _S.keyless_bundle(_STATEMENT, at=AT, kind="intoto", tsa=True),
    _S.keyed_bundle(_STATEMENT, _KEY, at=AT),
    json.dumps(Holder(_KEY).envelope(_STATEMENT).to_json()).encode(),
)


def was_signed(content: bytes) -> bool:
    """Tell whether bytes, read as JSON, hold the one payload that somebody signed."""
    payloads = list(_texts(json.loads(content)))
    return any(_decoded(text) == _STATEMENT for text in payloads)


def _texts(value: Any) -> list[str]:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
