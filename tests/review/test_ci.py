"""Ways to let a step of a pipeline say, or hand on, what gate did not say: each is refused."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any, Final
from unittest import mock

import pytest

from actions.artifacts import MAX_BYTES, built_images
from actions.outputs import Reports, outputs_of
from actions.runner import say_error, write_outputs
from actions.step import gate_arguments, main
from gate.errors import SigningError, UsageError
from gate.signing.ambient import parse_token
from tests.builders.gitlab_jobs import run_job

DIGEST: Final = f"sha256:{'a' * 64}"


def image(name: object = "ghcr.io/acme/shop", digest: object = DIGEST) -> dict[str, object]:
    return {"kind": "oci", "name": name, "digest": digest}


def listing(*subjects: object, version: object = 1) -> str:
    return json.dumps({"version": version, "subjects": subjects})


def built(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "list"
    path.write_text(text)
    return built_images(str(path))


def test_a_list_of_an_image_and_a_file_names_the_image(tmp_path: Path) -> None:
    assert built(tmp_path, listing(image(), {"kind": "file"})) == (f"ghcr.io/acme/shop@{DIGEST}",)


@pytest.mark.parametrize(
    "text",
    [
        listing(version=True),
        listing(version=1.5),
        listing(version="1"),
        listing(version=2),
        '{"version": 1}',
        '{"version": 1, "subjects": {}}',
        '{"version": 1, "version": 1, "subjects": []}',
        '{"version": 1, "subjects": [], "subjects": []}',
        "[]",
        "null",
        "{",
        " " * MAX_BYTES + "{}",
        listing({**image(), "kind": "OCI"}),
        listing({**image(), "kind": None}),
        listing("ghcr.io/acme/shop"),
        listing(image(name="")),
        listing(image(name=None)),
        listing(image(name=f"a@sha256:{'b' * 64}")),
        listing(image(name=f"a@{DIGEST}@{DIGEST}")),
        listing(image(digest="")),
        listing(image(digest=DIGEST.upper())),
        listing(image(digest=f"sha512:{'a' * 128}")),
        listing(image(), image(digest=1)),
    ],
)
def test_a_list_that_leaves_a_doubt_names_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        built(tmp_path, text)
    assert caught.value.code == "artifacts-list"


@pytest.mark.parametrize(
    ("code", "report"),
    [
        (0, None),
        (0, {}),
        (0, []),
        (0, "cleared"),
        (0, {"verdict": "blocked"}),
        (0, {"verdict": "Cleared"}),
        (0, {"verdict": True}),
        (1, {"verdict": "cleared"}),
        (2, {"verdict": "cleared"}),
        (2, {"verdict": "blocked"}),
        (3, {"verdict": "blocked", "error": {"code": "x"}}),
        (137, {"verdict": "cleared"}),
        (-9, {"verdict": "cleared"}),
    ],
)
def test_a_result_that_code_and_report_do_not_both_say_is_an_error(
    tmp_path: Path, code: int, report: object
) -> None:
    reports = Reports(tmp_path)
    if report is not None:
        reports.json.write_text(json.dumps(report))
    assert outputs_of("check", code, reports)["result"] == "error"


@pytest.mark.parametrize("text", ["", "{", '{"verdict": "cleared"', "\x00"])
def test_a_report_that_is_cut_off_is_an_error_and_breaks_nothing(tmp_path: Path, text: str) -> None:
    reports = Reports(tmp_path)
    reports.json.write_text(text)
    assert outputs_of("admit", 0, reports)["result"] == "error"


def test_a_value_cannot_end_its_output_or_begin_another(tmp_path: Path) -> None:
    path = tmp_path / "output"
    hostile = "x\nresult<<y\ncleared\ny\nend-0\nresult=cleared"
    with mock.patch.dict(os.environ, {"GITHUB_OUTPUT": str(path)}):
        write_outputs({"images": hostile})
    first, *_, last = lines = path.read_text().splitlines()
    mark = first.removeprefix("images<<")
    assert (last, lines.count(mark)) == (mark, 1)
    assert "\n".join(lines[1:-1]) == hostile


def test_an_error_is_one_command_to_the_runner(capsys: pytest.CaptureFixture[str]) -> None:
    say_error("a%0A::set-output\n::stop-commands::x\r::add-mask::y\x1b[2J")
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1
    assert said.startswith("::error title=gate::")
    assert "%0A" not in said.replace("%250A", "")


@pytest.mark.parametrize(
    ("command", "inputs"),
    [
        ("admit", {"GATE_MODE": "audit"}),
        ("admit", {"GATE_MODE": "dry-run"}),
        ("check", {"GATE_MODE": "Enforce"}),
        ("check", {"GATE_MODE": "audit enforce"}),
        ("lint", {"GATE_MODE": "auto"}),
        ("check", {"GATE_RENDER": "1"}),
        ("admit", {"GATE_PIN": "yes"}),
        ("check", {"GATE_ANNOTATIONS": "on"}),
        ("check", {"GATE_MANIFESTS": "--policy=x"}),
        ("check", {"GATE_MANIFESTS": "-"}),
        ("check", {"GATE_IMAGES": "a\n --dry-run"}),
        ("check", {"GATE_BUNDLES": "--"}),
        ("check", {"GATE_MANIFESTS": " \n\t"}),
    ],
)
def test_an_input_that_is_no_value_ends_the_step_before_gate_runs(
    tmp_path: Path, command: str, inputs: dict[str, str]
) -> None:
    given = {"GATE_MANIFESTS": "k8s", "RUNNER_TEMP": str(tmp_path)}
    output = tmp_path / "output"
    environment = {**given, "GITHUB_OUTPUT": str(output), **inputs}
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("subprocess.run", side_effect=AssertionError),
    ):
        assert main(command) == 2
    assert output.read_text().startswith("result<<")
    assert "\nerror\n" in output.read_text()


@pytest.mark.parametrize(
    ("event", "mode", "unsigned"),
    [
        ("pull_request", "auto", True),
        ("pull_request_target", "auto", True),
        ("pull_request_review", "", True),
        ("push", "auto", False),
        ("pull_request", "enforce", False),
        ("push", "dry-run", True),
        ("push", "audit", True),
    ],
)
def test_what_is_not_merged_signs_nothing_unasked(
    tmp_path: Path, event: str, mode: str, *, unsigned: bool
) -> None:
    environment = {"GATE_MANIFESTS": "k8s", "GATE_MODE": mode, "GITHUB_EVENT_NAME": event}
    with mock.patch.dict(os.environ, environment, clear=True):
        assert ("--dry-run" in gate_arguments("check", Reports(tmp_path))) is unsigned


@pytest.mark.parametrize(
    ("event", "unsigned"),
    [
        ('{"workflow_run": {"event": "push"}}', False),
        ('{"workflow_run": {"event": "schedule", "a": 1}, "b": 2}', False),
        ('{"workflow_run": {"event": "pull_request"}}', True),
        ('{"workflow_run": {"event": "pull_request_target"}}', True),
        ('{"workflow_run": {"event": "workflow_run"}}', True),
        ('{"workflow_run": {"event": ""}}', True),
        ('{"workflow_run": {"event": ["push"]}}', True),
        ('{"workflow_run": {"event": "pull_request", "event": "push"}}', True),
        ('{"event": "push"}', True),
        ("[]", True),
        ("", True),
        (None, True),
    ],
)
def test_what_follows_a_run_of_what_is_not_merged_signs_nothing_unasked(
    tmp_path: Path, event: str | None, *, unsigned: bool
) -> None:
    path = tmp_path / "event.json"
    if event is not None:
        path.write_text(event)
    told = {"GITHUB_EVENT_NAME": "workflow_run", "GITHUB_EVENT_PATH": str(path)}
    with mock.patch.dict(os.environ, {"GATE_MANIFESTS": "k8s", **told}, clear=True):
        assert ("--dry-run" in gate_arguments("check", Reports(tmp_path))) is unsigned


def token(claims: bytes) -> str:
    return f"a.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.c"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a.b",
        "a.b.c.d",
        "a.\u00fc.c",
        token(b"[]"),
        token(b'"sub"'),
        token(b"null"),
        token(b"{"),
        token(b"\xff"),
        token(b"[" * 100_000),
        token(b'{"n":' + b"9" * 5_000 + b"}"),
    ],
)
def test_what_is_no_identity_token_is_told_as_that_and_not_shown(raw: str) -> None:
    with pytest.raises(SigningError) as caught:
        parse_token(raw)
    assert caught.value.code == "identity-token-malformed"
    assert not raw or raw not in str(caught.value)


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"sub": "a"}, "a"),
        ({"sub": ["a"]}, ""),
        ({"sub": {"a": 1}}, ""),
        ({"sub": ""}, ""),
        ({"email": "b"}, "b"),
        ({"sub": 1, "email": "b"}, "b"),
    ],
)
def test_a_claim_is_a_text_or_nothing(claims: dict[str, Any], shown: str) -> None:
    found = parse_token(token(json.dumps(claims).encode()))
    assert found.claim("sub", "email") == shown
    assert found.raw not in repr(found)


@pytest.mark.parametrize("template", ["gate", "admit"])
def test_an_input_of_a_gitlab_job_is_a_value_and_never_a_command(
    template: str, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "ab").touch()
    hostile = ("$(touch x)", "`touch x`", "; touch x", "a*", "--dry-run", "a b", "\"'")
    given = {
        f"GATE_INPUT_{name}": "\n".join(hostile)
        for name in ("MANIFESTS", "IMAGES", "BUNDLES", "LINKS", "VALUES", "PLAIN_HTTP")
    }
    given |= {"GATE_INPUT_POLICY": hostile[0], "GATE_INPUT_RELEASE": hostile[2]}
    program = 'for each in "$@"; do echo "$each" >> ../given; done'
    done = run_job(checkout, program, template=template, GATE_INPUT_KEY_PATH="", **given)
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "given").read_text().splitlines()
    ours = [line for line in told if "gate-report" not in line]
    assert ours == [
        *("-I", "-m", "gate", "check" if template == "gate" else "admit"),
        *(f"--policy={hostile[0]}", f"--release={hostile[2]}"),
        *(
            f"--{option}={value}"
            for option in ("image", "bundle", "links", "values", "plain-http")
            for value in hostile
        ),
        *("--", *hostile),
    ]
    assert sorted(path.name for path in checkout.iterdir()) == ["ab", "gate-report"]


@pytest.mark.parametrize(
    ("mode", "told", "signs"),
    [
        ("auto", {"CI_PIPELINE_SOURCE": "push"}, True),
        ("auto", {"CI_PIPELINE_SOURCE": "parent_pipeline"}, True),
        ("auto", {"CI_PIPELINE_SOURCE": "merge_request_event"}, False),
        ("auto", {"CI_PIPELINE_SOURCE": "parent_pipeline", "CI_MERGE_REQUEST_IID": "7"}, False),
        ("auto", {"CI_PIPELINE_SOURCE": "external_pull_request_event"}, False),
        (
            "auto",
            {"CI_PIPELINE_SOURCE": "parent_pipeline", "CI_EXTERNAL_PULL_REQUEST_IID": "7"},
            False,
        ),
        ("enforce", {"CI_PIPELINE_SOURCE": "merge_request_event"}, True),
        ("dry-run", {"CI_PIPELINE_SOURCE": "push"}, False),
    ],
)
def test_a_gitlab_job_of_what_is_not_merged_signs_nothing_unasked(
    mode: str, told: dict[str, str], *, signs: bool, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    given = {"GATE_INPUT_KEY_PATH": "", "GATE_INPUT_MODE": mode, **told}
    done = run_job(checkout, 'for each in "$@"; do echo "$each"; done', **given)
    assert ("--dry-run" not in done.stdout.splitlines()) is signs
