"""The commands as a person calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.builders.commands import POD, called
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry, Reply

START = (
    f"import sys; sys.path.insert(0, {str(Path.cwd())!r}); from gate.__main__ import main; main()"
)


def test_the_demo_clears_one_release_and_blocks_six() -> None:
    done = called("demo")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("  cleared, exit code 0") == 2
    assert done.stdout.count("  BLOCKED, exit code 1") == 6
    for code in (
        "signature-absent", "signature-wrong-signer", "sbom-wrong-subject", "scan-too-old",
        "registry-not-allowed", "privileged-container",
    ):  # fmt: skip
        assert f"  {code}: " in done.stdout


def test_lint_reads_standard_input_and_says_file_line_and_column() -> None:
    done = called("lint", "-", stdin=POD)
    assert done.returncode == 1
    block = "  block high host-network  <stdin>:5:3\n      5 |   hostNetwork: true\n        |   ^\n"
    assert block in done.stdout
    assert done.stderr == ""


def test_lint_as_json_is_the_report_that_is_published() -> None:
    report = json.loads(called("lint", "-", "--format", "json", stdin=POD).stdout)
    schema = json.loads(Path("docs/report-v1.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)
    assert report["counts"]["objects"] == 1
    assert "host-network" in {f["rule"] for f in report["findings"]}


def test_a_manifest_that_does_not_parse_is_a_failure_at_its_line() -> None:
    done = called("lint", "-", stdin="a: [\n")
    assert (done.returncode, "<stdin>:1:5" in done.stdout) == (1, True)
    assert "yaml-parse-error" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("lint", "no-such-file"), "nothing-found"),
        (("lint",), "nothing-to-judge"),
        (("lint", "--profile", "x", "-"), "lint-option"),
        (("lint", "--format", "x", "-"), "format-unknown"),
        (("lint", "--output", "json=", "-"), "output-malformed"),
        (("check", "--output", "json=no-such-folder/x", "-"), "output-unwritable"),
        (("check", "--policy", "no-such-file"), "policy-missing"),
        (("check", "--as-of", "yesterday", "-"), "time-malformed"),
        (("check", "--as-of", "9999-12-31T23:59:59-05:00", "-"), "time-malformed"),
        (("check", "--as-of", "2026-W47-6T10:00:00Z", "-"), "time-malformed"),
        (("explain", "no-such-name"), "name-unknown"),
    ],
)
def test_a_wrong_call_exits_2_with_a_code_and_a_next_step(
    arguments: tuple[str, ...], code: str
) -> None:
    done = called(*arguments)
    assert done.returncode == 2
    assert f"[{code}]" in done.stderr
    assert done.stderr.count("→") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("path", ["no-such-file", "no-such-folder/", "*.no-such-ending"])
def test_r004_a_path_that_means_nothing_is_an_error_and_no_clean_run(path: str) -> None:
    done = called("lint", path)
    assert (done.returncode, "[nothing-found]" in done.stderr) == (2, True)


def test_r024_the_environment_and_files_in_the_folder_weaken_nothing(tmp_path: Path) -> None:
    (tmp_path / ".in_totorc").write_text("[in-toto settings]\n")
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "yaml.py").write_text("raise SystemExit(0)\n")
    environment = {**os.environ, "GATE_POLICY": "x", "GATE_MODE": "audit", "GATE_PROFILE": "none"}
    done = subprocess.run(  # noqa: S603  # our own interpreter and our own program
        [sys.executable, "-I", "-c", START, "lint", "pod.yaml"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, "host-network" in done.stdout) == (1, True), done.stderr


def test_r292_a_name_from_the_call_is_shown_and_not_obeyed() -> None:
    done = called("explain", "sbom-\x1b[31m::error::x")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "sbom-\\x1b[31m::error::x" in done.stderr


def test_an_unknown_command_exits_2() -> None:
    assert called("no-such-command").returncode == 2


def test_a_report_is_also_written_to_files(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    done = called("lint", "-", "--output", f"json={path}", stdin=POD)
    assert done.returncode == 1
    assert json.loads(path.read_text())["verdict"] == "blocked"
    assert [p.name for p in tmp_path.iterdir()] == ["gate.json"]


def test_the_schema_is_json_schema_and_names_every_check() -> None:
    schema = json.loads(called("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    entry = schema["properties"]["images"]["items"]["properties"]
    assert {"match", "signature", "sbom", "scan-age", "digest", "pass"} <= set(entry)


def test_r245_a_registry_that_will_soon_refuse_is_told_of_beside_the_verdict(
    tmp_path: Path,
) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        manifest = fake.tagged("acme/shop", "1.0")
        headers = {"content-type": OCI_MANIFEST, "ratelimit-remaining": "3;w=21600"}
        fake.script(f"GET .*/manifests/{digest}", Reply(200, headers, manifest), forever=True)
        policy = tmp_path / "policy.yaml"
        policy.write_text(f"version: 1\nimages: [{{match: '{fake.host}/**', digest: required}}]\n")
        image = f"{fake.host}/acme/shop@{digest}"
        where = ("--plain-http", fake.host, "--image", image)
        done = called("check", "--dry-run", "--policy", str(policy), *where)
    assert done.returncode == 0, done.stdout
    assert f"gate: {fake.host} will answer 3 more requests and then refuse" in done.stderr
    assert "[rate-limit-near]" in done.stderr
