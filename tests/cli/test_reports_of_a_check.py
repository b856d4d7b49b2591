"""A real release, cleared and blocked, as every format shows it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gate.cli.demo_release import Keys, Tampering, make_release
from gate.reports import FORMATS
from tests.cli.test_commands import gate


def check(folder: Path, tampering: Tampering, *more: str) -> int:
    make_release(folder, Keys(), datetime.now(UTC), tampering)
    (folder / "reports").mkdir()
    outputs = [part for f in FORMATS for part in ("--output", f"{f}={folder}/reports/{f}")]
    layout = f"{tampering.image_registry}={folder / 'images'}"
    where = ("--policy", f"{folder}/policy.yaml", "--layout", layout)
    done = gate("check", *where, *outputs, *more, "--", f"{folder}/manifests")
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
