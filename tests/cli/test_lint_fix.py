"""`gate lint --fix` as a person calls it: what is set, what is left alone, and what is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gate.cli.app import app
from gate.model.verdict import Finding

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop  # the shop
  namespace: prod
spec:
  containers:
    - name: web
      image: ghcr.io/acme/shop:1.0
"""
CONTEXT = """\
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop: [ALL]
"""
FIXED = (
    POD.replace("  containers:\n", "  automountServiceAccountToken: false\n  containers:\n")
    + CONTEXT
    + "  securityContext:\n    runAsNonRoot: true\n"
    + "    seccompProfile:\n      type: RuntimeDefault\n"
)
SET = "allow-privilege-escalation-unset", "drop-all-capabilities", "run-as-non-root"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lint(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["lint", *arguments], input=stdin)


def fixed(text: str, *options: str) -> tuple[str, Result]:
    """Return what becomes of a file, and the run."""
    Path("a.yaml").write_text(text)
    result = lint("--fix", *options, "a.yaml")
    return Path("a.yaml").read_text(), result


def test_what_has_one_right_answer_is_set_and_the_report_is_of_the_mended_file() -> None:
    text, result = fixed(POD)
    assert text == FIXED
    assert result.stderr == "fixed a.yaml: 5 fields set\n"
    assert not [rule for rule in SET if rule in result.stdout]
    assert "no-read-only-root-fs" in result.stdout


def test_a_second_run_changes_nothing() -> None:
    once, _ = fixed(POD)
    twice, result = fixed(once)
    assert (twice, result.stderr) == (once, "")


def test_a_read_only_root_takes_unsafe() -> None:
    text, _ = fixed(POD, "--unsafe")
    assert text == FIXED.replace(CONTEXT, f"{CONTEXT}        readOnlyRootFilesystem: true\n")


def test_the_difference_is_printed_alone_and_nothing_is_written() -> None:
    Path("a.yaml").write_text(POD)
    result = lint("--diff", "a.yaml")
    assert Path("a.yaml").read_text() == POD
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- a.yaml", "+++ a.yaml"]
    added = [line[1:] for line in lines[2:] if line.startswith("+")]
    assert not [line for line in lines[2:] if line.startswith("-")]
    assert sorted(added) == sorted(set(FIXED.splitlines()) - set(POD.splitlines()))


def test_standard_input_takes_the_difference_and_no_fix() -> None:
    assert lint("--diff", "-", stdin=POD).stdout.startswith("--- <stdin>\n")
    result = lint("--fix", "-", stdin=POD)
    assert result.exit_code == 2
    assert "standard input cannot be changed in place" in result.stderr


def test_unsafe_alone_is_a_wrong_call() -> None:
    Path("a.yaml").write_text(POD)
    result = lint("--unsafe", "a.yaml")
    assert result.exit_code == 2
    assert "--unsafe goes with --fix or --diff" in result.stderr


def test_the_mode_of_a_file_stays() -> None:
    Path("a.yaml").write_text(POD)
    Path("a.yaml").chmod(0o640)
    lint("--fix", "a.yaml")
    assert Path("a.yaml").stat().st_mode & 0o777 == 0o640


def test_a_link_is_left_alone_and_its_target_too(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.yaml").write_text(POD)
    Path("a.yaml").symlink_to("outside/b.yaml")
    result = lint("--fix", "a.yaml")
    assert (outside / "b.yaml").read_text() == POD
    assert Path("a.yaml").is_symlink()
    assert "a.yaml is a link" in result.stderr


CONTAINER = POD.partition("  containers:\n")[2]
LEFT = {
    "privileged": (
        POD + "      securityContext: {privileged: true}\n",
        "the container is privileged",
    ),
    "root": (
        POD + "      securityContext: {runAsUser: 0}\n",
        "the container's user is 0, so it would not start",
    ),
    "asked for": (
        POD + "  automountServiceAccountToken: true\n",
        "the token is asked for",
    ),
    "account elsewhere": (
        POD + "  serviceAccountName: shop\n",
        "the account shop is not among the manifests, so its roles are not known",
    ),
    "silenced": (
        POD.replace(
            "  name: shop", '  annotations: {kube-linter.io/ignore-all: "old"}\n  name: shop'
        ),
        "the manifest asks to silence the rule",
    ),
    "rendered": (
        f"---\n# Source: shop/templates/pod.yaml\n{POD}",
        "it was rendered from shop/templates/pod.yaml, so change that",
    ),
    "windows": (
        POD + "  os: {name: windows}\n  nodeSelector: {kubernetes.io/os: windows}\n",
        "the pod runs on Windows",
    ),
    "unknown kind": (
        POD.replace("apiVersion: v1\nkind: Pod", "apiVersion: acme.example/v1\nkind: Runner"),
        "gate does not know that the kind Runner takes what a pod takes",
    ),
}


@pytest.mark.parametrize(("text", "why"), LEFT.values(), ids=LEFT)
def test_what_is_left_alone_is_told_with_its_cause(text: str, why: str) -> None:
    after, result = fixed(text)
    assert f": {why}\n" in result.stderr
    assert [line for line in text.splitlines() if "{" not in line and line not in after] == []


def test_a_container_that_would_not_start_keeps_the_pod_from_saying_it_for_all() -> None:
    root = CONTAINER.replace("web", "old") + "      securityContext: {runAsUser: 0}\n"
    text, _ = fixed(POD + root)
    first, _, second = text.partition("name: old")
    assert "        runAsNonRoot: true\n" in first
    assert "runAsNonRoot" not in second


def test_what_an_alias_repeats_is_left_alone() -> None:
    text = POD.replace("containers:\n    - name", "containers:\n    - &c\n      name")
    text += "  initContainers: [*c]\n"
    after, result = fixed(text)
    assert after.startswith(text.partition("  containers")[0])
    assert "allowPrivilegeEscalation" not in after
    assert "an alias repeats it elsewhere (&c)" in result.stderr


def test_sys_admin_is_not_set_beside_what_the_api_server_refuses() -> None:
    text, result = fixed(POD + "      securityContext: {capabilities: {add: [SYS_ADMIN]}}\n")
    assert "allowPrivilegeEscalation" not in text
    assert "the API server refuses" in result.stderr


def test_what_the_baseline_knows_is_left_alone() -> None:
    Path("a.yaml").write_text(POD)
    lint("--write-baseline", "known.json", "a.yaml")
    Path(".gate.yaml").write_text(
        "version: 1\nimages: [{match: '**', digest: required}]\n"
        "manifests: {profile: gate, baseline: known.json}\n"
    )
    result = lint("--policy", ".gate.yaml", "--fix", "a.yaml")
    assert Path("a.yaml").read_text() == POD
    assert ": the baseline knows it\n" in result.stderr


def test_a_file_that_would_become_worse_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = iter((False, True, True))

    def worse(findings: Iterable[Finding]) -> Counter[Any]:
        found: Counter[Any] = Counter(f.rule for f in findings)
        if next(counted):
            found["new", "a.yaml"] += 1
        return found

    monkeypatch.setattr("gate.cli.runs.fix._counted", worse)
    text, result = fixed(POD)
    assert text == POD
    assert "left alone a.yaml:1:1: a new finding would come of it\n" in result.stderr
