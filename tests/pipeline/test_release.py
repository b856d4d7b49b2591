"""What a run judges as one set, and what of it a pass has to cover."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.manifests import canonical
from gate.manifests.load import load_manifests
from gate.model.evidence import ImageEvidence, Unavailable
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.release import Release, ReleaseImage, release_of
from gate.model.review import ReviewedImage
from gate.pipeline.release import bind, to_cover, with_release
from gate.pipeline.stored import stored_objects
from gate.policy.document import Policy
from tests.builders.passes import GATE, OBJECT
from tests.builders.reviews import OTHER, POD, SHOP, load

EXEMPT = f"""\
version: 1
signers: {{ci: {{key: ci.pub}}}}
images:
  - match: ghcr.io/acme/shop
    pass: {{by: [ci], verifier: {GATE}, environment: production, max-age: 24h, manifests: images,
           policies: ["sha256:{"1" * 64}"]}}
  - match: ghcr.io/acme/other
    signature: {{by: [ci]}}
    without-pass: "built by others"
"""
NEEDED = EXEMPT.replace('    without-pass: "built by others"\n', "")


def looked(name: str) -> ReviewedImage:
    reference = ImageReference.parse(name)
    resolved = ResolvedImage(reference, Digest.of(reference.name.encode()))
    return ReviewedImage(name=name, reference=reference, uses=(), evidence=ImageEvidence(resolved))


BOTH = (looked(SHOP), looked(OTHER))
PARTS = tuple(
    ReleaseImage(name.partition(":")[0], Digest.of(name.partition(":")[0].encode()))
    for name in (SHOP, OTHER)
)


def covered(policy: Policy, *, stored: bool = False) -> tuple[Release, Release]:
    whole = release_of(PARTS, [OBJECT], stored=stored)
    return whole, to_cover(whole, BOTH, policy)


@pytest.mark.parametrize("stored", [False, True])
def test_a_pass_need_not_cover_an_image_that_is_admitted_without_one(stored: bool) -> None:  # noqa: FBT001  # a table of cases
    _, found = covered(load(EXEMPT), stored=stored)
    assert found == release_of(PARTS[:1], [OBJECT], stored=stored)


def test_a_pass_must_cover_every_image_where_none_is_admitted_without_one() -> None:
    whole, found = covered(load(NEEDED))
    assert found is whole


def test_an_image_without_an_entry_or_an_answer_is_not_left_out() -> None:
    whole = release_of(PARTS, [OBJECT])
    only_shop = load(EXEMPT.partition("  - match: ghcr.io/acme/other")[0])
    assert to_cover(whole, BOTH, only_shop) is whole
    away = replace(BOTH[1], evidence=Unavailable(OTHER, "timeout", "late", "run again"))
    assert to_cover(whole, (BOTH[0], away), load(EXEMPT)) is whole


@pytest.mark.parametrize("values", [False, True])
def test_the_objects_of_a_release_have_their_values_where_they_are_asked_for(values: bool) -> None:  # noqa: FBT001  # a table of cases
    manifests = load_manifests([("m.yaml", POD.replace("IMAGE", SHOP).encode())])
    release, unbound = bind([looked(SHOP)], manifests, values=values)
    assert [one.value.get("kind") for one in release.objects] == (["Pod"] if values else [None])
    assert (release.images, unbound) == (PARTS[:1], ())


def test_an_object_whose_image_is_not_known_is_left_out_and_those_after_it_are_not() -> None:
    text = "---\n".join(POD.replace("NAME", n).replace("IMAGE", i) for n, i in
                        (("a", OTHER), ("b", SHOP)))  # fmt: skip
    release, unbound = bind([looked(SHOP)], load_manifests([("m.yaml", text.encode())]))
    assert ([one.name for one in release.objects], unbound) == (["Pod/b"], ())


PARTED = """\
apiVersion: ops.example.org/v1
kind: Broker
metadata: {name: a}
spec:
  replicas: REPLICAS
  image:
    repository: ghcr.io/acme/shop
    tag: "1"
    digest: {image: "ghcr.io/acme/shop:1"}
"""


def test_an_object_with_an_image_inside_of_anothers_digest_is_bound_like_any_other() -> None:
    found = []
    for count in ("1", "2"):
        text = PARTED.replace("REPLICAS", count).encode()
        release, unbound = bind([looked(SHOP)], load_manifests([("m.yaml", text)]))
        assert ([one.name for one in release.objects], unbound) == (["Broker/a"], ())
        found.append(release.objects[0].digest)
    assert found[0] != found[1]


def test_a_defect_while_an_object_is_bound_leaves_no_object_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("spec")

    monkeypatch.setattr(canonical, "bound_value", broken)
    manifests = load_manifests([("m.yaml", POD.replace("IMAGE", SHOP).encode())])
    with pytest.raises(KeyError):
        bind([looked(SHOP)], manifests)
    with pytest.raises(KeyError):
        stored_objects(manifests, {SHOP: SHOP})


def test_an_object_that_no_digest_can_hold_is_a_finding_at_its_place() -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nx: {2**60}\n"
    release, unbound = bind([], load_manifests([("m.yaml", text.encode())]))
    assert release.objects == ()
    assert [(one.rule, str(one.object), one.action.value) for one in unbound] == [
        ("manifests", "ConfigMap/a", "block")
    ]


def test_what_has_no_evidence_learns_nothing_of_the_release() -> None:
    bare = replace(BOTH[0], evidence=None)
    whole = release_of(PARTS, [OBJECT])
    assert with_release(bare, whole, revocations=None) is bare
    known = with_release(BOTH[0], whole, revocations=None).evidence
    assert isinstance(known, ImageEvidence)
    assert known.release is whole
