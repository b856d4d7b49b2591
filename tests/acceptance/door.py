"""A cleared image at a door that asks for the list of ended passes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gate.cli.demo.release import Keys
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.signer import key_signer
from gate.cli.runs.check import run_admit, run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.revoke import Revoking, run_revoke
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.errors import GateError
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.revocations import RevocationList
from gate.predicates.revocations import MEDIA_TYPE, write
from gate.predicates.statement import statement_about
from gate.registry.write.publish import RepositoryPublisher
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.index_layout import write_index
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry, descriptor, encode

CHECK = """\
version: 1
verifier: https://acme.example/gate
signers: {build: {key: keys/build.pub}}
images: [{match: "**", signature: {by: [build]}}]
pass: {environment: production, valid-for: 24h, sign: {key: keys/gate.key}}
"""
ADMIT = """\
version: 1
signers: {gate: {key: keys/gate.pub}, security: {key: keys/security.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
revocations: {from: "HOST/security/revocations:production", by: [security], max-age: 1h}
"""
LIST = "security/revocations"


@dataclass(frozen=True)
class Door:
    """A cleared image at a door that asks for the list."""

    folder: Path
    host: str
    image: str
    registries: str | None = None
    """The file that says how registries are reached."""

    def access(self, home: str = "home") -> Access:
        environ = {"XDG_STATE_HOME": str(self.folder / home)}
        return Access(plain_http=(self.host,), environ=environ, registries=self.registries)

    def admit(self, home: str = "home") -> list[str]:
        """Return the codes that block; none where the image is admitted."""
        report = run_admit(
            Options(
                images=(self.image,),
                policy=str(self.folder / "admit.yaml"),
                access=self.access(home),
            )
        )
        codes = [f.code for f in report.findings if f.action == "block"]
        return codes or ([] if report.cleared else [u.outcome.code for u in report.undecided])

    def revoke(self, *, key: str = "security", home: str = "home", **asked: object) -> int:
        signing = Signing(
            key=str(self.folder / f"keys/{key}.key"), trust_config=None, publish_private=False
        )
        plain = Revoking(
            policy=str(self.folder / "admit.yaml"), signing=signing, access=self.access(home)
        )
        return run_revoke(replace(plain, **asked), self.folder / "nobody")  # type: ignore[arg-type]  # fields of a list, as each test names them

    def refused(self, **asked: object) -> str:
        with pytest.raises(GateError) as error:
            self.revoke(**asked)  # type: ignore[arg-type]  # fields of a list, as each test names them
        return error.value.code


def door(folder: Path, host: str, image: str) -> Door:
    keys = Keys()
    keys.write(folder / "keys")
    (folder / "keys/build.key").write_bytes(private_pem(keys.build))
    security = generate()
    (folder / "keys/security.key").write_bytes(private_pem(security))
    (folder / "keys/security.pub").write_bytes(public_pem(security.public_key()))
    (folder / "policy.yaml").write_text(CHECK)
    made = Door(folder, host, image)
    signing = Signing(key=str(folder / "keys/build.key"), trust_config=None, publish_private=False)
    run_sign(image, SIGNATURE, {}, signing, access=made.access())
    options = Options(images=(image,), policy=str(folder / "policy.yaml"), access=made.access())
    done = run_check(options).report
    assert done.cleared
    assert done.policy is not None
    text = ADMIT.replace("DIGEST", str(done.policy.digest)).replace("HOST", host)
    (folder / "admit.yaml").write_text(text)
    return made


@contextmanager
def on_the_fake(folder: Path) -> Iterator[Door]:
    with FakeRegistry() as fake:
        yield door(folder, fake.host, f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}")


@contextmanager
def on_distribution(folder: Path) -> Iterator[Door]:
    (folder / "registry").mkdir()
    with debian_registry(folder / "registry") as registry:
        write_index(folder / "layout")
        registry.copy(f"oci:{folder / 'layout'}:1.0", "acme/shop:1.0", every_platform=True)
        index = json.loads((folder / "layout/index.json").read_bytes())
        digest = index["manifests"][0]["digest"]
        yield door(folder, registry.host, f"{registry.host}/acme/shop@{digest}")


LISTS = itertools.count()


def put_list(
    here: Door, fake: FakeRegistry, *, key: str | None = "security", **changed: object
) -> None:
    """Put a list in place as somebody could who may write to the registry."""
    now = datetime.now(UTC).replace(microsecond=0)
    # No two lists are the same bytes: what was attached to one would count for the other.
    expires = now + timedelta(days=7, seconds=next(LISTS))
    made = RevocationList(f"{here.host}/{LIST}:production", 1, now, expires)
    content = write(replace(made, **changed))  # type: ignore[arg-type]  # fields of a list, as each test names them
    fake.blob(LIST, b"{}")
    fake.blob(LIST, content)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": MEDIA_TYPE,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [descriptor(MEDIA_TYPE, content)],
    }
    digest = fake.manifest(LIST, encode(manifest), OCI_MANIFEST, tag="production")
    if key is not None:
        sign_list(here, digest, key)


def sign_list(here: Door, digest: Digest, key: str) -> None:
    """Attach a signature to the list, as `gate sign` would to an image."""
    registry, _ = open_registry(here.access())
    image = ResolvedImage(ImageReference.parse(f"{here.host}/{LIST}:production"), digest)
    signer = key_signer((here.folder / f"keys/{key}.key").read_bytes())
    bundle = signer.sign(statement_about(image, SIGNATURE, {}))
    now = datetime.now(UTC)
    RepositoryPublisher(registry).push_bundle(image, bundle, predicate_type=SIGNATURE, created=now)
    registry.close()
