from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gate.lint.rules import rule_named
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Finding
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import NEWEST_KUBERNETES, OLDEST_KUBERNETES, Profile
from tests.fakes.linted import linted

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "lint"
if not CORPUS.is_dir():
    pytest.skip("the recorded lint cases are not there", allow_module_level=True)

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (CORPUS / "cases.jsonl").read_text().splitlines()
]
NOT_OURS = {
    "template-cel": "a check written in the configuration of KubeLinter",
    "template-kubeconform": "likewise",
    "template-forbidden-annotation": "likewise",
    "statefulset-volumeclaimtemplate-annotation": "likewise",
    "flag-multi-format-output": "an option of KubeLinter's command line",
}
DIVERGING: dict[tuple[str, str, str | None], str] = {
    (
        "drop-net-raw-capability",
        "quiet",
        "*",
    ): "KubeLinter is quiet where no capabilities are named",
    ("sorted-keys", "quiet", "sorted-deployment"): (
        "the row says quiet, and the count of the same file, 27, includes a finding on this"
        " object: KubeLinter itself reports its unsorted container"
    ),
}
"""Rows that are not ours to agree with: the rule, what is expected, and the object or any."""


@cache
def _findings(file: str, profile: Profile, version: int) -> tuple[Finding, ...]:
    manifests = load_manifests([(file, (CORPUS / file).read_bytes())])
    assert not manifests.findings
    section = ManifestsSection.model_validate(
        {"profile": profile.value, "kubernetes-version": f"1.{version}", "complete": True}
    )
    return linted(manifests.objects, lint_settings(section)).findings


def _versions(case: dict[str, Any]) -> list[int]:
    found = [int(v.partition(".")[2]) for v in case.get("versions", [f"v1.{NEWEST_KUBERNETES}"])]
    return [v for v in found if OLDEST_KUBERNETES <= v <= NEWEST_KUBERNETES]


def _name(case: dict[str, Any]) -> str:
    return f"{case['file']}-{case['rule']}-{case['level']}-{case['expect']}-{case.get('line', '')}"


OURS = [c for c in CASES if c["rule"] not in NOT_OURS]


@pytest.mark.parametrize("case", OURS, ids=[_name(c) for c in OURS])
def test_a_recorded_verdict_of_another_project_agrees(case: dict[str, Any]) -> None:
    if case["source"] == "kube-linter":
        for name in (case.get("name"), "*"):
            if reason := DIVERGING.get((case["rule"], case["expect"], name)):
                pytest.skip(reason)
    versions = _versions(case)
    if not versions:
        pytest.skip("only for versions of Kubernetes before 1.25")
    for version in versions:
        assert _fires(case, version) == (case["expect"] == "fire")


def _fires(case: dict[str, Any], version: int) -> bool:
    rule = case["rule"]
    if case["source"] == "psa":
        level = Profile(case["level"])
        found = _findings(case["file"], level, version)
        if rule.startswith("*"):
            return bool(found)
    else:
        found = _findings(case["file"], Profile.ALL, version)
    names = rule.split("|")
    assert all(rule_named(name) for name in names)
    found = tuple(f for f in found if not {f.rule, *f.also}.isdisjoint(names))
    if case["level"] == "object":
        found = tuple(f for f in found if _same(f, case))
    return bool(found)


@cache
def _starts(file: str) -> tuple[tuple[str, str, int], ...]:
    manifests = load_manifests([(file, (CORPUS / file).read_bytes())])
    return tuple((o.name.kind, o.name.name, o.place().line) for o in manifests.objects)


def _same(finding: Finding, case: dict[str, Any]) -> bool:
    starts = _starts(case["file"])
    named = [s for k, n, s in starts if (k, n) == (case["kind"], case["name"] or "")]
    start = min((s for s in named if s >= case["line"]), default=max(named))
    end = min((s for _, _, s in starts if s > start), default=1_000_000)
    return finding.location is not None and start <= finding.location.line < end


@pytest.mark.parametrize(
    "case",
    [c for c in OURS if c["level"] == "file" and c.get("count")],
    ids=[_name(c) for c in OURS if c["level"] == "file" and c.get("count")],
)
def test_as_many_findings_as_kube_linter_has(case: dict[str, Any]) -> None:
    found = _findings(case["file"], Profile.ALL, NEWEST_KUBERNETES)
    count = sum(case["rule"] in (f.rule, *f.also) for f in found)
    expected = FEWER.get(case["rule"], case["count"])
    assert count == expected


FEWER: dict[str, int] = {}
"""Where one finding of ours stands for several of KubeLinter's."""
