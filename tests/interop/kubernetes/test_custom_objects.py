"""Custom objects against a real API server that has their definitions: one fault at a time."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject
from gate.policy.profile import ProfileAlone
from tests.conformance.corpora import ROOT
from tests.fakes.linted import linted
from tests.interop.kubernetes.api_server import ApiServer, started
from tests.interop.kubernetes.one_fault import Oracle, faults, is_right

DEFINED: Final = {
    "argoproj+argo-cd/manifests/crds": ("AppProject", "Application"),
    "prometheus-operator+kube-prometheus/manifests/setup": (
        *("Alertmanager", "PodMonitor", "Prometheus", "PrometheusRule", "ServiceMonitor"),
    ),
}
"""Where real definitions are recorded, and of which kinds objects are beside them."""
EACH: Final = 2
"""Objects of a kind that are tried."""
STEP: Final = 5
"""Each fifth fault is tried: some four hundred in a few seconds."""
_ALL: Final = lint_settings(ProfileAlone())
SETTINGS: Final = replace(
    _ALL, bound=tuple(b for b in _ALL.bound if b.rule.name == "custom-object")
)
FOLDER: Final = ROOT / "manifests"
if not FOLDER.is_dir():
    pytest.skip("the recorded manifests are not here", allow_module_level=True)


@cache
def _definitions() -> tuple[KubernetesObject, ...]:
    files = (f for name in DEFINED for f in sorted((FOLDER / name).glob("*.yaml")))
    read = load_manifests([(file.name, file.read_bytes()) for file in files]).objects
    kinds = {kind for names in DEFINED.values() for kind in names}
    return tuple(
        obj
        for obj in read
        if obj.name.kind == "CustomResourceDefinition"
        and obj.value["spec"]["names"]["kind"] in kinds
    )


@cache
def _objects() -> tuple[dict[str, Any], ...]:
    """Return real objects of each kind, without status and in one namespace."""
    kinds = {(o.value["spec"]["group"], o.value["spec"]["names"]["kind"]) for o in _definitions()}
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(FOLDER.rglob("*.yaml")):
        for obj in load_manifests([(file.name, file.read_bytes())]).objects:
            key = (obj.api_version.partition("/")[0], obj.name.kind)
            if key in kinds and len(found.setdefault(key[1], [])) < EACH and obj.name.name:
                value = copy.deepcopy(obj.value)
                value.pop("status", None)
                value["metadata"] = {"name": value["metadata"]["name"]}
                found[key[1]].append(value)
    assert len(found) >= 5
    return tuple(value for values in found.values() for value in values)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """Return a server of its own, since definitions change what a server serves."""
    with started(tmp_path_factory.mktemp("custom")) as server:
        for definition in _definitions():
            _install(server, definition.value)
        yield Oracle(server)


def _install(server: ApiServer, definition: dict[str, Any]) -> None:
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    headers = {"Content-Type": "application/json"}
    server.client.post(path, content=json.dumps(definition), headers=headers).raise_for_status()
    spec = definition["spec"]
    served = f"/apis/{spec['group']}/{spec['versions'][0]['name']}/{spec['names']['plural']}"
    for _ in range(600):
        if server.client.get(served).is_success:
            return
        time.sleep(0.05)  # the server says nothing when it begins to serve a kind
    pytest.fail(f"the server does not serve {served}")


def _found(value: dict[str, Any]) -> list[str]:
    manifests = load_manifests([("f.yaml", json.dumps(value).encode())])
    settings = replace(SETTINGS, definitions=_definitions())
    return [f.field or "" for f in linted(manifests.objects, settings).findings]


def test_real_objects_are_judged_as_the_server_judges_them(oracle: Oracle) -> None:
    answers = {v["metadata"]["name"]: oracle.answer(v) for v in _objects()}
    assert None not in answers.values()
    refused = {name for name, answer in answers.items() if answer and not answer.taken}
    assert {v["metadata"]["name"] for v in _objects() if _found(v)} == refused


def test_what_the_server_refuses_is_found_and_nothing_that_it_takes_is(oracle: Oracle) -> None:
    whole = [v for v in _objects() if not _found(v)]
    tried = [fault for value in whole for fault in faults(value)][::STEP]
    wrong, missed, refused = [], [], 0
    for fault in tried:
        if fault.path[0] == "metadata":
            continue  # every kind has it, and no definition speaks of it
        answer = oracle.answer(fault.value)
        assert answer is not None
        found = _found(fault.value)
        if answer.taken:
            wrong += [f"{fault}: {found}"] if found else []
            continue
        refused += 1
        if not is_right(found, fault, answer):
            missed.append(f"{fault}: {answer.fields} {found}")
    assert wrong == []
    assert refused >= 100
    assert len(missed) <= refused * 0.02, "\n".join(missed)
