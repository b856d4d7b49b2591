"""What is recorded of an admitted release."""

from __future__ import annotations

import json
from dataclasses import replace

from gate.manifests.load import load_manifests
from gate.model.image import Digest
from gate.model.review import Review
from gate.pipeline.deployed import LONGEST, deployment_records
from gate.pipeline.review import review
from tests.builders.reviews import NOW, OTHER, POLICY, SHOP, Registry, Verifier, judge, load

DEPLOY = f"""\
version: 1
signers: {{gate: {{key: gate.pub}}}}
images:
  - match: ghcr.io/acme/shop
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["sha256:{"0" * 64}"]
      max-age: 24h
      manifests: images
  - {{match: "**", signature: {{by: [gate]}}, without-pass: signed by its publisher}}
"""
POD = {"containers": [{"name": "main", "image": SHOP}]}


def admitted(*objects: tuple[str, str, str]) -> Review:
    """Return the review of objects of a kind, a namespace and a name that run an image."""
    specs = {"Pod": POD, "Job": {"template": {"spec": POD}}}
    files = [
        (
            f"{number}.json",
            json.dumps(
                {
                    "apiVersion": "batch/v1" if kind == "Job" else "v1",
                    "kind": kind,
                    "metadata": {"name": name, "namespace": namespace},
                    "spec": specs[kind],
                }
            ).encode(),
        )
        for number, (kind, namespace, name) in enumerate(objects)
    ]
    return review(
        load_manifests(files),
        (),
        load(POLICY),
        registry=Registry(),
        verifier=Verifier(),
        rules=None,
        now=NOW,
    )


def names(done: Review) -> list[str]:
    return [record.deployment for record in deployment_records(done, load(DEPLOY))]


def test_each_place_of_an_image_with_a_pass_is_recorded() -> None:
    records = deployment_records(judge(SHOP, OTHER), load(DEPLOY))
    assert [(r.deployment, r.name, r.digest, r.version, r.environment) for r in records] == [
        (
            "p0-main",
            "ghcr.io/acme/shop",
            Digest.of(b"ghcr.io/acme/shop"),
            "1",
            "production",
        )
    ]


def test_nothing_is_recorded_of_a_release_that_is_blocked() -> None:
    assert names(judge(SHOP, "quay.io/x/y:1")) == []


def test_an_image_of_the_call_is_recorded_by_its_repository_and_without_a_tag_as_no_version() -> (
    None
):
    (record,) = deployment_records(judge(names=("ghcr.io/acme/shop",)), load(DEPLOY))
    assert (record.deployment, record.version) == ("acme-shop", "")
    (record,) = deployment_records(
        judge(names=("ghcr.io/acme/shop",)), load(DEPLOY.replace("acme/shop\n", "acme/**\n"))
    )
    assert record.environment == "production"


def test_an_image_without_evidence_or_without_a_reference_is_not_recorded() -> None:
    done = judge(SHOP)
    (image,) = done.images
    for bare in (replace(image, evidence=None), replace(image, reference=None)):
        assert names(replace(done, images=(bare,))) == []


def test_of_two_places_with_one_name_each_has_its_kind_in_it() -> None:
    pod, job = ("Pod", "shop", "web"), ("Job", "shop", "web")
    assert names(admitted(pod, ("Job", "shop", "api"))) == ["shop-api-main", "shop-web-main"]
    assert names(admitted(pod, job)) == ["shop-web-main-Job", "shop-web-main-Pod"]


def test_of_two_places_of_one_kind_with_one_name_each_is_told_apart_by_a_digest() -> None:
    one, other = ("Pod", "shop", "web-api"), ("Pod", "shop-web", "api")
    told = [
        "shop-web-api-main-" + Digest.of(repr(("Pod", space, name, "main")).encode()).hex[:16]
        for _, space, name in (one, other)
    ]
    assert names(admitted(one, other)) == sorted(told)
    third = ("Job", "shop", "web-api")
    assert names(admitted(one, other, third)) == sorted([*told, "shop-web-api-main-Job"])


def test_a_name_that_is_too_long_is_cut_and_stays_one_of_its_own() -> None:
    longest = "w" * (LONGEST - len("shop--main"))
    assert names(admitted(("Pod", "shop", longest))) == [f"shop-{longest}-main"]
    for letter in "ab":
        whole = f"shop-{longest}{letter}-main"
        (cut,) = names(admitted(("Pod", "shop", f"{longest}{letter}")))
        assert cut == f"{whole[:239]}-{Digest.of(whole.encode()).hex[:16]}"
        assert len(cut) == LONGEST


def placed(*places: tuple[str, str | None]) -> Review:
    """Return the review of an image in Pods without a namespace, each a name and a container."""
    done = judge(SHOP)
    (image,) = done.images
    (use,) = image.uses
    uses = tuple(
        replace(use, object=replace(use.object, name=name), container=container)
        for name, container in places
    )
    return replace(done, images=(replace(image, uses=uses),))


def test_a_place_that_has_no_name_is_called_by_its_kind() -> None:
    assert names(placed(("", None))) == ["Pod"]
    assert names(placed(("", "main"))) == ["main"]
    assert names(placed(("web", None))) == ["web"]


def test_what_a_place_lacks_tells_it_apart_from_others_too() -> None:
    told = [
        "web-main-" + Digest.of(repr(("Pod", "", *place)).encode()).hex[:16]
        for place in (("web-main", ""), ("web", "main"))
    ]
    assert names(placed(("web-main", None), ("web", "main"))) == sorted(told)


def test_an_image_that_no_entry_is_about_is_not_recorded() -> None:
    only = DEPLOY.partition("  - {match")[0]
    assert names(judge(SHOP)) == ["p0-main"]
    other = deployment_records(judge(SHOP, OTHER), load(only))
    assert [record.name for record in other] == ["ghcr.io/acme/shop"]
