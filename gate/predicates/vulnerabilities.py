"""Vulnerability scans: in-toto `vulns` 0.1 and 0.2, and cosign's `vuln/v1`.

https://github.com/in-toto/attestation/blob/main/spec/predicates/vuln.md
https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md

All three put the end of the scan in `metadata.scanFinishedOn`. That is the time at
which the predicate was written, so an embedded report's own time counts where it is
older.
"""

from __future__ import annotations

from typing import Final

from gate.model.predicates import VulnerabilityScan
from gate.predicates import fields, scanners

TYPES: Final = tuple(
    f"{scheme}{path}"
    for scheme in ("https://", "")
    for path in (
        "cosign.sigstore.dev/attestation/vuln/v1",
        "in-toto.io/attestation/vulns/v0.1",
        "in-toto.io/attestation/vulns/v0.2",
        "in-toto.io/attestation/vulns",
    )
)


def parse(predicate: object) -> VulnerabilityScan:
    """Read a scan. Raises ValueError with one sentence."""
    document = fields.mapping(predicate, "the scan")
    scanner = fields.mapping(document.get("scanner"), "scanner")
    metadata = fields.mapping(document.get("metadata"), "metadata")
    finished = fields.instant(metadata.get("scanFinishedOn"), "metadata.scanFinishedOn")
    database = fields.optional_mapping(scanner.get("db"), "scanner.db")
    uri = fields.optional_text(scanner.get("uri"), "scanner.uri")
    report = scanners.parse(scanner.get("result"))
    return VulnerabilityScan(
        scanner=report.scanner or scanners.tool_name(uri),
        finished=min(filter(None, (finished, report.finished))),
        database=min(
            filter(None, (fields.instant_if_stated(database.get("lastUpdate")), report.database)),
            default=None,
        ),
    )
