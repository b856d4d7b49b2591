"""`gate why` as a process, over images in layout folders: what it says can be done, and mends."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.cli.demo.release import REGISTRY, Keys, Tampering, make_release
from gate.cli.demo.texts import ADMIT
from gate.keys.private import private_pem
from tests.builders.commands import called

IMAGE = f"{REGISTRY}/shop:1.0"
BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {
        "timestamp": "2026-11-20T00:00:00Z",
        "tools": {"components": [{"type": "application", "name": "t"}]},
    },
    "components": [{"type": "library", "name": "busybox", "version": "1"}],
}


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


def make(folder: Path, keys: Keys, **tampering: Any) -> Path:  # noqa: ANN401  # fields of Tampering
    """Write a release, and beside it the private keys and documents that commands name."""
    folder.mkdir()
    now = datetime.now(UTC)
    make_release(folder, keys, now, Tampering(**tampering))
    for name in ("build", "scanner"):
        (folder / f"{name}.key").write_bytes(private_pem(getattr(keys, name)))
    (folder / "sbom.json").write_text(json.dumps(BOM))
    scan = {
        "SchemaVersion": 2,
        "CreatedAt": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
        "Results": [{"Target": "shop", "Class": "os-pkgs", "Type": "debian"}],
    }
    (folder / "scan.json").write_text(json.dumps(scan))
    return folder


def gate(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return called(*arguments, folder=folder, environment={**os.environ, **environment})


def call(folder: Path, *more: str, image: str = IMAGE, **environment: str) -> Any:  # noqa: ANN401  # a process
    arguments = ("--policy", "policy.yaml", "--layout", f"{REGISTRY}=images", *more)
    return gate(folder, "why", image, *arguments, **environment)


def told(folder: Path) -> dict[str, Any]:
    done = call(folder, "--format", "json")
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["exitCode"] == done.returncode
    return said


def statuses(said: dict[str, Any]) -> dict[str, str]:
    return {a["check"]: a["status"] for a in said["checks"]}


def test_each_check_names_the_evidence_that_met_it(tmp_path: Path, keys: Keys) -> None:
    said = told(make(tmp_path / "r", keys))
    assert (said["verdict"], said["exitCode"], said["others"]) == ("cleared", 0, [])
    assert set(statuses(said).values()) == {"passed"}
    sbom = next(a for a in said["checks"] if a["check"] == "sbom")
    (found,) = sbom["evidence"]
    assert (found["counts"], found["predicateType"]) == (True, "https://cyclonedx.org/bom")
    assert (found["storage"], found["about"], found["time"]) == ("referrers", "the image", "")
    # Who signed is what was demanded, and can be compared by eye.
    assert sbom["demanded"] == [found["signer"] + " (keys/build.pub)"]
    assert sbom["commands"] == []


def test_what_it_says_to_run_meets_what_was_lacking(tmp_path: Path, keys: Keys) -> None:
    folder = make(
        tmp_path / "r",
        keys,
        signed_by_stranger=True,
        sbom_of_other_image=True,
        scan_age=timedelta(days=8),
    )
    said = told(folder)
    assert (said["verdict"], said["exitCode"]) == ("blocked", 1)
    lacking = {a["check"]: a for a in said["checks"] if a["status"] == "failed"}
    assert {c: a["reasons"][0]["code"] for c, a in lacking.items()} == {
        "sbom": "sbom-wrong-subject",
        "scan-age": "scan-too-old",
        "signature": "signature-wrong-signer",
    }
    assert {c: [e["code"] for e in a["evidence"]] for c, a in lacking.items()} == {
        "sbom": ["sbom-wrong-subject"],
        "scan-age": ["scan-too-old"],
        "signature": ["signature-wrong-signer"],
    }
    for answer in lacking.values():
        (command,) = answer["commands"]
        done = gate(folder, *shlex.split(command)[1:])
        assert done.returncode == 0, done.stderr
    said = told(folder)
    assert (said["verdict"], said["exitCode"]) == ("cleared", 0)
    # The new scan took the place of the one by the same key that was too old.
    again = next(a for a in said["checks"] if a["check"] == "scan-age")
    assert {e["code"] for e in again["evidence"]} == {""}


def test_an_image_that_its_name_alone_blocks_is_not_looked_at(tmp_path: Path, keys: Keys) -> None:
    done = call(make(tmp_path / "r", keys), image="docker.io/library/nginx:1")
    assert done.returncode == 1
    assert "failed registry-not-allowed" in done.stdout
    assert "not looked at; no entry of the policy matches it" in done.stdout


def test_an_image_that_cannot_be_reached_is_undecided(tmp_path: Path, keys: Keys) -> None:
    folder = make(tmp_path / "r", keys)
    done = call(folder, "--format", "json", image=f"{REGISTRY}/none:1.0")
    said = json.loads(done.stdout)
    assert done.returncode == said["exitCode"] == 3
    undecided = [a for a in said["checks"] if a["status"] == "undecided"]
    assert [a["check"] for a in undecided] == ["sbom", "scan-age", "signature"]
    assert all(a["reasons"][0]["remedy"] and not a["commands"] for a in undecided)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--format", "sarif"), "format-unknown"),
        (("--as-of", "noon"), "time-malformed"),
        (("--layout", "x"), "layout-option"),
    ],
)
def test_a_wrong_call_exits_2(tmp_path: Path, keys: Keys, more: tuple[str, ...], code: str) -> None:
    done = call(make(tmp_path / "r", keys), *more)
    assert (done.returncode, f"[{code}]" in done.stderr, done.stdout) == (2, True, "")


def snapshot(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_it_signs_and_writes_nothing(tmp_path: Path, keys: Keys) -> None:
    folder = make(tmp_path / "r", keys)
    before = snapshot(folder)
    assert call(folder).returncode == 0
    assert snapshot(folder) == before


def test_at_deploy_time_it_says_that_the_pass_is_lacking(tmp_path: Path, keys: Keys) -> None:
    folder = make(tmp_path / "r", keys)
    (folder / "policy.yaml").write_text(ADMIT.replace("POLICY", f"sha256:{'0' * 64}"))
    said = told(folder)
    assert said["exitCode"] == 1
    lacking = next(a for a in said["checks"] if a["check"] == "pass")
    assert [r["code"] for r in lacking["reasons"]] == ["pass-absent"]
    assert (lacking["evidence"], lacking["commands"]) == ([], [])
    assert "gate check" in lacking["reasons"][0]["remedy"]


@pytest.mark.parametrize("width", [80, 200])
def test_lines_fit_the_terminal_except_what_is_to_be_copied(
    tmp_path: Path, keys: Keys, width: int
) -> None:
    folder = make(tmp_path / "r", keys, signed=False, scan_age=timedelta(days=8))
    lines = call(folder, COLUMNS=str(width)).stdout.splitlines()
    assert len([line for line in lines if line.startswith("    run gate ")]) == 2
    longest = max(len(line) for line in lines if not line.startswith(("    run ", REGISTRY)))
    assert longest <= width


def test_as_of_says_why_it_was_so_then(tmp_path: Path, keys: Keys) -> None:
    folder = make(tmp_path / "r", keys)
    later = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
    done = call(folder, "--as-of", later, "--format", "json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["at"], statuses(said)["scan-age"]) == (1, later, "failed")
