"""Where statements have lists that are long where an SBOM or a scan is large.

A list that is missing here is read as well; it takes more memory. To add one: its readers must take
it through `gate.documents.strict.sequence`, and go through it once, or item by item each time.
"""

from __future__ import annotations

from typing import Final

from gate.documents.large_json import InEach, LongList, Shape, Within

_CYCLONEDX: Final = ("components", "dependencies")
_SPDX: Final = ("packages", "files", "relationships")
_SYFT: Final = ("artifacts", "artifactRelationships", "files")
_SBOM: Final = dict.fromkeys((*_CYCLONEDX, *_SPDX, *_SYFT), LongList())
_REPORT: Final[dict[str, Shape]] = {
    "matches": LongList(),  # Grype
    "Results": InEach(Within({"Vulnerabilities": LongList(), "Packages": LongList()})),  # Trivy
}
_WRAPPED: Final[dict[str, Shape]] = {"scanner": Within({"result": Within(_REPORT)})}
_EVERY: Final = {**_SBOM, "vulnerabilities": LongList()}
SBOM: Final = Within(_SBOM)
"""Of a document by itself, before it is known to be an SBOM: many reports have vulnerabilities."""
SCAN: Final = Within({**_REPORT, **_WRAPPED})
"""Of a report by itself too, as its scanner writes it."""
PREDICATE: Final = Within({**_EVERY, "Data": Within(_EVERY), **_WRAPPED})
STATEMENT: Final = Within({"predicate": PREDICATE})
