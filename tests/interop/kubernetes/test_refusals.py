"""What a real API server refuses, gate finds at its field; what it takes, gate lets be.

One fault at a time is put into objects that the server takes: a word in other capitals, a number
out of range, an empty text, a list twice, a field gone. The server is asked to create each without
storing it, and says whether it would.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.lint.kubernetes.versions import lives
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.document import Path as FieldPath
from gate.model.kubernetes import field_path
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import NEWEST_KUBERNETES
from tests.conformance.corpora import ROOT
from tests.fakes.linted import linted
from tests.interop.kubernetes.api_server import ApiServer

OBJECTS: Final = Path(__file__).with_name("refused.yaml")
CERTAIN: Final = frozenset(("invalid-value", "schema-validation", "unknown-kind", "newer-field"))
"""Rules that say that the server refuses the object."""
SAID: Final = CERTAIN | {"mismatching-selector", "yaml-ambiguous-scalar"}
"""Rules whose finding tells why the server refuses the object."""
_ALL: Final = lint_settings(ManifestsSection.model_validate({"profile": "gate", "complete": True}))
SETTINGS: Final = replace(_ALL, bound=tuple(b for b in _ALL.bound if b.rule.name in SAID))
GONE: Final = object()
STEP: Final = 7
"""Each seventh fault is tried: about four hundred in all, in a few seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one object."""

    taken: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """An object with one fault, and the field that has it."""

    value: dict[str, Any]
    path: FieldPath
    how: str

    def __str__(self) -> str:
        """Return `Pod spec.dnsPolicy empty`."""
        return f"{self.value['kind']} {field_path(self.path)} {self.how}"


def _faults(whole: dict[str, Any]) -> Iterator[Fault]:
    for path, value in _parts(whole, ()):
        if path[0] in ("apiVersion", "kind") or path == ("metadata", "namespace"):
            continue
        for how, other in (*_others(value), ("gone", GONE)):
            if other != value:
                yield Fault(_with(whole, path, other), path, how)


def _parts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Any]]:  # noqa: ANN401  # any JSON
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (*path, key), part
        if isinstance(part, dict | list):
            yield from _parts(part, (*path, key))


def _others(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # any JSON
    """Yield values that stand near one and are mostly wrong, with what was done."""
    match value:
        case bool():
            yield "text", "yes"
        case int():
            yield from (("negative", -1), ("huge", 70_000_000), ("text", "x"))
        case str():
            yield from (("odd", "A b?"), ("empty", ""), ("number", 7), ("case", value.swapcase()))
        case list():
            yield from (("twice", value + value[:1]), ("mapping", {}), ("none", []))
        case dict():
            yield from (("extra", {**value, "zzz": 1}), ("odd key", {**value, "A b?": "c"}))
            yield from (("list", []), ("none", {}))
        case _:
            return


def _with(whole: dict[str, Any], path: FieldPath, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


class _Oracle:
    """The server, asked to create objects without storing them."""

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._served: dict[str, dict[str, Any]] = {}

    def answer(self, value: dict[str, Any]) -> Answer | None:
        """Return what the server says; None where it does not serve the kind."""
        version = value["apiVersion"]
        base = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        if version not in self._served:
            found = self._server.client.get(base)
            listed = found.json()["resources"] if found.is_success else []
            named = {r["kind"]: r for r in listed if "/" not in r["name"]}
            self._served[version] = named
        resource = self._served[version].get(value["kind"])
        if resource is None:
            return None
        where = "/namespaces/default" if resource["namespaced"] else ""
        answer = self._server.client.post(
            f"{base}{where}/{resource['name']}?dryRun=All&fieldValidation=Strict",
            content=json.dumps(value),
            headers={"Content-Type": "application/json"},
        )
        details = answer.json().get("details") or {}
        fields = tuple(cause.get("field", "") for cause in details.get("causes", ()))
        exists = answer.json().get("reason") == "AlreadyExists"
        return Answer(answer.is_success or exists, fields)


def _found(value: dict[str, Any], rules: frozenset[str]) -> list[str]:
    manifests = load_manifests([("f.yaml", json.dumps(value).encode())])
    findings = (*manifests.findings, *linted(manifests.objects, SETTINGS).findings)
    return [finding.field or "" for finding in findings if finding.rule in rules]


def _is_right(found: Sequence[str], fault: Fault, answer: Answer) -> bool:
    """Whether a finding stands at the fault, inside it, around it, or where the server says.

    A selector and the labels that it does not match are one fault, wherever it is shown.
    """
    wanted = [field_path(fault.path), *filter(None, answer.fields)]
    wanted += ["spec.selector" for field in wanted if field == "spec.template.metadata.labels"]
    wanted = [field.lower().replace("[", ".") for field in wanted]
    got = [field.lower().replace("[", ".") for field in found if field]
    return any(a.startswith(b) or b.startswith(a) for a in got for b in wanted)


@pytest.fixture(scope="module")
def oracle(api_server: ApiServer) -> _Oracle:
    return _Oracle(api_server)


def _objects() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(OBJECTS.read_text()))


def test_the_objects_without_a_fault_are_taken_by_both(oracle: _Oracle) -> None:
    refused = [v["kind"] for v in _objects() if not (a := oracle.answer(v)) or not a.taken]
    assert refused == []
    assert {v["kind"]: found for v in _objects() if (found := _found(v, SAID))} == {}


def test_of_what_the_server_refuses_95_in_100_are_found_and_nothing_that_it_takes_is(
    oracle: _Oracle,
) -> None:
    faults = [fault for value in _objects() for fault in _faults(value)][::STEP]
    wrong, missed, refused = [], [], 0
    for fault in faults:
        answer = oracle.answer(fault.value)
        assert answer is not None
        if answer.taken:
            wrong += [str(fault) for _ in _found(fault.value, CERTAIN)[:1]]
            continue
        refused += 1
        if not _is_right(_found(fault.value, SAID), fault, answer):
            missed.append(str(fault))
    assert wrong == []
    assert refused >= 300
    assert len(missed) <= refused * 0.05, "\n".join(missed)


def test_no_finding_says_that_the_server_refuses_an_object_that_it_takes(oracle: _Oracle) -> None:
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
    for group in server.get("/apis")["groups"]:
        for version in group["versions"]:
            name = version["groupVersion"]
            resources = server.get(f"/apis/{name}")["resources"]
            found |= {(name, r["kind"]) for r in resources if "/" not in r["name"]}
    return found
