"""What several tests make of sigstore vectors."""

from __future__ import annotations

from typing import Final

BEACON: Final = (
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon"
    "/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
)
