"""`gate admit` against a registry that counts: what it asks for, and what it says is missing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from gate.cli.demo.release import Keys
from gate.cli.reads.places import Access
from gate.cli.runs.check import judge, run_admit, run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.errors import UsageError
from gate.keys.private import private_pem
from gate.model.image import Digest
from gate.model.report import Deployment as Deployed
from gate.model.report import Report
from gate.reports import json_v1, markdown, text
from tests.fakes.registry import FakeRegistry, error

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
            access=Access(plain_http=(self.fake.host,)),
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
            run_sign(image, SIGNATURE, {}, signing, access=Access(plain_http=(fake.host,)))
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


def exact(deployment: Deployment) -> None:
    path = deployment.folder / "admit.yaml"
    path.write_text(path.read_text().replace("manifests: images", "manifests: exact"))


def test_objects_of_the_release_that_are_not_deployed_are_told(deployment: Deployment) -> None:
    deployment.check("cache", "shop")
    exact(deployment)
    assert deployment.admit("cache", "shop").deployment == Deployed()
    report = deployment.admit("cache")
    assert report.cleared
    assert report.deployment is not None
    (absent,) = report.deployment.not_deployed
    assert absent.name == "acme/Pod/shop"
    assert report.release is not None
    assert absent.digest not in {o.digest for o in report.release.objects}
    assert f"1 object that the pass covers\n  {absent.name} {absent.digest}\n" in text.render(
        report
    )


def turn_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let runs begin earlier or later than it is."""

    class Turned(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # not a Turned
            return datetime.now(tz) + by

    monkeypatch.setattr("gate.cli.runs.check.datetime", Turned)


def test_the_pass_that_fits_the_deployment_best_says_what_is_left_out(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Passes of one second have no order: admit takes the newest that opens.
    with monkeypatch.context() as before:
        turn_clock(before, -timedelta(minutes=1))
        deployment.check("cache", "shop")
    deployment.check("cache")
    exact(deployment)
    assert deployment.admit("cache").deployment == Deployed()
    whole_of_it = whole(deployment, "cache")
    assert whole_of_it.cleared


def test_exact_manifests_without_a_manifest_are_a_wrong_call(deployment: Deployment) -> None:
    deployment.check("cache")
    exact(deployment)
    image = re.findall(r"image: (.*)", (deployment.folder / "cache.yaml").read_text())[0]
    options = replace(deployment.options("admit.yaml"), images=(image,))
    with pytest.raises(UsageError) as caught:
        run_admit(options)
    assert caught.value.code == "no-objects-to-bind"
    beside = replace(deployment.options("admit.yaml", "cache"), images=(image,))
    assert run_admit(beside).cleared


def test_an_image_that_needs_no_pass_is_told_with_the_policy_s_reason(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    path = deployment.folder / "admit.yaml"
    entry = """images:
  - match: "*/acme/shop"
    signature: {by: [build]}
    without-pass: its publisher signs it, and `## [x]`
"""
    written = path.read_text().replace("images:\n", entry, 1)
    path.write_text(written.replace("signers: {", "signers: {build: {key: keys/build.pub}, "))
    report = deployment.admit("cache", "shop")
    assert report.cleared
    assert whole(deployment, "cache", "shop").cleared
    assert report.deployment is not None
    (one,) = report.deployment.without_pass
    assert one.image.partition("@")[0] == f"{deployment.fake.host}/acme/shop"
    assert one.entry == "*/acme/shop"
    assert "needs no pass, by the entry for */acme/shop: its publisher signs it" in " ".join(
        text.render(report).split()
    )
    assert "its publisher signs it" in markdown.render(report)
    assert json.loads(json_v1.render(report))["deployment"]["withoutPass"] == [
        {"image": one.image, "entry": one.entry, "reason": one.reason}
    ]


@pytest.mark.parametrize("name", [".gate.yaml", ".gate.yml", ".github/gate.yaml"])
@pytest.mark.parametrize("inside", [".", "deploy/production"])
def test_the_policy_of_the_check_is_never_found_for_the_deploy_step(
    name: str, inside: str, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    (deployment.folder / ".git").mkdir()
    (deployment.folder / ".github").mkdir()
    (deployment.folder / inside).mkdir(parents=True, exist_ok=True)
    deployment.check("cache")
    (deployment.folder / "policy.yaml").rename(deployment.folder / name)
    (deployment.folder / ".github/keys").symlink_to(deployment.folder / "keys")
    monkeypatch.chdir(deployment.folder / inside)
    options = replace(deployment.options("", "cache"), policy=None)
    pinned = deployment.folder / "apply.yaml"
    with pytest.raises(UsageError) as caught:
        run_admit(options, pinned=str(pinned))
    assert caught.value.code == "policy-not-for-admit"
    assert not pinned.exists()


def test_a_deploy_policy_is_found(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment.check("cache")
    (deployment.folder / "admit.yaml").rename(deployment.folder / ".gate.yaml")
    monkeypatch.chdir(deployment.folder)
    assert run_admit(replace(deployment.options("", "cache"), policy=None)).cleared


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


def per_image(fake: FakeRegistry) -> dict[str, int]:
    """Return how often each repository was asked for anything."""
    return dict(Counter(r.path.split("/")[3] for r in fake.requests))


def whole(deployment: Deployment, *manifests: str) -> Report:
    """Judge as `gate admit` does, with everything gathered."""
    judged = judge(
        deployment.options("admit.yaml", *manifests),
        datetime.now(UTC).replace(microsecond=0),
        digests_required=True,
    )
    judged.registry.close()
    return judged.report("admit")


def unrelated(deployment: Deployment, name: str, **annotations: str) -> None:
    """Attach ten bundles that prove nothing, with these annotations."""
    digest = Digest.parse((deployment.folder / f"{name}.yaml").read_text().split("@")[1].split()[0])
    for number in range(10):
        deployment.fake.attach(
            f"acme/{name}",
            digest,
            b'{"unrelated": %d}' % number,
            annotations={k.replace("_", "."): v for k, v in annotations.items()},
        )


def test_an_attached_pass_takes_three_requests_an_image_and_none_twice(
    deployment: Deployment,
) -> None:
    for name in NAMES:
        unrelated(deployment, name)
    deployment.check("cache", "shop")
    deployment.fake.requests.clear()
    assert deployment.admit("cache", "shop").cleared
    # What refers to the image, the manifest of the pass, and its bundle.
    assert per_image(deployment.fake) == dict.fromkeys(NAMES, 3)
    assert max(Counter(r.line for r in deployment.fake.requests).values()) == 1


def test_an_index_takes_no_more_requests_than_an_image(deployment: Deployment) -> None:
    fake = deployment.fake
    entries = [
        fake.entry("acme/shop", fake.image("acme/shop", platform), platform)
        for platform in ("linux/amd64", "linux/arm64")
    ]
    image = f"{fake.host}/acme/shop@{fake.index('acme/shop', '2.0', entries)}"
    key = str(deployment.folder / "keys/build.key")
    signing = Signing(key=key, trust_config=None, publish_private=False)
    run_sign(image, SIGNATURE, {}, signing, access=Access(plain_http=(fake.host,)))
    text = POD.replace("NAME", "shop").replace("IMAGE", image)
    (deployment.folder / "shop.yaml").write_text(text)
    deployment.check("shop")
    fake.requests.clear()
    assert deployment.admit("shop").cleared
    assert per_image(fake) == {"shop": 3}


def test_a_tag_that_is_pinned_takes_one_request_more(deployment: Deployment) -> None:
    path = deployment.folder / "cache.yaml"
    path.write_text(re.sub(r"@sha256:[0-9a-f]{64}", ":1.0", path.read_text()))
    deployment.check("cache")
    deployment.fake.requests.clear()
    options = deployment.options("admit.yaml", "cache")
    assert run_admit(options, pinned=str(deployment.folder / "pinned.yaml")).cleared
    assert per_image(deployment.fake) == {"cache": 4}


def test_without_the_referrers_api_the_tag_takes_one_request_more(deployment: Deployment) -> None:
    deployment.fake.referrers = False
    image = re.findall(r"image: (.*)", (deployment.folder / "cache.yaml").read_text())[0]
    key = str(deployment.folder / "keys/build.key")
    signing = Signing(key=key, trust_config=None, publish_private=False)
    run_sign(image, SIGNATURE, {}, signing, access=Access(plain_http=(deployment.fake.host,)))
    deployment.check("cache")
    deployment.fake.requests.clear()
    assert deployment.admit("cache").cleared
    assert per_image(deployment.fake) == {"cache": 4}


def test_annotations_that_lie_cost_requests_and_hide_no_pass(deployment: Deployment) -> None:
    deployment.check("cache")
    unrelated(
        deployment,
        "cache",
        dev_sigstore_bundle_predicateType="https://slsa.dev/verification_summary/v1",
        org_opencontainers_image_created="9999-01-01T00:00:00Z",
    )
    deployment.fake.requests.clear()
    assert deployment.admit("cache").cleared
    assert per_image(deployment.fake) == {"cache": 1 + 10 * 2 + 2}


def test_a_newer_pass_of_another_environment_hides_none_and_opens_nothing(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    admit = (deployment.folder / "admit.yaml").read_text()
    policy = deployment.folder / "policy.yaml"
    policy.write_text(policy.read_text().replace("environment: production", "environment: test"))
    deployment.check("cache")
    other = (deployment.folder / "admit.yaml").read_text()
    assert [code for code, _, _ in found(deployment.admit("cache"))] == ["pass-wrong-policy"]
    (deployment.folder / "admit.yaml").write_text(admit)
    assert other != admit
    assert deployment.admit("cache").cleared


@pytest.mark.parametrize("fault", [r"\.sig$", r"\.att$", r"manifests/sha256-[0-9a-f]{64}$"])
def test_what_is_not_needed_may_fail_and_what_is_missing_may_not(
    fault: str, deployment: Deployment
) -> None:
    deployment.check("cache")
    deployment.fake.script(fault, error(403, "DENIED"), forever=True)
    assert deployment.admit("cache").cleared
    report = deployment.admit("shop")
    codes = {f.code for f in report.findings if f.action == "block"}
    assert not report.cleared
    assert "pass-absent" not in codes


def test_a_pass_that_is_stored_twice_opens_where_one_of_the_places_refuses(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    deployment.fake.script("referrers", error(403, "DENIED"), forever=True)
    assert deployment.admit("cache").cleared


@pytest.mark.parametrize("fault", ["blobs", r"manifests/sha256:"])
def test_a_fault_on_the_way_to_the_pass_is_never_an_absent_pass(
    fault: str, deployment: Deployment
) -> None:
    deployment.check("cache")
    deployment.fake.script(fault, error(403, "DENIED"), forever=True)
    report = deployment.admit("cache")
    assert not report.cleared
    assert "pass-absent" not in {f.code for f in report.findings if f.action == "block"}


@pytest.mark.parametrize("passes", [(), ("cache",), ("cache", "shop"), (NAMES,)])
def test_the_verdict_is_that_of_gathering_everything(
    passes: tuple[str | tuple[str, ...], ...], deployment: Deployment
) -> None:
    deployment.check("cache")
    for one in passes:
        deployment.check(*((one,) if isinstance(one, str) else one))
    for manifests in (("cache",), ("shop",), NAMES):
        short, all_of_it = deployment.admit(*manifests), whole(deployment, *manifests)
        assert (short.exit_code, found(short)) == (all_of_it.exit_code, found(all_of_it))


def test_where_the_policy_asks_for_platforms_everything_is_gathered(
    deployment: Deployment,
) -> None:
    deployment.check("cache")
    admit = deployment.folder / "admit.yaml"
    admit.write_text(admit.read_text().replace("by: [gate]", "by: [gate]\n      on: platforms"))
    deployment.fake.requests.clear()
    assert deployment.admit("cache").cleared
    # The image, its referrers, three tags, the legacy form of the pass (a blob), and a
    # manifest and a blob for each of the signature and the pass.
    assert per_image(deployment.fake) == {"cache": 1 + 1 + 3 + 1 + 2 * 2}


def test_a_refusal_reads_every_place_and_asks_nothing_twice(deployment: Deployment) -> None:
    deployment.check("cache")
    deployment.fake.requests.clear()
    assert [code for code, _, _ in found(deployment.admit("shop"))] == ["pass-absent"]
    # The image, its referrers, three tags, and a manifest and a blob of the signature.
    assert per_image(deployment.fake) == {"shop": 1 + 1 + 3 + 2}
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

    turn_clock(monkeypatch, timedelta(days=1, seconds=1))
    assert [code for code, _, _ in found(deployment.admit("cache"))] == ["pass-too-old"]
