"""What a real API server refuses, gate finds at its field; what it takes, gate lets be.

One fault at a time is put into objects that the server takes: a word in other capitals, a number
out of range, an empty text, a list twice, a field gone. The server is asked to create each without
storing it, and says whether it would. So are a server of the newest release and one of the oldest
that gate's webhook is for, each against what gate says with its `kubernetes-version`.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.lint.kubernetes.schemas import ObjectFields
from gate.lint.kubernetes.versions import lives
from gate.lint.rules.versions import newer_field
from gate.lint.settings import LintSettings, lint_settings
from gate.manifests.load import load_manifests
from gate.manifests.namespaced import in_namespace
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import NEWEST_KUBERNETES
from tests.builders.dated_values import DATED, dated_object
from tests.builders.refused_values import REFUSED, manifest
from tests.conformance.corpora import ROOT
from tests.fakes.linted import linted
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.one_fault import Oracle, faults, is_right
from tests.interop.tools import OLDEST

OBJECTS: Final = Path(__file__).with_name("refused.yaml")
CERTAIN: Final = frozenset(("invalid-value", "schema-validation", "unknown-kind", "newer-field"))
"""Rules that say that the server refuses the object."""
SAID: Final = CERTAIN | {"mismatching-selector", "yaml-ambiguous-scalar"}
"""Rules whose finding tells why the server refuses the object."""
OLDEST_MINOR: Final = int(OLDEST.split(".")[1])
STEP: Final = 6
"""Each sixth fault is tried: about five hundred in all, in a few seconds."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version of Kubernetes: its real server, and what gate says of it."""

    minor: int
    oracle: Oracle
    settings: LintSettings

    def found(self, value: dict[str, Any], rules: frozenset[str]) -> list[str]:
        """Return the fields of gate's findings."""
        manifests = load_manifests([("f.yaml", json.dumps(value).encode())])
        findings = (*manifests.findings, *linted(manifests.objects, self.settings).findings)
        return [finding.field or "" for finding in findings if finding.rule in rules]

    def objects(self) -> list[dict[str, Any]]:
        """Return objects without a fault, and without the fields that the release lacks."""
        return [self._without_newer(value) for value in yaml.safe_load_all(OBJECTS.read_text())]

    def _without_newer(self, value: dict[str, Any]) -> dict[str, Any]:
        (obj,) = load_manifests([("f.yaml", json.dumps(value).encode())]).objects
        newer = list(newer_field.run(ObjectFields(obj), kubernetes=self.minor))
        for violation in sorted(newer, key=lambda v: len(v.path), reverse=True):
            holder: Any = value
            for key in violation.path[:-1]:
                holder = holder[key]
            del holder[violation.path[-1]]
        return value


@pytest.fixture(scope="module", params=[NEWEST_KUBERNETES, OLDEST_MINOR], ids=lambda m: f"1.{m}")
def release(request: pytest.FixtureRequest) -> Release:
    minor: int = request.param
    section = {"profile": "gate", "complete": True, "kubernetes-version": f"1.{minor}"}
    every = lint_settings(ManifestsSection.model_validate(section))
    settings = replace(every, bound=tuple(b for b in every.bound if b.rule.name in SAID))
    if minor == NEWEST_KUBERNETES:
        return Release(minor, Oracle(request.getfixturevalue("api_server")), settings)
    return Release(minor, Oracle(request.getfixturevalue("oldest_api_server")), settings)


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


def test_the_objects_without_a_fault_are_taken_by_both(release: Release) -> None:
    objects = release.objects()
    answers = [(value["kind"], release.oracle.answer(value)) for value in objects]
    assert [kind for kind, answer in answers if answer is None or not answer.taken] == []
    assert {v["kind"]: found for v in objects if (found := release.found(v, SAID))} == {}


def test_of_what_the_server_refuses_95_in_100_are_found_and_nothing_that_it_takes_is(
    release: Release,
) -> None:
    tried = [fault for value in release.objects() for fault in faults(value)][::STEP]
    wrong, missed, refused = [], [], 0
    for fault in tried:
        answer = release.oracle.answer(fault.value)
        assert answer is not None
        if answer.taken:
            wrong += [str(fault) for _ in release.found(fault.value, CERTAIN)[:1]]
            continue
        refused += 1
        if not is_right(release.found(fault.value, SAID), fault, answer):
            missed.append(str(fault))
    assert wrong == []
    assert refused >= 300
    assert len(missed) <= refused * 0.05, "\n".join(missed)


def test_each_object_that_is_called_refused_is_and_its_neighbour_is_taken(
    api_server: ApiServer,
) -> None:
    oracle = Oracle(api_server)
    wrong = []
    for field, *rows in REFUSED:
        answers = [oracle.answer(yaml.safe_load(manifest(row))) for row in rows]
        if [answer and answer.taken for answer in answers] != [False, True]:
            wrong.append((field, answers))
    assert wrong == []


def test_what_only_some_versions_refuse_is_refused_by_just_these(release: Release) -> None:
    refusing = {}
    for name in DATED:
        answer = release.oracle.answer(dated_object(name))
        assert answer is not None
        refusing[name] = not answer.taken
    assert refusing == {name: release.minor in row[2] for name, row in DATED.items()}


def test_no_finding_says_that_the_server_refuses_an_object_that_it_takes(release: Release) -> None:
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
            answer = release.oracle.answer(value)
            if answer and answer.taken:
                taken += 1
                wrong += [(file.name, f) for f in release.found(value, CERTAIN)]
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
