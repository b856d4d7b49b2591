from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest
from pydantic import ValidationError

from gate.cli.guard import guarded
from gate.lint.report import LintReport
from gate.lint.settings import NO_RULES, check_rules, lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Action, Finding, Severity
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {%s}
spec:
  hostNetwork: true  %s
  containers: [{name: c, image: 'i:1'}]
"""


def _lint(text: str, **section: object) -> LintReport:
    settings = lint_settings(ManifestsSection.model_validate(section))
    return linted(load_manifests([("f", text.encode())]).objects, settings)


def _actions(report: LintReport) -> dict[str, Action]:
    return {f.rule: f.action for f in report.findings}


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ({"warn": ["host-network", "nope"]}, "warn[1]: no rule is called 'nope'"),
        ({"off": ["yaml-parse-error"]}, "off[0]: yaml-parse-error always blocks"),
        ({"suppressible": ["yaml-limits"]}, "suppressible[0]: yaml-limits always blocks"),
        ({"warn": ["host-pid"], "off": ["host-pid"]}, "off[0]: host-pid is under warn too"),
        ({"parameters": {"nope": {}}}, "parameters.nope: no rule"),
        ({"parameters": {"host-pid": {"x": 1}}}, "parameters.host-pid.x: host-pid has no"),
        (
            {"parameters": {"low-user-id": {"minimum": "1"}}},
            "parameters.low-user-id.minimum: must be a whole number",
        ),
        (
            {"parameters": {"low-user-id": {"minimum": True}}},
            "parameters.low-user-id.minimum: must be a whole number",
        ),
    ],
)
def test_what_no_rule_knows_is_refused_at_its_place(section: object, place: str) -> None:
    with pytest.raises(ValueError, match="^" + place.replace("[", "\\[")) as caught:
        check_rules(ManifestsSection.model_validate(section))
    assert str(caught.value).startswith(place)


@pytest.mark.parametrize(
    "section",
    [
        {"profile": "none"},
        {"kubernetes-version": "1.24"},
        {"kubernetes-version": 1.34},
        {"warn": []},
        {"warn": ["host-pid", "host-pid"]},
        {"silent": True},
        {"complete": "yes"},
    ],
)
def test_a_section_of_the_wrong_shape_is_refused(section: object) -> None:
    with pytest.raises(ValidationError):
        ManifestsSection.model_validate(section)


def test_the_policy_decides_what_blocks() -> None:
    text = POD % ("", "")
    assert _actions(_lint(text))["host-network"] is Action.BLOCK
    assert _actions(_lint(text, warn=["host-network"]))["host-network"] is Action.WARN
    assert "host-network" not in _actions(_lint(text, off=["host-network"]))
    assert _actions(_lint(text, block=["naked-pod"]))["naked-pod"] is Action.BLOCK


def test_rules_on_what_is_missing_block_only_where_the_manifests_are_complete() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {a: b}}\n"
    assert _actions(_lint(text))["dangling-service"] is Action.WARN
    assert _actions(_lint(text, complete=True))["dangling-service"] is Action.BLOCK


def test_parameters_change_what_a_rule_asks() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n"
    assert "exposed-services" in _actions(_lint(text))
    allowed = {"exposed-services": {"forbidden-types": ["LoadBalancer"]}}
    assert "exposed-services" not in _actions(_lint(text, parameters=allowed))


@pytest.mark.parametrize(
    ("annotation", "comment"),
    [
        ("ignore-check.kube-linter.io/host-network: needs it", ""),
        ("kube-linter.io/ignore-all: needs it", ""),
        ("checkov.io/skip1: CKV_K8S_19=needs it", ""),
        ("", "# gate: ignore[host-network, host-pid] needs it"),
    ],
)
def test_a_suppression_counts_only_where_the_policy_allows_it(
    annotation: str, comment: str
) -> None:
    text = POD % (annotation, comment)
    refused = next(f for f in _lint(text).findings if f.rule == "host-network")
    assert "the policy does not list the rule as suppressible" in refused.message
    allowed = _lint(text, suppressible=["host-network"])
    assert "host-network" not in _actions(allowed)
    assert [(s.finding.rule, s.reason) for s in allowed.suppressed] == [
        ("host-network", "needs it")
    ]


def test_a_suppression_without_a_reason_does_not_count_and_is_a_finding() -> None:
    text = POD % ("ignore-check.kube-linter.io/host-network: ''", "")
    report = _lint(text, suppressible=["host-network"])
    assert {"host-network", "suppression-without-reason"} <= set(_actions(report))
    assert report.suppressed == ()


def test_a_comment_alone_on_its_line_speaks_of_the_next() -> None:
    text = (POD % ("", "")).replace(
        "  hostNetwork", "  # gate: ignore[host-network] needs it\n  hostNetwork"
    )
    report = _lint(text, suppressible=["host-network"])
    assert "host-network" not in _actions(report)


def test_findings_from_loading_take_the_policys_action_and_parse_errors_never_soften() -> None:
    found = load_manifests([("a", b"x: 1"), ("b", b"a: [")]).findings
    settings = lint_settings(ManifestsSection(off=("not-a-kubernetes-object",)))
    assert [f.rule for f in settings.judge(found)] == ["yaml-parse-error"]
    settings = lint_settings(ManifestsSection(warn=("not-a-kubernetes-object",)))
    assert {f.rule: f.action for f in settings.judge(found)} == {
        "not-a-kubernetes-object": Action.WARN,
        "yaml-parse-error": Action.BLOCK,
    }


TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    metadata:
      annotations: {%s}
    spec: {hostNetwork: true, containers: [{name: c, image: a}]}
"""


