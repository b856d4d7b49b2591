"""What a real API server refuses, gate finds at its field; what it takes, gate lets be.

One fault at a time is put into objects that the server takes: a word in other capitals, a number
out of range, an empty text, a list twice, a field gone. The server is asked to create each without
storing it, and says whether it would.
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.lint.kubernetes.versions import lives
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.manifests.namespaced import in_namespace
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import NEWEST_KUBERNETES
from tests.conformance.corpora import ROOT
from tests.fakes.linted import linted
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.one_fault import Oracle, faults, is_right

OBJECTS: Final = Path(__file__).with_name("refused.yaml")
CERTAIN: Final = frozenset(("invalid-value", "schema-validation", "unknown-kind", "newer-field"))
"""Rules that say that the server refuses the object."""
SAID: Final = CERTAIN | {"mismatching-selector", "yaml-ambiguous-scalar"}
"""Rules whose finding tells why the server refuses the object."""
_ALL: Final = lint_settings(ManifestsSection.model_validate({"profile": "gate", "complete": True}))
SETTINGS: Final = replace(_ALL, bound=tuple(b for b in _ALL.bound if b.rule.name in SAID))
STEP: Final = 7
"""Each seventh fault is tried: about four hundred in all, in a few seconds."""


def _found(value: dict[str, Any], rules: frozenset[str]) -> list[str]:
    manifests = load_manifests([("f.yaml", json.dumps(value).encode())])
    findings = (*manifests.findings, *linted(manifests.objects, SETTINGS).findings)
    return [finding.field or "" for finding in findings if finding.rule in rules]


@pytest.fixture(scope="module")
def oracle(api_server: ApiServer) -> Oracle:
    return Oracle(api_server)


def _objects() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(OBJECTS.read_text()))


def test_the_kinds_without_a_namespace_are_those_that_the_server_says(
    api_server: ApiServer,
) -> None:
    for namespaced, given in (("true", "shop"), ("false", None)):
        done = api_server.kubectl("api-resources", f"--namespaced={namespaced}", "--no-headers")
        kinds = [line.split()[-3:] for line in done.stdout.splitlines()]
        assert len(kinds) > 15, done.stderr
        text = "---\n".join(
            f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"
            for version, _, kind in kinds
        )
        objects = load_manifests([("f.yaml", text.encode())]).objects
        found = {(o.name.kind, o.name.namespace) for o in in_namespace(objects, "shop")}
        assert found == {(kind, given) for _, _, kind in kinds}


def test_the_objects_without_a_fault_are_taken_by_both(oracle: Oracle) -> None:
    refused = [v["kind"] for v in _objects() if not (a := oracle.answer(v)) or not a.taken]
    assert refused == []
    assert {v["kind"]: found for v in _objects() if (found := _found(v, SAID))} == {}


def test_of_what_the_server_refuses_95_in_100_are_found_and_nothing_that_it_takes_is(
    oracle: Oracle,
) -> None:
    tried = [fault for value in _objects() for fault in faults(value)][::STEP]
    wrong, missed, refused = [], [], 0
    for fault in tried:
        answer = oracle.answer(fault.value)
        assert answer is not None
        if answer.taken:
            wrong += [str(fault) for _ in _found(fault.value, CERTAIN)[:1]]
            continue
        refused += 1
        if not is_right(_found(fault.value, SAID), fault, answer):
            missed.append(str(fault))
    assert wrong == []
    assert refused >= 300
    assert len(missed) <= refused * 0.05, "\n".join(missed)


def test_no_finding_says_that_the_server_refuses_an_object_that_it_takes(oracle: Oracle) -> None:
    folder = ROOT / "manifests"
    if not folder.is_dir():
        pytest.skip("the recorded manifests are not here")
    taken, wrong = 0, []
    for file in sorted(folder.rglob("*.yaml")):
        for obj in load_manifests([(file.name, file.read_bytes())]).objects:
            value = copy.deepcopy(obj.value)
            metadata = value.get("metadata")
            if isinstance(metadata, dict) and "namespace" in metadata:
                metadata["namespace"] = "default"
            answer = oracle.answer(value)
            if answer and answer.taken:
                taken += 1
                wrong += [(file.name, f) for f in _found(value, CERTAIN)]
    assert wrong == []
    assert taken > 1_000


def test_every_kind_that_the_server_serves_is_known_and_not_said_to_be_gone(
    api_server: ApiServer,
) -> None:
    served = _served(api_server)
    known = lives()
    assert [key for key in served if key not in known] == []
    gone = {key for key, life in known.items() if (life.removed or 99) <= NEWEST_KUBERNETES}
    assert sorted(served & gone) == []


def _served(server: ApiServer) -> set[tuple[str, str]]:
    found = {("v1", r["kind"]) for r in server.get("/api/v1")["resources"] if "/" not in r["name"]}
    # Other tests define kinds of their own on the same server.
    defined = server.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")["items"]
    custom = {definition["spec"]["group"] for definition in defined}
    for group in server.get("/apis")["groups"]:
        if group["name"] in custom:
            continue
        for version in group["versions"]:
            name = version["groupVersion"]
            resources = server.get(f"/apis/{name}")["resources"]
            found |= {(name, r["kind"]) for r in resources if "/" not in r["name"]}
    return found
