"""Baselines: what is known does not block, and what is new or worse does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gate.lint.baseline import (
    Baseline,
    baseline_of,
    held,
    mark,
    parse_baseline,
    render_baseline,
)
from gate.lint.engine import lint
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.location import Location
from gate.model.verdict import Action, Finding, Severity
from gate.policy.profile import Profile, ProfileAlone
from tests.reports.sample import WEB

FINDING = Finding(
    rule="host-path",
    code="host-path",
    severity=Severity.HIGH,
    message="m",
    remedy="r",
    location=Location("a.yaml", 20, 3),
    object=WEB,
    container="web",
    field="spec.volumes[0].hostPath",
    holds=("aa", "bb"),
)
NONE: frozenset[str] = frozenset()


def known(*findings: Finding, before: tuple[Finding, ...] = (FINDING,)) -> list[bool]:
    return [f.known for f in mark(findings, baseline_of(before, NONE), NONE)]


def test_a_known_finding_is_marked_and_does_not_block() -> None:
    [found] = mark([FINDING], baseline_of([FINDING], NONE), NONE)
    assert (found.known, found.action) == (True, Action.WARN)
    assert replace(found, known=False, action=Action.BLOCK) == FINDING


@pytest.mark.parametrize(
    "moved",
    [
        replace(FINDING, location=Location("renamed.yaml", 99, 1)),
        replace(FINDING, field="spec.volumes[7].hostPath"),
        replace(FINDING, message="reworded"),
        replace(FINDING, severity=Severity.LOW),
        replace(FINDING, holds=("aa",)),
        replace(FINDING, action=Action.WARN),
    ],
)
def test_a_finding_that_moved_or_grew_smaller_is_still_known(moved: Finding) -> None:
    assert known(moved) == [True]


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, rule="host-pid", code="host-pid"),
        replace(FINDING, object=replace(WEB, name="other")),
        replace(FINDING, object=replace(WEB, namespace="other")),
        replace(FINDING, container="other"),
        replace(FINDING, field="spec.volumes[0]"),
        replace(FINDING, severity=Severity.CRITICAL),
        replace(FINDING, holds=("aa", "cc")),
        replace(FINDING, holds=("aa", "bb", "cc")),
    ],
)
def test_a_finding_that_is_another_or_grew_worse_is_new(other: Finding) -> None:
    assert known(other) == [False]


def test_a_finding_that_comes_more_often_is_new_once() -> None:
    assert known(FINDING, FINDING) == [True, False]
    assert known(FINDING, FINDING, before=(FINDING, FINDING)) == [True, True]


def test_what_is_unchanged_keeps_its_entry_whoever_comes_first() -> None:
    smaller = replace(FINDING, holds=("aa",))
    assert known(smaller, FINDING) == [False, True]


def test_rules_that_the_policy_names_are_neither_written_nor_known() -> None:
    never = frozenset({"host-path"})
    assert baseline_of([FINDING], never) == Baseline()
    assert mark([FINDING], baseline_of([FINDING], NONE), never) == (FINDING,)


def test_a_rule_that_the_policy_names_is_not_known_under_another_that_tells_of_it() -> None:
    telling = replace(FINDING, rule="host-network", also=("host-path",))
    never = frozenset({"host-path"})
    assert baseline_of([telling], never) == Baseline()
    assert mark([telling], baseline_of([telling], NONE), never) == (telling,)
    assert known(telling, before=(replace(telling, also=()),)) == [False]
    assert known(replace(telling, also=()), before=(telling,)) == [True]


def test_a_policy_that_blocks_a_rule_itself_takes_no_baseline_for_it() -> None:
    settings = lint_settings(ProfileAlone(block=("host-pid",)))
    assert {"host-pid", "yaml-parse-error", "image-missing"} <= settings.never_known
    assert "host-network" not in settings.never_known


def test_a_baseline_reads_back_as_it_was_written_and_has_no_path_and_no_value() -> None:
    baseline = baseline_of([FINDING, replace(FINDING, container=None, object=None)], NONE)
    text = render_baseline(baseline)
    assert parse_baseline(text.encode()) == baseline
    assert "a.yaml" not in text
    assert parse_baseline(render_baseline(Baseline()).encode()) == Baseline()


ENTRY = {"rule": "r", "severity": "high", "holds": []}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "exactly the keys"),
        ({"known": []}, "exactly the keys"),
        ({"schema": "gate/baseline/v2", "known": []}, "schema is not"),
        ({"schema": "gate/baseline/v1", "known": {}}, "no list"),
        ({"schema": "gate/baseline/v1", "known": [ENTRY] * 20_001}, "no list of at most 20000"),
        ({"schema": "gate/baseline/v1", "known": [ENTRY, {**ENTRY, "severity": "x"}]}, "known[1]"),
        ({"schema": "gate/baseline/v1", "known": [{**ENTRY, "holds": "x"}]}, "known[0]"),
        ({"schema": "gate/baseline/v1", "known": [{**ENTRY, "holds": [1]}]}, "known[0]"),
        ({"schema": "gate/baseline/v1", "known": [{**ENTRY, "object": 1}]}, "known[0]"),
        ({"schema": "gate/baseline/v1", "known": [{**ENTRY, "more": ""}]}, "known[0]"),
        ({"schema": "gate/baseline/v1", "known": [{"rule": "r"}]}, "known[0]"),
        ({"schema": "gate/baseline/v1", "known": [{**ENTRY, "rule": ""}]}, "known[0]"),
    ],
)
def test_a_file_that_gate_did_not_write_is_refused(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse_baseline(json.dumps(value).encode())
    assert problem in str(refused.value)


def test_bytes_that_are_no_json_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        parse_baseline(b"{")


@pytest.mark.parametrize(
    ("value", "path", "same"),
    [
        ({"image": "a/b:1@sha256:0"}, ("image",), {"image": "a/b:2"}),
        ({"image": "localhost:5000/b"}, ("image",), {"image": "localhost:5000/b:2"}),
        ({"tag": "1"}, ("tag",), {"tag": "2"}),
        ({"securityContext": {"a": 1}}, ("securityContext",), {"securityContext": {"b": 1}}),
        ({}, ("limits", "memory"), {"limits": {}}),
        ({"add": ["A", "B"]}, ("add",), {"add": ["B", "A"]}),
    ],
)
def test_what_plays_no_part_in_a_fault_does_not_count(
    value: dict[str, object], path: tuple[str, ...], same: dict[str, object]
) -> None:
    assert held(value, path) == held(same, path)


@pytest.mark.parametrize(
    ("value", "path", "worse"),
    [
        ({"image": "a/b:1"}, ("image",), {"image": "a/c:1"}),
        ({"add": ["A"]}, ("add",), {"add": ["A", "B"]}),
        ({"hostPath": {"path": "/var/log"}}, ("hostPath",), {"hostPath": {"path": "/"}}),
        ({"rules": [{"verbs": ["get"]}]}, ("rules", 0), {"rules": [{"verbs": ["get", "*"]}]}),
        ({"path": "/var"}, ("path",), {"path": "/"}),
    ],
)
def test_what_a_field_holds_more_is_seen(
    value: dict[str, object], path: tuple[str | int, ...], worse: dict[str, object]
) -> None:
    assert not set(held(worse, path)) <= set(held(value, path))


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostPID: true
  containers:
  - name: c
    image: docker.io/acme/shop:1.0
    securityContext: {capabilities: {add: [NET_RAW]}}
"""


def judged(text: str, path: str, baseline: Baseline | None) -> tuple[Finding, ...]:
    manifests = load_manifests([(path, text.encode())])
    uses = image_uses(manifests.objects, ()).uses
    settings = lint_settings(ProfileAlone(profile=Profile.BASELINE), baseline)
    return lint(manifests.objects, uses, settings).findings


def test_a_real_manifest_is_known_until_it_grows_worse() -> None:
    first = judged(POD, "a.yaml", Baseline())
    baseline = baseline_of(first, NONE)
    assert len(first) == len(baseline.entries) > 1
    assert not any(finding.known for finding in first)
    moved = POD.replace("shop:1.0", "shop:2.0").replace("spec:", "# more\nspec:")
    assert all(finding.known for finding in judged(moved, "b.yaml", baseline))
    worse = judged(POD.replace("[NET_RAW]", "[NET_RAW, SYS_ADMIN]"), "a.yaml", baseline)
    new = [finding for finding in worse if not finding.known]
    assert new
    assert {finding.rule for finding in new} < {finding.rule for finding in worse}
    assert all("capabilities" in (finding.field or "") for finding in new)
