"""No more evidence than opens every image: what is asked first, where the checks allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from gate.manifests.load import load_manifests
from gate.model.artifact import NamedArtifact
from gate.model.evidence import (
    Attached,
    AttachedKind,
    ImageEvidence,
    Rejection,
    Storage,
    Unavailable,
    VerifiedAttestation,
)
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import ReviewedImage
from gate.pipeline.first import gather_first, until_open
from tests.builders.passes import GATE, POLICY, signed, summary
from tests.builders.reviews import NOW, Registry, Verifier, load

TAGGED = "ghcr.io/acme/shop:1"
HELD = Digest.of(b"ghcr.io/acme/shop")
PINNED = f"ghcr.io/acme/shop@{HELD}"
DEPLOY = f"""\
version: 1
signers: {{ci: {{key: ci.pub}}}}
images:
  - match: ghcr.io/acme/**
    signature: {{by: [ci]}}
    pass: {{by: [ci], verifier: {GATE}, environment: production, policies: ["{POLICY}"],
           max-age: 24h, manifests: images}}
"""
BAD, SIGNATURE, PASS, MORE = b"bad", b"signature", b"pass", b"more"


@dataclass
class Ordered(Registry):
    """Holds things in an order, and tells which of them were asked for."""

    holds: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    given: list[bytes] = field(default_factory=list)

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        for content in self.holds.get(image.repository, (BAD, SIGNATURE, PASS, MORE)):
            self.given.append(content)
            yield Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, image.digest)


class Judging(Verifier):
    """Takes a content for what it says it is."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        signature = super().verify(attached, image)
        if attached.content == BAD:
            kind, storage = attached.kind, attached.storage
            return Rejection(attached.digest, "unsigned", "it is bare", kind, storage, image.digest)
        if attached.content == SIGNATURE:
            return signature
        said = summary(resource=f"{image.repository}@{image.digest}", images=IMAGES)
        return replace(signed(said), subject=image.digest, attached=attached.digest)


OTHER = "ghcr.io/acme/other"
IMAGES = (PINNED, f"{OTHER}@{Digest.of(OTHER.encode())}")


def named(text: str, artifact: ResolvedImage | Unavailable | None = None) -> ReviewedImage:
    reference = ImageReference.parse(text)
    made = NamedArtifact(reference=reference, found=artifact) if artifact else None
    return ReviewedImage(name=text, reference=reference, uses=(), artifact=made)


def first(
    *images: ReviewedImage, registry: Registry, told: list[ImageReference] | None = None
) -> list[ReviewedImage] | None:
    return gather_first(
        images,
        manifests=load_manifests([]),
        policy=load(DEPLOY),
        now=NOW,
        registry=registry,
        verifier=Judging(),
        progress=(told if told is not None else []).append,
    )


def found(images: list[ReviewedImage] | None) -> list[tuple[str, list[Digest]]] | None:
    """Return of each image how many attestations open it, by the digests of their bytes."""
    if images is None:
        return None
    evidence = [i.evidence for i in images if isinstance(i.evidence, ImageEvidence)]
    return [(str(e.image), sorted(a.attached for a in e.attestations)) for e in evidence]


def test_what_opens_an_image_is_asked_for_and_nothing_after_it() -> None:
    registry = Ordered()
    expected = sorted(map(Digest.of, (SIGNATURE, PASS)))
    assert found(first(named(TAGGED), registry=registry)) == [(PINNED, expected)]
    assert registry.given == [BAD, SIGNATURE, PASS]


def test_an_image_that_nothing_opens_ends_the_look_at_all_of_them() -> None:
    for holds in ((SIGNATURE,), (PASS,), (BAD,), ()):
        registry = Ordered(holds={OTHER: holds})
        assert first(named(TAGGED), named(f"{OTHER}:1"), registry=registry) is None
    images = first(named(TAGGED), named(f"{OTHER}:1"), registry=Ordered())
    assert [name for name, _ in found(images) or ()] == list(IMAGES)


def test_a_tag_is_resolved_and_a_digest_is_what_it_says() -> None:
    for name, asked in ((TAGGED, ["ghcr.io/acme/shop"]), (PINNED, [])):
        registry, told = Ordered(), list[ImageReference]()
        images = first(named(name), registry=registry, told=told)
        assert [image for image, _ in found(images) or ()] == [PINNED]
        assert (registry.asked, told) == (asked, [ImageReference.parse(name)])


def test_an_artifact_is_what_was_read_of_it() -> None:
    read = ResolvedImage(ImageReference.parse(TAGGED), HELD)
    registry = Ordered()
    assert [i for i, _ in found(first(named(TAGGED, read), registry=registry)) or ()] == [PINNED]
    assert registry.asked == []
    lost = Unavailable(TAGGED, "timeout", "it took too long", "run again")
    assert first(named(PINNED, lost), registry=registry) is None


@pytest.mark.parametrize(
    "evidence", [None, Unavailable(TAGGED, "timeout", "it took too long", "run again")]
)
def test_an_image_that_is_not_known_is_not_opened(evidence: Unavailable | None) -> None:
    image = replace(named(TAGGED), evidence=evidence)
    assert until_open(image, load(DEPLOY), NOW, Ordered(), Judging()) is None


def test_a_name_that_is_no_reference_and_whatever_breaks_leave_it_to_gathering_everything() -> None:
    nameless = replace(named(TAGGED), reference=None)
    assert first(nameless, registry=Ordered()) is None
    broken = Ordered(failing={"ghcr.io/acme/shop": KeyError("x")})
    assert first(named(TAGGED), registry=broken) is None
