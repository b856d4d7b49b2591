"""Between environments: the pass of the one is asked for, and that of the next is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_admit
from gate.cli.runs.prepare import Options
from gate.cli.runs.promote import Promotion, run_promote
from gate.errors import GateError
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest
from tests.acceptance.door import Door, door
from tests.fakes.registry import FakeRegistry

PROMOTE = """\
version: 1
verifier: https://acme.example/gate
signers: {gate: {key: keys/gate.pub}}
registries: {allow: [HOST/acme]}
images:
  - match: HOST/acme/*
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: ENVIRONMENT
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
pass: {environment: production, valid-for: 24h, sign: {key: keys/promoter.key}}
"""
ADMIT = """\
version: 1
signers: {promoter: {key: keys/promoter.pub}}
images:
  - match: "**"
    pass:
      by: [promoter]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
"""


@dataclass(frozen=True)
class Stages:
    here: Door
    fake: FakeRegistry
    digest: Digest

    def policy(self, environment: str = "production") -> str:
        """Write the policy of a promotion from an environment; return its path."""
        asked = (self.here.folder / "admit.yaml").read_text()
        judged = asked.partition('policies: ["')[2].partition('"')[0]
        text = PROMOTE.replace("HOST", self.fake.host).replace("DIGEST", judged)
        path = self.here.folder / "promote.yaml"
        path.write_text(text.replace("ENVIRONMENT", environment))
        return str(path)

    def promote(self, to: str, **more: str) -> int:
        asked = Promotion(
            source=f"{self.fake.host}/acme/shop:1.0",
            destination=to,
            access=Access(plain_http=(self.fake.host,)),
        )
        return run_promote(replace(asked, **more))  # type: ignore[arg-type]  # texts

    def admitted(self, name: str) -> bool:
        """Whether production lets an image in, by the pass that a promotion signed."""
        promoting = find_policy(self.policy(), None)
        path = self.here.folder / "production.yaml"
        path.write_text(ADMIT.replace("DIGEST", str(promoting.digest)))
        access = Access(plain_http=(self.fake.host,))
        return run_admit(Options(images=(name,), policy=str(path), access=access)).cleared


@pytest.fixture
def stages(tmp_path: Path) -> Iterator[Stages]:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        made = Stages(door(tmp_path, fake.host, f"{fake.host}/acme/shop@{digest}"), fake, digest)
        promoter = generate()
        (tmp_path / "keys/promoter.key").write_bytes(private_pem(promoter))
        (tmp_path / "keys/promoter.key").chmod(0o600)
        (tmp_path / "keys/promoter.pub").write_bytes(public_pem(promoter.public_key()))
        yield made


def test_what_the_policy_clears_is_promoted_with_the_pass_of_the_next_environment(
    stages: Stages, capsys: pytest.CaptureFixture[str]
) -> None:
    there = f"{stages.fake.host}/acme/production"
    assert not stages.admitted(f"{stages.fake.host}/acme/shop@{stages.digest}")
    stages.fake.requests.clear()
    assert stages.promote(f"{there}:1.0", policy=stages.policy()) == 0
    assert "pass      for production, signed" in capsys.readouterr().out
    assert stages.admitted(f"{there}@{stages.digest}")
    # The pass names its place, so it opens no other, and it is there before the tag is.
    assert not stages.admitted(f"{stages.fake.host}/acme/shop@{stages.digest}")
    writes = [r.path for r in stages.fake.requests if r.method == "PUT"]
    assert writes[-1] == "/v2/acme/production/manifests/1.0"


def test_what_the_policy_does_not_clear_is_not_copied(
    stages: Stages, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = stages.policy("testing")
    assert stages.promote(f"{stages.fake.host}/acme/production", policy=policy) == 1
    printed = capsys.readouterr().out
    assert "pass-wrong-environment" in printed
    assert printed.endswith("nothing was copied\n")
    assert not stages.fake.blobs("acme/production")
    assert not stages.fake.tags("acme/production")


@pytest.mark.parametrize(
    ("to", "more", "code"),
    [
        ("elsewhere/shop", {}, "promote-not-covered"),
        ("acme/team/shop", {}, "promote-not-covered"),
        ("acme/production", {"policy_digest": f"sha256:{'0' * 64}"}, "policy-digest-mismatch"),
    ],
)
def test_a_call_that_the_policy_does_not_fit_copies_nothing(
    stages: Stages, to: str, more: dict[str, str], code: str
) -> None:
    with pytest.raises(GateError) as error:
        stages.promote(f"{stages.fake.host}/{to}", policy=stages.policy(), **more)
    assert error.value.code == code
    assert not stages.fake.blobs(to)


def test_a_digest_of_no_policy_is_a_wrong_call(stages: Stages) -> None:
    with pytest.raises(GateError) as error:
        stages.promote(f"{stages.fake.host}/acme/production", policy_digest=f"sha256:{'0' * 64}")
    assert error.value.code == "promote-without-policy"


def test_a_pass_that_cannot_be_signed_leaves_the_tag_where_it_was(stages: Stages) -> None:
    policy = stages.policy()
    (stages.here.folder / "keys/promoter.key").write_text("no key")
    with pytest.raises(GateError):
        stages.promote(f"{stages.fake.host}/acme/production:1.0", policy=policy)
    assert "1.0" not in stages.fake.tags("acme/production")
