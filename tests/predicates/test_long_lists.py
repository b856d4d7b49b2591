"""Of a large SBOM or scan the same is read as of a small one, and refused with the same words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate.documents import large_json
from gate.predicates import parse, types
from gate.predicates.statement import parse_statement
from tests.builders.sboms import CYCLONEDX, SPDX
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS

AT: Final = "2026-11-20T10:00:00Z"
NESTED: Final[dict[str, Any]] = {
    **CYCLONEDX,
    "metadata": {"component": {"type": "container", "name": "shop", "bom-ref": "root"}},
    "components": [
        {
            "type": "library",
            "name": "a",
            "bom-ref": "a",
            "purl": "pkg:npm/a@1",
            "components": [{"type": "library", "name": "b", "bom-ref": "b"}],
        },
        {"type": "container", "name": "shop", "bom-ref": "root"},
    ],
    "dependencies": [{"ref": "a", "dependsOn": ["b"]}],
    "vulnerabilities": [
        {"id": "CVE-2026-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "b"}]}
    ],
}
SPDX_TREE: Final[dict[str, Any]] = {
    **SPDX,
    "relationships": [
        *SPDX["relationships"],
        {
            "spdxElementId": "SPDXRef-1",
            "relationshipType": "DESCENDANT_OF",
            "relatedSpdxElement": "SPDXRef-1",
        },
    ],
    "files": [{"SPDXID": "SPDXRef-f"}],
}
SYFT: Final[dict[str, Any]] = {
    "artifacts": [
        {"name": "a", "version": "1", "purl": "pkg:npm/a@1", "licenses": [{"value": "MIT"}]}
    ],
    "artifactRelationships": [{"parent": "a", "child": "b"}],
    "files": [{"id": "f"}],
    "source": {"type": "image", "target": {"manifestDigest": "sha256:" + "a" * 64}},
    "descriptor": {"name": "syft", "version": "1.18.1"},
    "schema": {"version": "16.0.18"},
}


def scan(report: object) -> dict[str, Any]:
    return {
        "scanner": {"uri": "pkg:x", "version": "1", "result": report},
        "metadata": {"scanFinishedOn": AT},
    }


WHOLE: Final[dict[str, tuple[str, Any]]] = {
    "cyclonedx": (types.CYCLONEDX[0], NESTED),
    "cyclonedx of old cosign": (types.CYCLONEDX[0], {"Data": NESTED, "Timestamp": AT}),
    "spdx": (types.SPDX[0], SPDX_TREE),
    "syft": (types.SYFT[0], SYFT),
    **{form: (types.SCAN_COSIGN[0], scan(r)) for form, (r, _) in {**REPORTS, **FORMS}.items()},
}
ODD: Final[tuple[object, ...]] = (
    *(None, True, -1, 1.5, "", "x", "“é”", "a" * 5000, AT, "pkg:", "root", "sha256:" + "a" * 64),
    *([], {}, [None], [[]], [{}], ["x"], [{"name": "x"}], {"name": []}, {"a": {}}),
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def said(uri: str, predicate: object) -> str:
    """Return what a statement is read as, or why it is not."""
    statement = parse_statement(
        json.dumps(
            {
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [{"name": "shop", "digest": {"sha256": "a" * 64}}],
                "predicateType": uri,
                "predicate": predicate,
            }
        ).encode()
    )
    return repr(parse(uri, statement.predicate))


@pytest.mark.parametrize("name", WHOLE)
def test_any_value_in_any_place_is_told_alike_where_long_lists_are_not_held(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    uri, whole = WHOLE[name]
    document = copy.deepcopy(whole)
    cases = []
    for number, (inner, key) in enumerate(list(places(document))):
        right, inner[key] = inner[key], ODD[number % len(ODD)]
        small = said(uri, document)
        with monkeypatch.context() as patch:
            patch.setattr(large_json, "LARGE", 0)
            cases.append((small, said(uri, document)))
        inner[key] = right
    assert cases
    assert [large for _, large in cases] == [small for small, _ in cases]
