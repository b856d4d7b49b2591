"""The type URIs of every predicate that gate reads, as they are found in the wild.

No prefix and no other version of a type is ever taken for it.
"""

from __future__ import annotations

from typing import Final

IMAGE_SIGNATURE: Final = ("https://sigstore.dev/cosign/sign/v1",)
CYCLONEDX_VERSIONS: Final = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
CYCLONEDX: Final = tuple(
    f"{scheme}cyclonedx.org/bom{version}"
    for scheme in ("https://", "http://", "")
    for version in ("", *(f"/v{v}" for v in CYCLONEDX_VERSIONS))
)
"""cosign before 2.0 left the scheme out."""
SPDX: Final = tuple(
    f"{scheme}spdx.dev/Document{version}"
    for scheme in ("https://", "http://", "")
    for version in ("", "/v2.2", "/v2.3")
)
"""actions/attest adds the version, old cosign left the scheme out."""
SYFT: Final = ("https://syft.dev/bom", "syft.dev/bom")
SCAN_COSIGN: Final = tuple(
    f"{scheme}cosign.sigstore.dev/attestation/vuln/v1" for scheme in ("https://", "")
)
SCAN_IN_TOTO: Final = tuple(
    f"{scheme}in-toto.io/attestation/vulns{version}"
    for scheme in ("https://", "")
    for version in ("/v0.1", "/v0.2", "")
)
OPENVEX: Final = tuple(
    f"{scheme}openvex.dev/ns{version}"
    for scheme in ("https://", "")
    for version in ("", "/v0.0.1", "/v0.0.2", "/v0.2.0")
)
"""cosign writes the bare one, others the document's context."""
VERIFICATION_SUMMARY: Final = ("https://slsa.dev/verification_summary/v1",)
LAYOUT: Final = ("urn:gate:in-toto-layout:v1",)
PROVENANCE_0_2: Final = ("https://slsa.dev/provenance/v0.2", "slsa.dev/provenance/v0.2")
PROVENANCE_1: Final = (
    "https://slsa.dev/provenance/v1",
    "https://slsa.dev/provenance/v1.0",
    "slsa.dev/provenance/v1",
)
"""witness writes `v1.0`."""

SBOMS: Final = (*CYCLONEDX, *SPDX, *SYFT)
SCANS: Final = (*SCAN_COSIGN, *SCAN_IN_TOTO)
PROVENANCE: Final = (*PROVENANCE_1, *PROVENANCE_0_2)
VEX: Final = (*OPENVEX, *CYCLONEDX)
