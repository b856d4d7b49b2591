"""How long an SBOM takes to read and to judge, by its number of components.

    python -m benchmarks.sbom [RUNS]

Prints the best and the median of RUNS (default 7) for each size and format: `json.loads` as
the peer that checks nothing, strict JSON, the projection, both from bytes to SBOM (of a statement,
whose long lists are not held), and the check with forbidden packages and licences. Budgets from
bytes to SBOM: 30 ms for 5,000 components and 1 s for 100,000. Documents are as syft writes them,
and `lean`: with name, version, purl and licence alone. `peer` is cyclonedx-python-lib at
5,000 components, where it is installed; it takes seconds.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from benchmarks.figures import tell
from gate.checks.sboms import forbidden as contents
from gate.documents.strict_json import read_json
from gate.model.memory import without_collector
from gate.model.predicates import Sbom
from gate.predicates import parse
from gate.predicates.statement import parse_statement

SIZES: Final = (5_000, 100_000)
BUDGETS: Final = {5_000: 0.030, 100_000: 1.0}
LARGEST: Final = 512 * 1024 * 1024
LICENSES: Final = ("MIT", "Apache-2.0", "BSD-3-Clause", "GPL-2.0-only WITH Classpath-exception-2.0")


def cyclonedx(count: int) -> dict[str, Any]:
    """Return a CycloneDX 1.6 document as syft writes it, in size and in fields."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {
            "timestamp": "2026-11-21T00:00:00Z",
            "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
            "component": {"type": "container", "name": "shop", "bom-ref": "root"},
        },
        "components": [
            {
                "bom-ref": f"pkg:npm/package-{n}@1.{n % 97}.0?package-id={n:016x}",
                "type": "library",
                "name": f"package-{n}",
                "version": f"1.{n % 97}.0",
                "cpe": f"cpe:2.3:a:package-{n}:package-{n}:1.{n % 97}.0:*:*:*:*:*:*:*",
                "purl": f"pkg:npm/package-{n}@1.{n % 97}.0",
                "licenses": [{"license": {"id": LICENSES[n % 3]}}],
                "properties": [
                    {"name": "syft:package:foundBy", "value": "javascript-lock-cataloger"},
                    {"name": "syft:package:language", "value": "javascript"},
                    {"name": "syft:location:0:path", "value": "/app/package-lock.json"},
                ],
            }
            for n in range(count)
        ],
    }


def spdx(count: int) -> dict[str, Any]:
    """Return an SPDX 2.3 document as syft writes it, in size and in fields."""
    packages = [
        {
            "SPDXID": f"SPDXRef-{n}",
            "name": f"package-{n}",
            "versionInfo": f"1.{n % 97}.0",
            "supplier": "Organization: Acme",
            "downloadLocation": "NOASSERTION",
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": LICENSES[n % 4],
            "copyrightText": "NOASSERTION",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:npm/package-{n}@1.{n % 97}.0",
                }
            ],
        }
        for n in range(count)
    ]
    return {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "creationInfo": {"created": "2026-11-21T00:00:00Z", "creators": ["Tool: syft-1.18.1"]},
        "packages": packages,
        "relationships": [
            {
                "spdxElementId": "SPDXRef-0",
                "relationshipType": "CONTAINS",
                "relatedSpdxElement": f"SPDXRef-{n}",
            }
            for n in range(1, count)
        ],
    }


def lean(count: int) -> dict[str, Any]:
    """Return a CycloneDX 1.6 document that says the least of each component."""
    document = cyclonedx(count)
    for component in document["components"]:
        del component["cpe"], component["properties"]
    return document


def peer(value: dict[str, Any]) -> object:
    """Read a CycloneDX document with cyclonedx-python-lib, which is no dependency."""
    model: Any = import_module("cyclonedx.model.bom")
    return model.Bom.from_json(value)


def both(data: bytes) -> object:
    """Read a statement's bytes to an SBOM as `gate.trust.about` does."""
    with without_collector():
        statement = parse_statement(data)
        return statement, parse(statement.predicate_type, statement.predicate)


def stated(uri: str, data: bytes) -> bytes:
    """Return a statement with a document."""
    subject = [{"name": "shop", "digest": {"sha256": "a" * 64}}]
    head = {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": uri}
    return json.dumps(head).encode()[:-1] + b', "predicate": ' + data + b"}"


def judged(sbom: Sbom) -> int:
    """Return how many packages a policy of two patterns and two licences finds."""
    patterns = ("pkg:npm/event-stream@3.3.6", "pkg:npm/package-77@<2")
    found = contents.forbidden_packages(sbom.packages, patterns, about=())
    return len(found | contents.wrong_licenses(sbom.packages, ("AGPL-3.0-only",), None, about=()))


def timed(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the best and the median duration of some runs, in seconds."""
    durations = []
    for _ in range(runs):
        gc.collect()
        began = time.perf_counter()
        result = run()
        durations.append(time.perf_counter() - began)
        del result  # after the clock: a run keeps its documents to the end
    return min(durations), statistics.median(durations)


def main() -> int:
    """Measure and print. Returns 1 where a best is over its budget."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    over = False
    for kind, uri, make in (
        ("cyclonedx", "https://cyclonedx.org/bom", cyclonedx),
        ("spdx", "https://spdx.dev/Document", spdx),
        ("lean", "https://cyclonedx.org/bom", lean),
    ):
        for size in SIZES:
            value = make(size)
            data = json.dumps(value).encode()
            sbom = parse(uri, value)
            if not isinstance(sbom, Sbom) or sbom.components != size:
                sys.exit(f"{kind}: not read: {sbom}")
            steps: tuple[tuple[str, Callable[[], object]], ...] = (
                ("loads", partial(json.loads, data)),
                ("json", partial(read_json, data, max_bytes=LARGEST, max_depth=128)),
                ("parse", partial(parse, uri, value)),
                ("both", partial(both, stated(uri, data))),
                ("judge", partial(judged, sbom)),
            )
            if kind == "cyclonedx" and size == SIZES[0] and find_spec("cyclonedx"):
                steps += (("peer", partial(peer, value)),)
            bests: dict[str, float] = {}
            for step, run in steps:
                best, median = timed(run, runs)
                bests[step] = best * 1e3
                late = step == "both" and best > BUDGETS[size]
                over = over or late
                sys.stdout.write(
                    f"{kind:9} {size:7,} components {len(data) / 1e6:6.1f} MB {step:5} "
                    f"best {best * 1e3:7.1f} ms, median {median * 1e3:7.1f} ms"
                    f"{' OVER BUDGET' if late else ''}\n"
                )
            if kind == "cyclonedx":
                large = size == SIZES[1]
                row, beside = ("sbom", "loads") if large else ("sbom-peer", "peer")
                tell(row, bests["both"], bests.get(beside))
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
