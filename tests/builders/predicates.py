"""A whole document of each predicate that gate reads, with all that its reader looks at."""

from __future__ import annotations

from typing import Any, Final

from tests.builders.sboms import CYCLONEDX, SPDX
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS

AT: Final = "2026-11-20T10:00:00Z"
VEX: Final[dict[str, Any]] = {
    **CYCLONEDX,
    "services": [{"name": "mail", "data": [{"flow": "inbound"}]}],
    "vulnerabilities": [
        {
            "id": "CVE-2026-1",
            "references": [{"id": "GHSA-1"}],
            "analysis": {
                "state": "not_affected",
                "justification": "code_not_present",
                "detail": "no",
                "lastUpdated": AT,
            },
            "affects": [{"ref": "pkg:npm/left-pad@1.0.0", "versions": [{"version": "1"}]}],
        }
    ],
}
SPDX_TREE: Final[dict[str, Any]] = {
    **SPDX,
    "documentDescribes": ["SPDXRef-1"],
    "relationships": [
        *SPDX["relationships"],
        {
            "spdxElementId": "SPDXRef-1",
            "relationshipType": "DESCENDANT_OF",
            "relatedSpdxElement": "SPDXRef-1",
        },
    ],
}
OPENVEX: Final[dict[str, Any]] = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://acme.example/vex/1",
    "author": "Acme",
    "timestamp": AT,
    "version": 1,
    "statements": [
        {
            "vulnerability": {"name": "CVE-2026-1", "aliases": ["GHSA-1"]},
            "products": [
                {
                    "@id": "pkg:oci/shop@sha256%3A" + "a" * 64,
                    "identifiers": {"purl": "pkg:npm/left-pad@1.0.0"},
                    "hashes": {"sha-256": "a" * 64},
                    "subcomponents": [{"@id": "pkg:npm/left-pad@1.0.0"}],
                }
            ],
            "status": "not_affected",
            "justification": "component_not_present",
        }
    ],
}
PROVENANCE_1: Final[dict[str, Any]] = {
    "buildDefinition": {
        "buildType": "https://actions.github.io/buildtypes/workflow/v1",
        "externalParameters": {
            "workflow": {
                "ref": "refs/heads/main",
                "repository": "https://github.com/acme/shop",
                "path": ".github/workflows/release.yml",
            }
        },
        "resolvedDependencies": [
            {"uri": "git+https://github.com/acme/shop", "digest": {"gitCommit": "b" * 40}}
        ],
    },
    "runDetails": {
        "builder": {"id": "https://github.com/actions/runner"},
        "metadata": {"startedOn": AT, "finishedOn": AT},
    },
}
PROVENANCE_0_2: Final[dict[str, Any]] = {
    "builder": {"id": "https://github.com/acme/builder"},
    "buildType": "https://acme.example/build/v1",
    "invocation": {
        "configSource": {
            "uri": "git+https://github.com/acme/shop@refs/heads/main",
            "digest": {"sha1": "b" * 40},
            "entryPoint": "release.yml",
        },
        "parameters": {"a": 1},
    },
    "metadata": {"buildStartedOn": AT, "buildFinishedOn": AT},
    "materials": [{"uri": "git+https://github.com/acme/shop", "digest": {"sha1": "b" * 40}}],
}


def scan(report: object) -> dict[str, Any]:
    return {
        "scanner": {"uri": "pkg:x", "version": "1", "db": {"lastUpdate": AT}, "result": report},
        "metadata": {"scanStartedOn": AT, "scanFinishedOn": AT},
    }


WHOLE: Final[dict[str, tuple[str, Any]]] = {
    "cyclonedx": ("https://cyclonedx.org/bom", VEX),
    "spdx": ("https://spdx.dev/Document", SPDX_TREE),
    "openvex": ("https://openvex.dev/ns/v0.2.0", OPENVEX),
    "provenance": ("https://slsa.dev/provenance/v1", PROVENANCE_1),
    "provenance-0.2": ("https://slsa.dev/provenance/v0.2", PROVENANCE_0_2),
    **{
        f"scan of {form}": ("https://cosign.sigstore.dev/attestation/vuln/v1", scan(report))
        for form, (report, _) in {**REPORTS, **FORMS}.items()
    },
}
"""Each by a name, with its type."""
