"""An image that is scanned, checked and admitted night after night stays decidable, and small."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from benchmarks.nights import Nights, at, prepare, scan, simulate
from gate.cli.reads.places import Access, open_registry
from gate.cli.runs.check import run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.prune import run_prune
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.errors import RegistryError
from gate.keys.private import generate, private_pem
from gate.model.image import ImageReference
from gate.model.report import PassState
from gate.pipeline.superseded import REPLACEABLE
from gate.registry.bounds import BOUNDS
from gate.registry.write.publish import RepositoryPublisher
from gate.registry.write.remove import Remover
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.index_layout import write_index
from tests.fakes.registry import FakeRegistry

NIGHTS = 4
SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"


def image_of(fake: FakeRegistry) -> str:
    return f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"


def every_night(done: Nights) -> tuple[int, int, list[str]]:
    return done.cleared, done.admitted, done.undecided


@pytest.mark.parametrize("referrers", [True, False])
def test_a_registry_holds_no_more_after_many_nights_than_after_one(
    tmp_path: Path, *, referrers: bool
) -> None:
    prepare(tmp_path)
    held: list[int] = []
    with FakeRegistry(referrers=referrers) as fake:
        tell = lambda _: held.append(fake.stored("acme/shop")["manifests"])  # noqa: E731  # short
        done = simulate(tmp_path, image_of(fake), NIGHTS, tell)
    assert every_night(done) == (NIGHTS, NIGHTS, [])
    # The image, its signature, a scan, a pass, `.att`, and a list where the API is missing; and
    # what the first night wrote over, when there was nothing to replace.
    assert held == [5 + 1 if referrers else 6 + 3] * NIGHTS


@pytest.mark.parametrize("deletes", [True, False])
def test_on_a_real_registry_every_night_is_decided(tmp_path: Path, *, deletes: bool) -> None:
    prepare(tmp_path)
    write_index(tmp_path / "images")
    with debian_registry(tmp_path, deletes=deletes) as registry:
        registry.copy(f"oci:{tmp_path / 'images'}:1.0", "acme/shop:1.0", every_platform=True)
        reference = ImageReference.parse(f"{registry.host}/acme/shop:1.0")
        access = Access(plain_http=(registry.host,))
        with closing(open_registry(access)[0]) as opened:
            image = opened.resolve(reference)
            done = simulate(tmp_path, str(image), 2)
            left = list(Remover(opened).stored(image, REPLACEABLE, 99))
    assert every_night(done) == (2, 2, [])
    assert len(left) == 4  # the scan and the pass of the last night, in two forms each


def test_where_nothing_can_be_deleted_gate_warns_at_half_and_writes_nothing_past_its_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(tmp_path)
    bounds = {"bounds": replace(BOUNDS, entries=7)}
    with (
        FakeRegistry(deletes=False) as fake,
        mock.patch.object(RepositoryPublisher.__init__, "__kwdefaults__", bounds),
    ):
        image, access = image_of(fake), Access(plain_http=(fake.host,))
        # The signature, and a scan and a pass for each night: seven entries, which is the bound.
        assert every_night(simulate(tmp_path, image, 3)) == (3, 3, [])
        assert capsys.readouterr().err.count("[attestations-nearly-full]") == 4
        before = fake.stored("acme/shop")
        ci = Signing(key=str(tmp_path / "ci.key"), trust_config=None, publish_private=False)
        with pytest.raises(RegistryError) as refused:
            run_sign(image, SCAN, scan(datetime.now(UTC)), ci, access=access)
        assert refused.value.code == "too-many"
        assert "Delete attestations" in refused.value.remedy
        assert fake.stored("acme/shop")["manifests"] == before["manifests"]
        asked = Options(images=(image,), policy=str(tmp_path / "policy.yaml"), access=access)
        later = datetime.now(UTC) + timedelta(days=3)
        with at(later):
            report = run_check(asked).report
    assert {finding.code for finding in report.findings} == {"scan-too-old"}


def test_prune_lists_first_and_takes_off_what_is_superseded_when_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(tmp_path)
    with FakeRegistry(deletes=False) as fake:
        image, access = image_of(fake), Access(plain_http=(fake.host,))
        simulate(tmp_path, image, 3)
        stranger = tmp_path / "stranger.key"
        stranger.write_bytes(private_pem(generate()))
        stranger.chmod(0o600)
        signing = Signing(key=str(stranger), trust_config=None, publish_private=False)
        run_sign(image, "https://acme.example/x", {}, signing, access=access)
        policy = str(tmp_path / "policy.yaml")
        before = fake.stored("acme/shop")["manifests"]
        capsys.readouterr()

        assert run_prune(image, policy, access, keep=1, delete=True) == 1
        assert "does not let this login delete 2 of them" in capsys.readouterr().err
        fake.deletes = True
        assert run_prune(image, policy, access, keep=2, delete=False) == 0
        assert "1 superseded" in capsys.readouterr().out
        assert run_prune(image, policy, access, keep=1, delete=False) == 0
        said = capsys.readouterr().out
        assert "2 superseded" in said
        assert said.endswith("nothing was removed; --yes removes them\n")
        assert fake.stored("acme/shop")["manifests"] == before

        assert run_prune(image, policy, access, keep=1, delete=True) == 0
        assert capsys.readouterr().out.endswith("2 removed\n")
        assert run_prune(image, policy, access, keep=1, delete=True) == 0
        assert "0 superseded" in capsys.readouterr().out


def test_a_release_of_several_images_waits_once_for_all_of_its_lists(
    tmp_path: Path,
) -> None:
    prepare(tmp_path)
    with FakeRegistry() as fake:
        access = Access(plain_http=(fake.host,))
        images = [f"{fake.host}/acme/{n}@{fake.image(f'acme/{n}', '1.0')}" for n in ("a", "b", "c")]
        ci = Signing(key=str(tmp_path / "ci.key"), trust_config=None, publish_private=False)
        for image in images:
            run_sign(image, SIGNATURE, {}, ci, access=access)
        policy = tmp_path / "signed.yaml"
        policy.write_text(
            "version: 1\nverifier: https://acme.example/gate\nsigners: {ci: {key: ci.pub}}\n"
            'images: [{match: "**", signature: {by: [ci]}}]\n'
            "pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}\n"
        )
        asked = Options(images=images, policy=str(policy), access=access)
        clock = datetime.now(UTC) - timedelta(hours=2)
        for night in range(2):
            with at(clock + timedelta(hours=night)) as waits:
                report = run_check(asked, renew=True).report
            assert report.passed is not None
            assert report.passed.state is PassState.SIGNED
        assert report.passed is not None
        assert report.passed.note == "older passes that it replaces are gone from 6 places"
        assert waits.call_count == 2  # after what was written, and after what was taken off
