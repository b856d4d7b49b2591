"""What a run does not judge: what the policy leaves out, what blocks, what only warns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.runs.check import run_check
from gate.cli.runs.lint import run_lint
from gate.cli.runs.prepare import Options
from gate.errors import UsageError
from gate.model.report import MAX_EXCLUDED_NAMED, Report
from gate.model.verdict import Action
from gate.reports import FORMATS

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n"
BAD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {hostPID: true, containers: [{name: c, image: "ghcr.io/acme/shop:1.0"}]}
"""
POLICY = (
    'version: 1\nregistries: {allow: [example.org]}\nimages: [{match: "**", digest: required}]\n'
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"m/a.yaml": CONFIG, "m/old/b.yaml": BAD, "m/c.yaml": BAD}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def _lint(*exclude: str, policy: str | None = None) -> Report:
    return run_lint(
        ["m"], profile="baseline", policy=policy, kubernetes_version=None, exclude=exclude
    )


def _blocking(report: Report) -> list[str]:
    found = (f for f in report.findings if f.action is Action.BLOCK)
    return sorted({f.location.path for f in found if f.location})


def test_lint_leaves_out_what_its_option_and_its_policy_name() -> None:
    Path("p.yaml").write_text(POLICY + "manifests: {profile: baseline, exclude: [m/old]}\n")
    assert _blocking(_lint()) == ["m/c.yaml", "m/old/b.yaml"]
    assert _blocking(_lint(policy="p.yaml")) == ["m/c.yaml"]
    report = _lint("m/c.yaml", policy="p.yaml")
    assert (report.cleared, report.excluded.count, report.excluded.names) == (
        True,
        2,
        ("m/c.yaml", "m/old/"),
    )
    assert report.counts.files == 1


def test_check_leaves_out_what_its_policy_names_and_its_digest_covers_it() -> None:
    Path("all.yaml").write_text(POLICY + "manifests: {profile: baseline}\n")
    Path("some.yaml").write_text(POLICY + "manifests: {profile: baseline, exclude: [m/old]}\n")
    for policy, excluded, found in (
        ("all.yaml", (), ["m/c.yaml", "m/old/b.yaml"]),
        ("some.yaml", ("m/old/",), ["m/c.yaml"]),
    ):
        report = run_check(Options(paths=("m",), policy=policy), dry_run=True).report
        assert (report.excluded.names, _blocking(report)) == (excluded, found)
    assert find_policy("all.yaml", None).digest != find_policy("some.yaml", None).digest


def test_the_option_takes_what_the_policy_takes() -> None:
    with pytest.raises(UsageError, match="only wildcards") as caught:
        _lint("!m")
    assert caught.value.code == "lint-option"


def test_a_run_of_which_all_is_left_out_judges_nothing() -> None:
    with pytest.raises(UsageError) as caught:
        _lint("m")
    assert (caught.value.code, caught.value.exit_code) == ("nothing-to-judge", 2)


def test_every_report_counts_and_names_what_was_left_out() -> None:
    report = _lint("m/c.yaml", "m/old")
    texts = {name: render(report) for name, render in FORMATS.items()}
    assert "left out 2: m/c.yaml, m/old/\n" in texts["text"]
    assert "2 left out of the manifests" in texts["markdown"]
    assert "<code>m/c.yaml</code>" in texts["markdown"]
    value = json.loads(texts["json"])
    assert value["excluded"] == {"count": 2, "names": ["m/c.yaml", "m/old/"]}
    notes = json.loads(texts["sarif"])["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"].rpartition(", 2: ")[2] for note in notes] == [
        "m/c.yaml, m/old/"
    ]
    suite = ET.fromstring(texts["junit"]).find("testsuite/properties/property")  # noqa: S314  # our own document
    assert suite is not None
    assert suite.attrib == {"name": "excluded", "value": "2: m/c.yaml, m/old/"}


def test_a_report_names_a_hundred_and_counts_all() -> None:
    many = MAX_EXCLUDED_NAMED + 30
    for number in range(many):
        Path(f"m/x{number:03}.yaml").write_text(CONFIG)
    report = _lint("m/x*.yaml")
    value = json.loads(FORMATS["json"](report))
    schema = json.loads((Path(__file__).parents[2] / "docs/report-v1.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(value)
    assert (value["excluded"]["count"], len(value["excluded"]["names"])) == (
        many,
        MAX_EXCLUDED_NAMED,
    )
    assert "m/x009.yaml and 120 more\n" in FORMATS["text"](report)
    assert "The first 100 are named." in FORMATS["markdown"](report)


def test_a_link_alone_blocks_a_check() -> None:
    Path("only").mkdir()
    Path("only/a.yaml").symlink_to("../m/a.yaml")
    Path("p.yaml").write_text(POLICY)
    report = run_check(Options(paths=("only",), policy="p.yaml"), dry_run=True).report
    assert [(f.code, f.action, report.exit_code) for f in report.findings] == [
        ("linked-input", Action.BLOCK, 1)
    ]


def _lint_chart() -> None:
    run_lint(["c"], profile="baseline", policy=None, kubernetes_version=None)


def _check_chart() -> None:
    run_check(Options(paths=("c",), policy="p.yaml"), dry_run=True)


@pytest.mark.parametrize("run", [_lint_chart, _check_chart])
def test_a_folder_that_deploys_nothing_is_nothing_to_judge_and_says_what_it_is(
    run: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # a helm of this machine would render it
    Path("c").mkdir()
    Path("c/Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 0.1.0\n")
    Path("p.yaml").write_text(POLICY)
    with pytest.raises(UsageError, match="a Helm chart that was not rendered") as caught:
        run()
    assert (caught.value.code, caught.value.exit_code, caught.value.remedy) == (
        "nothing-to-judge",
        2,
        (
            "name this folder itself, which gate renders where helm is on PATH, or render it "
            "yourself: `helm template c | gate check -`"
        ),
    )


@pytest.mark.parametrize(
    ("name", "text", "warnings"),
    [
        ("comments.yaml", "# nothing yet\n", 0),
        ("kustomization.yaml", "resources: [a.yaml]\n", 1),
        ("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n", 1),
        ("values.yaml", "tag: '1'\n", 1),
    ],
)
def test_a_file_that_a_hook_names_and_gate_knows_is_in_order_without_any_object(
    name: str, text: str, warnings: int
) -> None:
    Path(name).write_text(text)
    report = run_lint([name], profile="gate", policy=None, kubernetes_version=None)
    assert (report.exit_code, report.cleared, len(report.findings)) == (0, True, warnings)


def test_a_file_that_a_hook_names_and_gate_does_not_know_blocks() -> None:
    Path("notes.yaml").write_text("a: b\n")
    Path("comments.yaml").write_text("# nothing yet\n")
    report = run_lint(
        ["comments.yaml", "notes.yaml"], profile="gate", policy=None, kubernetes_version=None
    )
    assert (report.exit_code, _blocking(report)) == (1, ["notes.yaml"])


def test_a_folder_of_comments_alone_is_nothing_to_judge() -> None:
    Path("d").mkdir()
    Path("d/comments.yaml").write_text("# nothing yet\n")
    with pytest.raises(UsageError) as caught:
        run_lint(["d"], profile="gate", policy=None, kubernetes_version=None)
    assert caught.value.code == "nothing-to-judge"
