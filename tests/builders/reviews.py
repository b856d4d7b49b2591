"""What several tests make of reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gate.checks import CHECKS
from gate.lint.settings import check_rules, lint_settings
from gate.manifests.load import load_manifests
from gate.model.evidence import Attached, AttachedKind, Rejection, Storage, VerifiedAttestation
from gate.model.identity import KeyIdentity
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.predicates import ImageSignature, Predicate
from gate.model.review import Review
from gate.pipeline.review import review
from gate.policy.document import Policy
from gate.policy.load import load_policy
from gate.registry.attempt import Told

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


POLICY = """\
version: 1
signers: {ci: {key: ci.pub}}
registries: {allow: [ghcr.io/acme]}
images:
  - match: ghcr.io/acme/**
    signature: {by: [ci]}
"""


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  containers:
    - name: main
      image: IMAGE
"""


@dataclass
class Registry:
    """Holds a signature for every image that is not in `unsigned`, and fails as told."""

    unsigned: frozenset[str] = frozenset()
    failing: Mapping[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        self.asked.append(reference.name)
        if reference.name in self.failing:
            raise self.failing[reference.name]
        return ResolvedImage(reference, reference.digest or Digest.of(reference.name.encode()))

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        del wanted
        if image.repository in self.unsigned:
            return ()
        content = image.repository.encode()
        return (Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, image.digest),)

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        raise AssertionError(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        raise AssertionError(image)


class Verifier:
    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        return VerifiedAttestation(
            predicate=ImageSignature(),
            predicate_type="https://sigstore.dev/cosign/sign/v1",
            signers=("ci",),
            identity=KeyIdentity(Digest("1" * 64)),
            subject=image.digest,
            times=(),
            attached=attached.digest,
            storage=attached.storage,
        )


def load(text: str) -> Policy:
    return load_policy(
        text.encode(),
        "p.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: b"",
    )


def judge(
    *images: str,
    registry: Registry | None = None,
    verifier: Verifier | None = None,
    policy: str = POLICY,
    names: tuple[str, ...] = (),
    digests_required: bool = False,
    keeps: bool = False,
) -> Review:
    text = "---\n".join(
        POD.replace("NAME", f"p{i}").replace("IMAGE", image) for i, image in enumerate(images)
    )
    loaded = load(policy)
    return review(
        load_manifests([("m.yaml", text.encode())] if images else []),
        names,
        loaded,
        registry=registry or Registry(),
        verifier=verifier or Verifier(),
        rules=lint_settings(loaded.manifests) if loaded.manifests else None,
        now=NOW,
        digests_required=digests_required,
        keeps=keeps,
    )


SHOP, OTHER = "ghcr.io/acme/shop:1", "ghcr.io/acme/other:1"
