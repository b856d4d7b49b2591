"""A signed pass ends no later than the first thing on which it rests: the whole flow."""

from __future__ import annotations

import functools
import json
from datetime import datetime, timedelta
from typing import Any

from gate.model.verdict import Cleared
from gate.predicates.verification_summary import EXTENSION, parse
from gate.reports.assemble import assemble
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from gate.trust.policy import verifier_of
from tests.properties.pool import INDEX, NOW, SCAN, SPDX, Held, Item, Pool, reviewed, scan

DAY = timedelta(days=1)
ISSUER = Issuer(
    verifier="https://acme.example/gate",
    environment="production",
    valid_for=30 * DAY,
    tool_version="1",
    manifests_bound=False,
)


@functools.cache
def pool() -> Pool:
    return Pool()


def graced(*published: datetime) -> dict[str, Any]:
    """Return a scan that found something severe, published at each of these times."""
    said = scan(NOW - DAY, *(f"CVE-2026-{n}" for n, _ in enumerate(published)))
    found = said["scanner"]["result"]["Results"][0]["Vulnerabilities"]
    for one, at in zip(found, published, strict=True):
        one["PublishedDate"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return said


def based(built: datetime) -> dict[str, Any]:
    """Return an SBOM of an image that was built from another, made at that time."""
    return {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "shop",
        "dataLicense": "CC0-1.0",
        "documentNamespace": "https://acme.example/shop",
        "creationInfo": {"created": f"{NOW - DAY:%Y-%m-%dT%H:%M:%SZ}", "creators": ["Tool: t"]},
        "packages": [
            {"SPDXID": "SPDXRef-shop", "name": "shop", "downloadLocation": "NOASSERTION"},
            {
                "SPDXID": "SPDXRef-base",
                "name": "registry.example/acme/base:1",
                "downloadLocation": "NOASSERTION",
                "builtDate": f"{built:%Y-%m-%dT%H:%M:%SZ}",
            },
        ],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-shop",
                "relationshipType": "DESCENDANT_OF",
                "relatedSpdxElement": "SPDXRef-base",
            }
        ],
    }


def clear(entry: str, *items: Item) -> Cleared:
    policy = pool().policy(entry=entry)
    found = reviewed(Held(tuple(i.attached for i in items)), policy, verifier_of(policy, NOW, None))
    assert isinstance(found.verdict, Cleared), assemble(
        found, command="check", tool_version="1", policy_path="p"
    ).findings
    return found.verdict


def ends(cleared: Cleared) -> tuple[datetime | None, dict[str, str | None]]:
    """Return when the signed pass ends, and each of its checks."""
    (one,) = statements(cleared, ISSUER)
    said = json.loads(one.payload)["predicate"]
    checks = {c["check"]: c["until"] for c in said[f"{EXTENSION}checks"]}
    return parse(said).not_after, checks


def test_a_pass_that_rests_on_graces_ends_with_the_first_of_them() -> None:
    said = graced(NOW - 6 * DAY, NOW - 8 * DAY)
    cleared = clear(
        "    vulnerabilities: {by: [scanner], fail-on: high, grace: 10d}\n",
        pool().item("graced", INDEX, SCAN, said, pool().scanner),
    )
    end, checks = ends(cleared)
    assert end == NOW + 2 * DAY
    assert checks["vulnerabilities"] == "2026-11-23T12:00:00Z"


def test_a_pass_that_rests_on_a_fresh_base_image_ends_when_it_is_too_old() -> None:
    cleared = clear(
        "    sbom: {by: [build], base-image: {allow: [registry.example/acme], max-age: 7d}}\n",
        pool().item("based", INDEX, SPDX, based(NOW - 2 * DAY), pool().build),
    )
    end, checks = ends(cleared)
    assert end == NOW + 5 * DAY
    assert checks["sbom"] == "2026-11-26T12:00:00Z"


def test_a_pass_that_rests_on_a_scan_and_a_grace_ends_with_the_earlier() -> None:
    asks = (
        "    scan-age: {by: [scanner], max-age: 3d}\n"
        "    vulnerabilities: {by: [scanner], fail-on: high, grace: 10d}\n"
    )
    for published, end in ((NOW - 9 * DAY, NOW + DAY), (NOW - 2 * DAY, NOW + 2 * DAY)):
        item = pool().item("graced", INDEX, SCAN, graced(published), pool().scanner)
        assert ends(clear(asks, item))[0] == end
