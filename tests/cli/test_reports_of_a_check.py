"""A real release, cleared and blocked, as every format shows it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from gate.cli.demo.release import Keys, Tampering, make_release
from gate.reports import FORMATS
from tests.builders.commands import called
from tests.fakes.registry import Answerer, FakeRegistry, Reply, Request, error

SECRET: Final = "c4nary-of-a-secret"


def check(folder: Path, tampering: Tampering, *more: str) -> int:
    make_release(folder, Keys(), datetime.now(UTC), tampering)
    (folder / "reports").mkdir()
    outputs = [part for f in FORMATS for part in ("--output", f"{f}={folder}/reports/{f}")]
    layout = f"{tampering.image_registry}={folder / 'images'}"
    where = ("--policy", f"{folder}/policy.yaml", "--layout", layout)
    done = called("check", *where, *outputs, *more, "--", f"{folder}/manifests")
    assert "broke" not in done.stderr, done.stderr
    return done.returncode


def counts(folder: Path) -> dict[str, str | None]:
    root = ET.parse(folder / "reports/junit").getroot()  # noqa: S314  # our own document
    return {key: root.get(key) for key in ("failures", "errors", "skipped")}


def test_a_cleared_release_leaves_clean_reports(tmp_path: Path) -> None:
    assert check(tmp_path, Tampering()) == 0
    reports = tmp_path / "reports"
    value = json.loads((reports / "json").read_text())
    assert (value["verdict"], value["error"], value["pass"]["state"]) == ("cleared", None, "signed")
    blocking = [
        r
        for r in json.loads((reports / "sarif").read_text())["runs"][0]["results"]
        if r["level"] == "error"
    ]
    assert blocking == []
    assert counts(tmp_path) == {"failures": "0", "errors": "0", "skipped": "0"}
    assert "::error" not in (reports / "github").read_text()
    lines = (reports / "dotenv").read_text().splitlines()
    assert {"GATE_RESULT=cleared", "GATE_EXIT_CODE=0", "GATE_PASS=signed"} <= set(lines)
    pinned = [image["pinned"] for image in value["images"]]
    assert pinned == [x.split("=", 1)[1] for x in lines if x.startswith("GATE_IMAGE_")]
    assert (reports / "markdown").read_text().startswith("## gate check: ✅ cleared\n")


def test_a_blocked_release_is_blocked_in_every_report(tmp_path: Path) -> None:
    assert check(tmp_path, Tampering(signed=False)) == 1
    for name in sorted(set(FORMATS) - {"dotenv"}):
        assert "signature-absent" in (tmp_path / "reports" / name).read_text(), name
    assert "GATE_RESULT=blocked\n" in (tmp_path / "reports/dotenv").read_text()
    run = json.loads((tmp_path / "reports/sarif").read_text())["runs"][0]
    places = [r["locations"][0]["physicalLocation"] for r in run["results"]]
    assert all(p["artifactLocation"]["uri"].endswith(".yaml") for p in places)
    assert int(counts(tmp_path)["failures"] or 0) >= 2


@pytest.mark.parametrize("asked", [("--policy-digest", "sha256:" + "0" * 64)])
def test_r130_another_policy_than_the_pinned_one_judges_nothing_and_reports_say_so(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    assert check(tmp_path, Tampering(), *asked) == 2
    value = json.loads((tmp_path / "reports/json").read_text())
    assert (value["verdict"], value["exitCode"]) == ("blocked", 2)
    assert value["error"]["code"] == "policy-digest-mismatch"
    assert counts(tmp_path)["errors"] == "2"
    assert "GATE_RESULT=error\n" in (tmp_path / "reports/dotenv").read_text()
    assert (tmp_path / "reports/text").read_text().count("NO VERDICT") == 1


CHALLENGE: Final = Reply(401, {"www-authenticate": 'Basic realm="x"'})


def _echo(request: Request) -> Reply:
    sent = request.headers.get("authorization")
    return error(403, "DENIED", sent) if sent else CHALLENGE


def _elsewhere(request: Request) -> Reply:
    signed = {"location": f"http://127.0.0.1:1/x?X-Amz-Signature={SECRET}"}
    return Reply(302, signed) if request.headers.get("authorization") else CHALLENGE


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [_echo],
        [CHALLENGE],
        [_elsewhere],
    ],
    ids=["in-order", "echo", "refused", "signed-url"],
)
def test_r297_no_password_or_token_is_in_what_a_run_prints_or_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[Reply | Answerer]
) -> None:
    with FakeRegistry(login=("robot", SECRET)) as fake:
        fake.image("acme/shop", "1.0")
        if answers:
            fake.script("manifests", *answers, forever=True)
        auth = base64.b64encode(f"robot:{SECRET}".encode()).decode()
        configuration = {"auths": {fake.host: {"auth": auth}}}
        monkeypatch.setenv("DOCKER_AUTH_CONFIG", json.dumps(configuration))
        monkeypatch.setenv("GATE_DEBUG", "1")
        (tmp_path / "p.yaml").write_text(
            'version: 1\nimages:\n  - match: "**"\n    configuration: {user: not-root}\n'
        )
        outputs = [part for f in FORMATS for part in ("--output", f"{f}={tmp_path}/{f}")]
        where = ("--policy", f"{tmp_path}/p.yaml", "--plain-http", fake.host)
        done = called("check", *where, *outputs, "--image", f"{fake.host}/acme/shop:1.0")
        assert any(auth in r.headers.get("authorization", "") for r in fake.requests)
    assert done.returncode in {1, 3}, done.stderr
    written = [done.stdout, done.stderr, *((tmp_path / f).read_text() for f in FORMATS)]
    assert not [text for text in written if SECRET in text or auth in text]
