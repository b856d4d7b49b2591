"""What a run asks of its names and of its waivers."""

from __future__ import annotations

import pytest

from gate.model.artifact import NamedArtifact
from gate.model.evidence import Unavailable
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.kubernetes import ImageUse
from gate.model.verdict import Cleared
from gate.pipeline.plan import named_images
from tests.builders.reviews import POLICY, SHOP, Registry, judge

CHART = ImageReference.parse("ghcr.io/acme/chart:1")
READ = ResolvedImage(CHART, Digest("a" * 64))
LOST = Unavailable(str(CHART), "timeout", "it took too long", "run again")


def test_names_of_one_image_are_one_and_texts_that_are_no_name_are_each_their_own() -> None:
    done = judge(
        "redis:7", "b b", names=("docker.io/library/redis:7", "a a", "index.docker.io/redis:7")
    )
    assert [(i.name, len(i.uses)) for i in done.images] == [
        ("a a", 0),
        ("b b", 1),
        ("docker.io/library/redis:7", 1),
    ]


def use(image: str) -> ImageUse:
    done = judge(image)
    return done.images[0].uses[0]


@pytest.mark.parametrize("found", [READ, LOST])
def test_an_artifact_of_the_call_stays_what_was_found_of_it(
    found: ResolvedImage | Unavailable,
) -> None:
    artifact = NamedArtifact(reference=CHART, found=found)
    (image,) = named_images((), (), [artifact])
    assert (image.name, image.artifact) == (str(CHART), artifact)
    chart, shop = named_images([use(SHOP)], (), [artifact])
    assert (shop.name, shop.artifact, chart.artifact) == (SHOP, None, artifact)


def test_an_artifact_that_an_object_runs_is_no_image() -> None:
    (image,) = named_images([use(str(CHART))], (), [NamedArtifact(reference=CHART, found=READ)])
    assert image.artifact is not None
    found = image.artifact.found
    assert isinstance(found, Unavailable)
    assert (found.name, found.code) == (str(CHART), "not-an-image")
    (image,) = named_images([use(str(CHART))], (), [NamedArtifact(reference=CHART, found=LOST)])
    assert image.artifact is not None
    assert image.artifact.found is LOST


WAIVER = f"""\
waivers:
  - {{check: signature, finding: signature-absent, owner: a, reason: b, expires: 2026-12-01,
     image: "ghcr.io/acme/NAME@{Digest.of(b"ghcr.io/acme/shop")}"}}
"""


@pytest.mark.parametrize(("name", "idle"), [("shop", False), ("other", True)])
def test_a_waiver_that_excuses_nothing_of_its_image_is_told(name: str, *, idle: bool) -> None:
    unsigned = Registry(unsigned=frozenset({"ghcr.io/acme/shop"}))
    done = judge(SHOP, registry=unsigned, policy=POLICY + WAIVER.replace("NAME", name))
    assert isinstance(done.verdict, Cleared) is not idle
    assert [r.question.check for r in done.verdict.results].count("waivers") == int(idle)