@pytest.mark.parametrize(
    "annotation",
    [
        "ignore-check.kube-linter.io/host-network: needs it",
        "checkov.io/skip1: CKV_K8S_19=needs it",
        "kube-linter.io/ignore-all: needs it",
    ],
)
def test_an_annotation_of_a_pod_template_silences_what_is_found_in_the_template(
    annotation: str,
) -> None:
    report = _lint(TEMPLATE % annotation, suppressible=["host-network"])
    assert [(s.finding.rule, s.reason) for s in report.suppressed] == [("host-network", "needs it")]


def test_an_annotation_of_a_pod_template_does_not_speak_for_the_object() -> None:
    text = TEMPLATE % "kube-linter.io/ignore-all: needs it"
    report = _lint(text, suppressible=["use-namespace", "mismatching-selector"])
    assert {"use-namespace", "mismatching-selector"} <= set(_actions(report))
    assert report.suppressed == ()


def test_an_annotation_of_a_pod_template_without_a_reason_is_a_finding_at_its_place() -> None:
    report = _lint(TEMPLATE % "checkov.io/skip1: CKV_K8S_19", suppressible=["host-network"])
    (found,) = [f for f in report.findings if f.rule == "suppression-without-reason"]
    assert found.field == "spec.template.metadata.annotations.checkov.io/skip1"
    assert "host-network" in _actions(report)


def test_r207_a_rule_that_breaks_is_no_clean_run(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(_: object) -> NoReturn:
        raise ZeroDivisionError

    settings = lint_settings(ManifestsSection.model_validate({}))
    bound = tuple(replace(b, run=breaks) for b in settings.bound if b.rule.name == "host-network")
    objects = load_manifests([("f", (POD % ("", "")).encode())]).objects

    def command() -> int:
        linted(objects, replace(settings, bound=bound))
        return 0

    assert len(bound) == 1
    with pytest.raises(SystemExit) as caught:
        guarded(command)()
    assert caught.value.code == 3
    assert "[internal-error]" in capsys.readouterr().err


def test_what_looks_like_an_image_may_be_softened_and_not_silenced() -> None:
    name = "unjudged-image"
    assert lint_settings(ManifestsSection.model_validate({"warn": [name]})).actions()[name] is (
        Action.WARN
    )
    with pytest.raises(ValueError, match=r"off\[0\]: unjudged-image cannot be off"):
        check_rules(ManifestsSection.model_validate({"off": [name]}))


def test_without_a_section_what_is_read_in_files_does_what_it_does_in_every_profile() -> None:
    place = Finding(rule="", code="", severity=Severity.HIGH, message="m", remedy="r")
    names = ("changes-objects-later", "unjudged-image", "image-missing", "no-rule")
    judged = NO_RULES.judge([replace(place, rule=name, code=name) for name in names])
    assert {f.rule: f.action for f in judged} == {
        "changes-objects-later": Action.WARN,
        "unjudged-image": Action.BLOCK,
        "image-missing": Action.BLOCK,
        "no-rule": Action.BLOCK,
    }
