"""The passes of many images are signed and stored at the same time, and told in their order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gate.cli.reads.signer import Signer
from gate.cli.runs.sign_passes import publish_passes, sign_passes
from gate.cli.writes.pass_files import SignedPasses
from gate.errors import RegistryError, SigningError
from gate.keys.private import generate
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.predicates.verification_summary import TYPES
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.route import LayoutRegistry, RoutedRegistry
from gate.signing.key import sign_statement
from gate.signing.statement import STATEMENT_TYPE, PassStatement
from tests.fakes.registry import FakeRegistry, error

KEY = generate()
SIGNER = Signer(sign=lambda payload: sign_statement(payload, KEY), key=KEY.public_key(), together=3)
NOTHING: Any = None
"""In place of the verdict and the issuer, which only the statement of a whole release needs."""


def stated(host: str, digests: list[Digest]) -> tuple[PassStatement, ...]:
    """Return a statement about each of these images, in order."""
    images = (
        ResolvedImage(ImageReference.parse(f"{host}/acme/shop{at}:1"), digest)
        for at, digest in enumerate(digests)
    )
    return tuple(
        PassStatement(
            image,
            json.dumps(
                {
                    "_type": STATEMENT_TYPE,
                    "subject": [{"name": image.repository, "digest": {"sha256": image.digest.hex}}],
                    "predicateType": TYPES[0],
                    "predicate": {"verificationResult": "PASSED"},
                }
            ).encode(),
        )
        for image in images
    )


FOUR = stated("ghcr.io", [Digest(f"{at}" * 64) for at in range(4)])


def signing(before: Callable[[int], object]) -> Signer:
    """Return a signer that is called with how many it signed before."""
    count = iter(range(100))

    def sign(payload: bytes) -> bytes:
        before(next(count))
        return sign_statement(payload, KEY)

    return replace(SIGNER, sign=sign)


def test_the_first_is_signed_alone_and_the_others_at_the_same_time() -> None:
    others = threading.Barrier(3)
    signer = signing(lambda number: number and others.wait(10))
    signed = sign_passes(FOUR, NOTHING, NOTHING, signer, whole=False)
    assert [one.statement for one in signed.passes] == list(FOUR)


def test_a_signer_that_signs_one_at_a_time_is_asked_by_one() -> None:
    busy = threading.Lock()

    def alone(_: int) -> None:
        assert busy.acquire(blocking=False)
        busy.release()

    signer = replace(signing(alone), together=1)
    assert len(sign_passes(FOUR, NOTHING, NOTHING, signer, whole=False).passes) == 4


def test_where_the_first_is_not_signed_nobody_is_asked_for_another() -> None:
    asked: list[int] = []

    def refuse(number: int) -> None:
        asked.append(number)
        raise SigningError("certificate-refused", "no", remedy="ask")

    with pytest.raises(SigningError):
        sign_passes(FOUR, NOTHING, NOTHING, signing(refuse), whole=False)
    assert asked == [0]


def stored(fake: FakeRegistry, passes: SignedPasses) -> tuple[str, ...]:
    configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
    with RegistryClient(configuration) as client:
        at = datetime(2026, 11, 29, tzinfo=UTC)
        return publish_passes(passes, RoutedRegistry(LayoutRegistry({}), client), SIGNER, at=at)[0]


def test_each_image_gets_its_own_and_they_are_told_in_order() -> None:
    with FakeRegistry() as fake:
        every = stated(fake.host, [fake.image(f"acme/shop{at}", "1") for at in range(12)])
        signed = sign_passes(every, NOTHING, NOTHING, SIGNER, whole=False)
        places = stored(fake, signed)
        assert [place.rpartition("@")[0] for place in places] == [
            f"{fake.host}/acme/shop{at}" for at in range(12)
        ]
        for at, one in enumerate(signed.passes):
            assert one.bundle in fake.blobs(f"acme/shop{at}").values()


def test_of_several_that_cannot_be_stored_the_first_is_told() -> None:
    with FakeRegistry() as fake:
        every = stated(fake.host, [fake.image(f"acme/shop{at}", "1") for at in range(6)])
        signed = sign_passes(every, NOTHING, NOTHING, SIGNER, whole=False)
        for at in (2, 4):
            denied = error(403, "DENIED")
            fake.script(f"POST /v2/acme/shop{at}/blobs/uploads/", denied, forever=True)
        with pytest.raises(RegistryError, match="acme/shop2"):
            stored(fake, signed)
