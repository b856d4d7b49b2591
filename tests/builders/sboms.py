"""What several tests make of sboms."""

from __future__ import annotations

from typing import Any

CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {
        "timestamp": "2026-11-20T10:00:00Z",
        "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18"}]},
        "component": {"type": "container", "name": "shop", "version": "sha256:" + "a" * 64},
    },
    "components": [
        {
            "type": "library",
            "name": "left-pad",
            "version": "1.0.0",
            "purl": "pkg:npm/left-pad@1.0.0",
            "licenses": [{"license": {"id": "MIT"}}],
            "supplier": {"name": "Acme"},
            "components": [{"type": "file", "name": "index.js"}],
        }
    ],
    "dependencies": [{"ref": "a", "dependsOn": ["b", "c"]}],
}


SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "creationInfo": {
        "created": "2026-11-20T10:00:00Z",
        "creators": ["Tool: syft-1.18", "Organization: Acme"],
    },
    "packages": [
        {
            "SPDXID": "SPDXRef-1",
            "name": "left-pad",
            "versionInfo": "1.0.0",
            "supplier": "Organization: Acme",
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "MIT",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": "pkg:npm/left-pad@1.0.0",
                }
            ],
        }
    ],
    "relationships": [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": "SPDXRef-1",
        }
    ],
}


SYFT: dict[str, Any] = {
    "descriptor": {"name": "syft", "version": "1.18"},
    "schema": {"version": "16.0.0"},
    "source": {
        "type": "image",
        "metadata": {"manifestDigest": "sha256:" + "a" * 64, "repoDigests": []},
    },
    "artifacts": [
        {
            "name": "left-pad",
            "version": "1.0.0",
            "purl": "pkg:npm/left-pad@1.0.0",
            "cpes": [{"cpe": "cpe:2.3:a:x:y:1:*:*:*:*:*:*:*"}],
            "licenses": [{"value": "MIT", "spdxExpression": "MIT"}],
        }
    ],
    "artifactRelationships": [{"parent": "a", "child": "b", "type": "contains"}],
}
