"""A list of ended passes, as JSON has it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gate.predicates.revocations import MEDIA_TYPE

NAME = "registry.example/security/revocations:production"
AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
HEX = "a" * 64
LINE = {"image": f"sha256:{HEX}", "reason": "a backdoor", "at": "2026-11-29T10:00:00Z"}
GOOD: dict[str, Any] = {
    "mediaType": MEDIA_TYPE,
    "name": NAME,
    "serial": 7,
    "issued": "2026-11-29T10:00:00Z",
    "expires": "2026-12-06T10:00:00Z",
    "ended": [LINE],
}
