"""`gate admit` against a registry that counts: what it asks for, and what it says is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from gate.cli.demo_release import Keys
from gate.cli.run import Options, run_admit, run_check
from gate.cli.run_sign import SIGNATURE, Signing, run_sign
from gate.keys.private import private_pem
from gate.model.report import Report
from tests.fakes.registry import FakeRegistry

POLICY = """\
version: 1
verifier: https://acme.example/gate
signers: {build: {key: keys/build.pub}}
images:
  - match: "HOST/**"
    signature: {by: [build]}
manifests: {profile: gate}
pass: {environment: production, valid-for: 24h, sign: {key: keys/gate.key}}
"""
ADMIT = """\
version: 1
signers: {gate: {key: keys/gate.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: acme}
spec:
  serviceAccountName: NAME
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: main
      image: IMAGE
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 200m, memory: 64Mi}}
"""
NAMES = ("cache", "shop")


@dataclass(frozen=True)
class Deployment:
    folder: Path
    fake: FakeRegistry

    def options(self, policy: str, *manifests: str, bundles: tuple[str, ...] = ()) -> Options:
        return Options(
            paths=tuple(str(self.folder / f"{m}.yaml") for m in manifests),
            policy=str(self.folder / policy),
            plain_http=(self.fake.host,),
            bundles=bundles,
        )

    def admit(self, *manifests: str, bundles: tuple[str, ...] = ()) -> Report:
        return run_admit(self.options("admit.yaml", *manifests, bundles=bundles))

    def check(self, *manifests: str) -> None:
        (self.folder / "passes").mkdir(exist_ok=True)
        done = run_check(
            self.options("policy.yaml", *manifests), folder=str(self.folder / "passes")
        ).report
        assert (done.cleared, [f.code for f in done.findings if f.action == "block"]) == (True, [])
        assert done.policy is not None
        text = ADMIT.replace("DIGEST", str(done.policy.digest))
        (self.folder / "admit.yaml").write_text(text)


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Two images on a registry, each signed and run by a manifest of its own."""
    keys = Keys()
    keys.write(tmp_path / "keys")
    (tmp_path / "keys/build.key").write_bytes(private_pem(keys.build))
    with FakeRegistry() as fake:
        (tmp_path / "policy.yaml").write_text(POLICY.replace("HOST", fake.host))
        signing = Signing(
            key=str(tmp_path / "keys/build.key"), trust_config=None, publish_private=False
        )
        for name in NAMES:
            image = f"{fake.host}/acme/{name}@{fake.image(f'acme/{name}', '1.0')}"
            run_sign(image, SIGNATURE, {}, signing, layouts=(), plain_http=(fake.host,))
            text = POD.replace("NAME", name).replace("IMAGE", image)
            (tmp_path / f"{name}.yaml").write_text(text)
        yield Deployment(tmp_path, fake)


def found(report: Report) -> list[tuple[str, str, str]]:
    """Return each blocking finding: its code, the object and the repository."""
    return [
        (f.code, str(f.object), (f.image or "").partition("@")[0].rpartition("/")[2])
        for f in report.findings
        if f.action == "block"
    ]


def test_r312_a_part_of_a_release_is_opened_and_two_parts_are_never_joined(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    deployment.check("shop")
    assert deployment.admit("cache").cleared
    assert deployment.admit("shop").cleared
    assert found(deployment.admit("cache", "shop")) == [
        ("pass-incomplete-release", f"acme/Pod/{name}", name) for name in NAMES
    ]
    deployment.check("cache", "shop")
    assert deployment.admit("cache", "shop").cleared


def test_it_says_exactly_which_image_lacks_what_and_where_it_is_named(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    report = deployment.admit("cache", "shop")
    assert found(report) == [
        ("pass-incomplete-release", "acme/Pod/cache", "cache"),
        ("pass-absent", "acme/Pod/shop", "shop"),
    ]
    messages = [f.message for f in report.findings]
    assert f"does not list {deployment.fake.host}/acme/shop@sha256:" in messages[0]
    places = [str(f.location) for f in report.findings if f.location]
    assert places == [f"{deployment.folder / name}.yaml:10:7" for name in NAMES]


def test_nothing_is_asked_twice_and_no_more_than_completeness_needs(
    deployment: Deployment,
) -> None:
    deployment.check("cache", "shop")
    deployment.fake.requests.clear()
    assert deployment.admit("cache", "shop").cleared
    asked = Counter(r.path.split("/")[3] for r in deployment.fake.requests)
    # The image, its referrers, three tags that tools store under, the legacy form of the
    # pass (a blob), and a manifest and a blob for each of the signature and the pass.
    assert asked == dict.fromkeys(NAMES, 1 + 1 + 3 + 1 + 2 * 2)
    assert max(Counter(r.line for r in deployment.fake.requests).values()) == 1


def test_the_release_opens_by_its_bundle_alone_and_a_stranger_does_not(
    deployment: Deployment,
) -> None:
    deployment.check("cache", "shop")
    bundle = (str(deployment.folder / "passes/release.sigstore.json"),)
    assert deployment.admit("cache", "shop", bundles=bundle).cleared
    keys = Keys()
    keys.write(deployment.folder / "others")
    stranger = (deployment.folder / "others/gate.pub").read_bytes()
    (deployment.folder / "keys/gate.pub").write_bytes(stranger)
    codes = {code for code, _, _ in found(deployment.admit("cache", "shop", bundles=bundle))}
    assert codes == {"pass-wrong-signer"}


def test_a_deployment_of_tomorrow_is_not_opened_by_the_pass_of_today(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.check("cache")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # not a Later
            return datetime.now(tz) + timedelta(days=1, seconds=1)

    monkeypatch.setattr("gate.cli.run.datetime", Later)
    assert [code for code, _, _ in found(deployment.admit("cache"))] == ["pass-too-old"]
