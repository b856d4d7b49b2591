"""What a pass says of declared objects is bounded, and read again as it was written."""

from __future__ import annotations

import json
from typing import Any

from gate.live.compare import differences
from gate.model.image import Digest
from gate.model.release import ReleaseObject, release_of
from gate.predicates.verification_summary import EXTENSION, parse
from gate.signing.declared import MAX_SHAPES, declared_of
from tests.builders.passes import DEPLOYMENT


def of(*sizes: int) -> list[ReleaseObject]:
    return [
        ReleaseObject(
            f"ConfigMap/{n}",
            Digest(f"{n:064x}"),
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": str(n)},
                "data": {f"k{i}": "x" for i in range(size)},
            },
        )
        for n, size in enumerate(sizes)
    ]


def names(*sizes: int) -> list[str]:
    return [one["name"] for one in declared_of(release_of((), of(*sizes)))]


def test_the_largest_objects_are_left_out_where_all_take_too_much() -> None:
    assert names(1, 2, 3) == ["ConfigMap/0", "ConfigMap/1", "ConfigMap/2"]
    assert names(1, 20_000, 3) == ["ConfigMap/0", "ConfigMap/2"]
    shapes = [one["shape"] for one in declared_of(release_of((), of(*[3_000] * 9)))]
    assert 0 < len(shapes) < 9
    assert sum(len(json.dumps(one, separators=(",", ":"))) for one in shapes) <= MAX_SHAPES


def test_an_object_without_a_form_is_left_out() -> None:
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"x": deep}
    odd = ReleaseObject("X/x", Digest("1" * 64), {"kind": "X", "spec": deep})
    half = ReleaseObject("X/y", Digest("2" * 64), {"kind": "X", "spec": "\ud800"})
    assert declared_of(release_of((), [odd, half])) == ()


def test_what_is_written_is_read_again() -> None:
    one = ReleaseObject("shop/Deployment/web", Digest("2" * 64), DEPLOYMENT)
    said = {
        "verifier": {"id": "x"},
        "resourceUri": "x",
        "verificationResult": "PASSED",
        "timeVerified": "2026-01-01T00:00:00Z",
        "policy": {},
        "verifiedLevels": [],
        f"{EXTENSION}declared": list(declared_of(release_of((), [one]))),
    }
    (read,) = parse(json.loads(json.dumps(said))).declared
    assert read.name == "shop/Deployment/web"
    assert differences(read, DEPLOYMENT) == ()
