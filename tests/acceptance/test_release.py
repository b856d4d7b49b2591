"""The commands against real registries: judged, passed, admitted, refused."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gate.model.dsse import PAYLOAD_TYPE
from gate.model.image import ImageReference
from gate.predicates.verification_summary import EXTENSION
from tests.acceptance.debian_registry import LoopbackRegistry, debian_registry
from tests.acceptance.release import DEPLOYMENT, Release, make_release, write_admit
from tests.acceptance.zot_registry import zot_registry
from tests.builders.registries import read


@pytest.fixture(scope="module", params=[debian_registry, zot_registry], ids=["distribution", "zot"])
def registry(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoopbackRegistry]:
    with request.param(tmp_path_factory.mktemp("registry")) as served:
        yield served


@pytest.fixture
def release(registry: LoopbackRegistry, tmp_path: Path) -> Release:
    """A signed image with its evidence in a repository of its own, policies and a manifest."""
    made = make_release(tmp_path, registry, f"acme/shop-{secrets.token_hex(8)}")
    made.attest_all(made.push("first"), "first")
    return made


@pytest.fixture
def written(tmp_path: Path) -> Release:
    """A folder alone, for calls that end before any registry is asked."""
    return make_release(tmp_path, LoopbackRegistry("127.0.0.1:1", tmp_path / "log"))


def cleared(release: Release) -> None:
    """Judge the release, expect it cleared, and accept its policy at deploy time."""
    code, report = release.judge("check", "--policy", "policy.yaml", "manifests")
    assert (code, report["verdict"], report["findings"]) == (0, "cleared", report["findings"])
    assert [f for f in report["findings"] if f["action"] == "block"] == []
    assert report["pass"]["state"] == "signed"
    assert len(report["pass"]["stored"]) == 1
    write_admit(release, report["policy"]["digest"])


def codes(report: dict[str, list[dict[str, str]]]) -> list[str]:
    return sorted(f["code"] for f in report["findings"] if f["action"] == "block")


def test_a_release_is_cleared_its_pass_stored_and_admitted(release: Release) -> None:
    cleared(release)
    code, report = release.judge(
        "admit", "--policy", "admit.yaml", "--pinned", "apply.yaml", "manifests"
    )
    assert (code, report["verdict"]) == (0, "cleared")
    assert report["images"][0]["checks"][-1]["check"] == "pass"
    # What was written is admitted as it stands, without resolving any tag.
    code, report = release.judge("admit", "--policy", "admit.yaml", "apply.yaml")
    assert (code, report["verdict"]) == (0, "cleared")
    pinned = (release.folder / "apply.yaml").read_text()
    digest = report["images"][0]["digest"]
    meant = DEPLOYMENT.replace("IMAGE", f"{release.name}@{digest}")
    assert yaml.safe_load(pinned) == yaml.safe_load(meant)


def test_r316_a_tag_alone_is_not_admitted_where_nothing_is_pinned(release: Release) -> None:
    cleared(release)
    code, report = release.judge("admit", "--policy", "admit.yaml", "manifests")
    assert (code, codes(report)) == (1, ["digest-required"])


def test_r315_one_field_of_a_manifest_changed_is_refused(release: Release) -> None:
    cleared(release)
    path = release.folder / "manifests/shop.yaml"
    path.write_text(path.read_text().replace("replicas: 1", "replicas: 2"))
    code, report = release.judge(
        "admit", "--policy", "admit.yaml", "--pinned", "apply.yaml", "manifests"
    )
    assert (code, codes(report)) == (1, ["pass-manifests-changed"])
    assert not (release.folder / "apply.yaml").exists()


def test_r042_a_tag_that_moved_since_has_no_pass(release: Release) -> None:
    cleared(release)
    release.push("second")
    code, report = release.judge(
        "admit", "--policy", "admit.yaml", "--pinned", "apply.yaml", "manifests"
    )
    assert (code, codes(report)) == (1, ["pass-absent"])


def test_an_image_without_evidence_is_refused_and_nothing_is_signed(release: Release) -> None:
    release.push("third")
    code, report = release.judge("check", "--policy", "policy.yaml", "manifests")
    assert (code, codes(report)) == (1, ["sbom-absent", "scan-absent", "signature-absent"])
    assert report["pass"]["state"] == "not-asked"


def test_a_dry_run_gives_the_same_verdict_and_stores_nothing(release: Release) -> None:
    code, report = release.judge("check", "--dry-run", "--policy", "policy.yaml", "manifests")
    assert (code, report["verdict"], report["pass"]["state"]) == (0, "cleared", "dry-run")
    (statement,) = report["pass"]["statements"]
    assert statement["predicate"]["verificationResult"] == "PASSED"
    assert statement["predicate"][f"{EXTENSION}unsigned"].startswith("a dry run: nobody signed")
    # Nowhere is anything that a signature could be in, not even where files are asked for.
    (release.folder / "passes").mkdir()
    done = release.gate(
        *("check", "--dry-run", "--policy", "policy.yaml", "manifests", "--pass-file", "passes"),
        *("--plain-http", release.registry.host, "--statement", "statement.json"),
    )
    assert (done.returncode, "verificationResult" in done.stdout) == (0, False)
    assert json.loads((release.folder / "statement.json").read_text())["_type"] == (
        "https://in-toto.io/Statement/v1"
    )
    assert ("payloadType" in done.stdout, "signatures" in done.stdout) == (False, False)
    assert list((release.folder / "passes").iterdir()) == []
    write_admit(release, report["policy"]["digest"])
    code, report = release.judge(
        "admit", "--policy", "admit.yaml", "--pinned", "apply.yaml", "manifests"
    )
    assert (code, codes(report)) == (1, ["pass-absent"])


def test_a_registry_that_is_down_is_undecided(written: Release) -> None:
    done = written.gate(
        "check", "--policy", "policy.yaml", "--plain-http", written.registry.host, "manifests"
    )
    assert done.returncode == 3
    assert "undecided unreachable" in done.stdout
    assert re.search(r"^UNDECIDED  \d+ undecided, 0 blocking findings", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "policy-missing"),
        ("", "policy-not-one-document"),
        ("version: 1\nimagse: []\n", "policy-unknown-key"),
        ("version: 1\nimages: [{match: 'a.io/**', signature: {by: [x]}}]\n", "policy-bad-value"),
    ],
)
def test_a_policy_that_is_wrong_exits_2_with_one_next_step(
    written: Release, text: str | None, code: str
) -> None:
    path = written.folder / "policy.yaml"
    path.unlink() if text is None else path.write_text(text)
    done = written.gate("check", "--policy", "policy.yaml", "manifests")
    assert done.returncode == 2
    assert f"[{code}]" in done.stderr
    assert done.stderr.count("→") == 1
    assert done.stdout == ""


def test_a_run_with_nothing_to_judge_exits_2(written: Release) -> None:
    (written.folder / "manifests/shop.yaml").write_text("# nothing yet\n")
    done = written.gate("check", "--policy", "policy.yaml", "manifests")
    assert (done.returncode, "[nothing-to-judge]" in done.stderr) == (2, True)
    done = written.gate("check", "--policy", "policy.yaml")
    assert (done.returncode, "[nothing-to-judge]" in done.stderr) == (2, True)


def test_passes_are_also_written_to_files_or_nothing_is_stored(release: Release) -> None:
    check = ("check", "--policy", "policy.yaml", "manifests", "--pass-file")
    done = release.gate(*check, "no-such-folder", "--plain-http", release.registry.host)
    assert (done.returncode, "[output-unwritable]" in done.stderr) == (2, True)
    assert done.stdout == ""
    with release.client() as client:
        image = client.resolve(ImageReference.parse(release.name))
        assert len(read(client.attached(image))) == 3
    (release.folder / "passes").mkdir()
    code, report = release.judge(*check, "passes")
    assert (code, report["pass"]["state"]) == (0, "signed")
    names = sorted(path.name for path in (release.folder / "passes").iterdir())
    whole = [f"release.{form}.json" for form in ("dsse", "predicate", "sigstore")]
    assert (names[3:], len(names)) == (whole, 6)
    assert all(str(Path("passes", name)) in report["pass"]["stored"] for name in names)
    bundle, envelope, predicate = (
        json.loads((release.folder / "passes" / name).read_bytes())
        for name in (whole[2], whole[0], whole[1])
    )
    assert bundle["dsseEnvelope"] == envelope
    assert envelope["payloadType"] == PAYLOAD_TYPE
    assert json.loads(base64.b64decode(envelope["payload"]))["predicate"] == predicate


def test_the_statement_of_the_release_opens_it_offline_where_no_pass_is_attached(
    release: Release,
) -> None:
    (release.folder / "passes").mkdir()
    code, report = release.judge(
        "check", "--policy", "policy.yaml", "manifests", "--pass-file", "passes"
    )
    assert code == 0
    write_admit(release, report["policy"]["digest"])
    # A folder that holds the image and nothing else: no server is asked.
    place = f"{release.registry.host}/{release.repository}={release.folder}/layout-first"
    admit = ("admit", "--policy", "admit.yaml", "--layout", place, "--pinned", "apply.yaml")
    code, report = release.judge(*admit, "manifests")
    assert (code, codes(report)) == (1, ["pass-absent"])
    whole = ("--bundle", "passes/release.sigstore.json")
    code, report = release.judge(*admit, *whole, "manifests")
    assert (code, report["verdict"]) == (0, "cleared")
    # It opens exactly this release, as an image's own pass does.
    path = release.folder / "manifests/shop.yaml"
    path.write_text(path.read_text().replace("replicas: 1", "replicas: 2"))
    code, report = release.judge(*admit, *whole, "manifests")
    assert (code, codes(report)) == (1, ["pass-manifests-changed"])
