"""What is said of the images of the demo: statements with an SBOM, a scan, or a signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from gate.model.image import ResolvedImage
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.predicates.statement import statement_about
from gate.predicates.types import CYCLONEDX, IMAGE_SIGNATURE, SCAN_COSIGN, SPDX

_CYCLONEDX: Final = CYCLONEDX[0]
_SPDX: Final = SPDX[0]
_SCAN: Final = SCAN_COSIGN[0]
_SIGNATURE: Final = IMAGE_SIGNATURE[0]


@dataclass(frozen=True, slots=True)
class DemoStatement:
    """An unsigned statement, and the type of what it says."""

    type: str
    payload: bytes


def signature(image: ResolvedImage) -> DemoStatement:
    """Say that an image is signed, and nothing more."""
    return _stated(image, _SIGNATURE, {})


def cyclonedx(image: ResolvedImage, name: str, now: datetime) -> DemoStatement:
    """Say what is in an image, as CycloneDX."""
    return _stated(image, _CYCLONEDX, _cyclonedx(name, now))


def spdx(image: ResolvedImage, name: str, now: datetime) -> DemoStatement:
    """Say what is in an image, as SPDX."""
    return _stated(image, _SPDX, _spdx(name, now))


def scan(image: ResolvedImage, at: datetime) -> DemoStatement:
    """Say that an image was scanned then, and that nothing was found."""
    return _stated(image, _SCAN, _scan(image.repository, at))


def _stated(subject: ResolvedImage, type_: str, predicate: dict[str, Any]) -> DemoStatement:
    return DemoStatement(type_, statement_about(subject, type_, predicate))


def _cyclonedx(name: str, now: datetime) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 1,
        "metadata": {
            "timestamp": timestamp(now),
            "tools": {"components": [{"type": "application", "name": "demo", "version": "1"}]},
            "component": {"type": "container", "name": name, "version": "1.0", "bom-ref": "root"},
        },
        "components": [
            {
                "type": "library",
                "bom-ref": "busybox",
                "name": "busybox",
                "version": "1.37.0",
                "supplier": {"name": "BusyBox"},
                "purl": "pkg:generic/busybox@1.37.0",
            }
        ],
        "dependencies": [{"ref": "root", "dependsOn": ["busybox"]}],
    }


def _spdx(name: str, now: datetime) -> dict[str, Any]:
    def package(id_: str, called: str, version: str) -> dict[str, Any]:
        return {
            "SPDXID": f"SPDXRef-{id_}",
            "name": called,
            "versionInfo": version,
            "supplier": "Organization: Acme",
            "downloadLocation": "NOASSERTION",
        }

    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://acme.example/sbom/{name}",
        "creationInfo": {"created": timestamp(now), "creators": ["Tool: demo-1"]},
        "packages": [package("root", name, "1.0"), package("busybox", "busybox", "1.37.0")],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-root",
            },
            {
                "spdxElementId": "SPDXRef-root",
                "relationshipType": "CONTAINS",
                "relatedSpdxElement": "SPDXRef-busybox",
            },
        ],
    }


def _scan(name: str, at: datetime) -> dict[str, Any]:
    return {
        "invocation": {"parameters": None, "uri": "", "event_id": "", "builder.id": ""},
        "scanner": {
            "uri": "https://acme.example/scanner",
            "version": "1",
            "db": {"uri": "https://acme.example/db", "version": "1"},
            "result": {
                "SchemaVersion": 2,
                "CreatedAt": timestamp(at),
                "ArtifactName": name,
                "Results": [{"Target": name, "Class": "os-pkgs", "Type": "alpine"}],
            },
        },
        "metadata": {"scanStartedOn": timestamp(at), "scanFinishedOn": timestamp(at)},
    }
