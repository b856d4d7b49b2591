"""Real manifests of other projects, as a real API server completes them."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import pytest

from gate.live.compare import differences
from gate.live.shape import declare
from gate.live.types import UNKNOWN, root_type
from gate.manifests.canonical import applied_value
from gate.manifests.load import load_manifests
from gate.model.image import Digest
from tests.conformance.corpora import ROOT
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.fields import FREE, changed, holder, live_fields

DIGEST: Final = Digest("d" * 64)
EVERY: Final = 12
"""One file in so many is tried; all of them take half a minute."""
MUTATIONS: Final = 4
Pair = tuple[str, dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def pairs(api_server: ApiServer) -> list[Pair]:
    """Objects as they are declared, and as the server would store them: a dry run each."""
    folder = ROOT / "manifests"
    if not folder.is_dir():
        pytest.skip("the corpus of manifests is not here")
    api_server.kubectl("create", "namespace", "live-corpus")
    files = islice(sorted(folder.rglob("*.y*ml")), 0, None, EVERY)
    return [pair for path in files for pair in _stored(api_server, path.name, path.read_bytes())]


def _stored(server: ApiServer, name: str, content: bytes) -> Iterator[Pair]:
    for one in load_manifests([(name, content)]).objects:
        value = copy.deepcopy(applied_value(one))
        metadata = value.get("metadata")
        path = _path(server, one.api_version, one.name.kind)
        if path is None or not isinstance(metadata, dict):
            continue
        metadata.pop("namespace", None)
        # Unknown fields are refused here, as kubectl does; elsewhere the server drops them.
        asked = {"dryRun": "All", "fieldValidation": "Strict"}
        answer = server.client.post(path, params=asked, json=value)
        if answer.is_success:
            yield f"{name}: {one.name}", value, answer.json()


def _path(server: ApiServer, version: str, kind: str) -> str | None:
    """Return where objects of a kind are created; None for kinds without a table."""
    if root_type(version, kind) == UNKNOWN:
        return None
    base = f"/api/{version}" if version == "v1" else f"/apis/{version}"
    answer = server.client.get(base)
    found = answer.json()["resources"] if answer.is_success else []
    for resource in found:
        if resource["kind"] == kind and "/" not in resource["name"]:
            space = "/namespaces/live-corpus" if resource["namespaced"] else ""
            return f"{base}{space}/{resource['name']}"
    return None


def test_no_real_object_is_refused_as_the_server_completes_it(pairs: list[Pair]) -> None:
    assert len(pairs) > 60
    told = {
        name: [str(one) for one in differences(declare("x", DIGEST, declared), live)]
        for name, declared, live in pairs
    }
    assert {name: found for name, found in told.items() if found} == {}


def test_a_field_of_a_real_object_that_is_changed_is_told(pairs: list[Pair]) -> None:
    chance = random.Random(7)  # noqa: S311  # the same choice every time
    silent = []
    for name, declared, live in pairs:
        bound = declare("x", DIGEST, declared)
        fields = [path for path in live_fields(live) if not set(path) & set(FREE)]
        for path in chance.sample(fields, min(MUTATIONS, len(fields))):
            forged = copy.deepcopy(live)
            inside = holder(forged, path)
            inside[path[-1]] = changed(inside[path[-1]])
            if not differences(bound, forged):
                silent.append((name, path))
    assert silent == []
