"""Where statements have lists that are long where an SBOM or a scan is large.

A list that is missing here is read as well; it takes more memory. To add one: its readers must take
it through `gate.documents.strict.sequence`, and go through it once, or item by item each time.
"""

from __future__ import annotations

from typing import Final

from gate.documents.large_json import InEach, LongList, Within

_CYCLONEDX: Final = ("components", "dependencies", "vulnerabilities")
_SPDX: Final = ("packages", "files", "relationships")
_SYFT: Final = ("artifacts", "artifactRelationships", "files")
_SBOM: Final = dict.fromkeys((*_CYCLONEDX, *_SPDX, *_SYFT), LongList())
_REPORT: Final = Within(
    {
        "matches": LongList(),  # Grype
        "Results": InEach(Within({"Vulnerabilities": LongList(), "Packages": LongList()})),  # Trivy
    }
)
PREDICATE: Final = Within({**_SBOM, "Data": Within(_SBOM), "scanner": Within({"result": _REPORT})})
STATEMENT: Final = Within({"predicate": PREDICATE})
