"""A release signed, attested and judged with nothing but this program."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.debian_registry import LoopbackRegistry, debian_registry
from tests.acceptance.release import Release, make_release, syft


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackRegistry]:
    with debian_registry(tmp_path_factory.mktemp("registry")) as served:
        yield served


@pytest.fixture
def release(registry: LoopbackRegistry, tmp_path: Path) -> Release:
    """An image in a repository of its own that nobody signed yet."""
    made = make_release(tmp_path, registry, f"acme/shop-{secrets.token_hex(8)}")
    made.push("first")
    return made


def run(release: Release, *arguments: str) -> int:
    done = release.gate(*arguments, "--plain-http", release.registry.host)
    assert done.stderr.count("→") == (1 if done.returncode else 0), done.stderr
    return done.returncode


def trivy(at: datetime) -> dict[str, object]:
    return {
        "SchemaVersion": 2,
        "CreatedAt": at.isoformat(),
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
        "Results": [{"Target": "shop", "Class": "os-pkgs", "Type": "debian"}],
    }


def test_an_image_signed_and_attested_here_is_cleared(release: Release) -> None:
    key = ("--key", "keys/build.key")
    (release.folder / "sbom.json").write_text(json.dumps(syft(release.folder / "root-first")))
    (release.folder / "scan.json").write_text(json.dumps(trivy(datetime.now(UTC))))
    assert run(release, "sign", release.name, *key) == 0
    assert run(release, "attest", "sbom.json", release.name, "--type", "sbom", *key) == 0
    scan = ("attest", "scan.json", release.name, "--type", "vulnerabilities")
    assert run(release, *scan, *key) == 0
    code, report = release.judge("check", "--policy", "policy.yaml", "manifests")
    assert (code, report["verdict"]) == (0, "cleared")


def test_r093_an_old_report_attested_today_is_as_old_as_it_is(release: Release) -> None:
    old = datetime.now(UTC) - timedelta(days=30)
    (release.folder / "scan.json").write_text(json.dumps(trivy(old)))
    scan = ("attest", "scan.json", release.name, "--type", "vulnerabilities")
    assert run(release, *scan, "--key", "keys/build.key") == 0
    _, report = release.judge("check", "--policy", "policy.yaml", "manifests")
    assert "scan-too-old" in {f["code"] for f in report["findings"]}


@pytest.mark.parametrize(
    ("document", "arguments", "code"),
    [
        ("{}", ("--type", "sbom"), "attest-file"),
        ("{", ("--type", "sbom"), "attest-file"),
        ('{"a": 1, "a": 2}', ("--type", "sbom"), "attest-file"),
        ('{"dependencies": []}', ("--type", "vulnerabilities"), "attest-file"),
        ("{}", ("--type", "nothing"), "attest-type-unknown"),
        ("{}", ("--type", "custom"), "attest-type-unknown"),
        (
            "{}",
            ("--type", "custom", "--predicate-type", "https://slsa.dev/verification_summary/v1"),
            "verdict-predicate",
        ),
    ],
)
def test_what_gate_would_not_read_back_is_not_attested(
    release: Release, document: str, arguments: tuple[str, ...], code: str
) -> None:
    (release.folder / "file.json").write_text(document)
    done = release.gate("attest", "file.json", release.name, *arguments, "--key", "keys/build.key")
    assert (done.returncode, f"[{code}]" in done.stderr) == (2, True), done.stderr


def test_without_a_key_and_outside_of_ci_nobody_signs(release: Release) -> None:
    host = release.registry.host
    done = release.gate("sign", release.name, "--key", "no.key", "--plain-http", host)
    assert (done.returncode, "[key-unreadable]" in done.stderr) == (2, True)
