"""A pass that is there already and still holds is not signed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import rfc8785

from gate.cli.reads.signer import Signer
from gate.cli.runs.still_good import still_good
from gate.errors import RegistryError
from gate.keys.private import generate
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.words import timestamp
from gate.predicates.verification_summary import EXTENSION, TYPES
from gate.signing.key import sign_statement
from gate.signing.statement import STATEMENT_TYPE, PassStatement
from tests.builders.reviews import NOW, Registry

IMAGE = ResolvedImage(ImageReference.parse("ghcr.io/acme/shop:1"), Digest("ab" * 32))
KEY, OTHER = generate(), generate()
SIGNER = Signer(sign=lambda payload: sign_statement(payload, KEY), key=KEY.public_key())
HOUR = timedelta(hours=1)
NOTHING: Mapping[str, object] = {}


def payload(made: float = 0, changed: Mapping[str, object] = NOTHING) -> bytes:
    """Return a statement made so many hours ago, good for 24 hours."""
    at = NOW - made * HOUR
    predicate: dict[str, Any] = {
        "verifier": {"id": "https://acme.example/gate"},
        "timeVerified": timestamp(at),
        f"{EXTENSION}notAfter": timestamp(at + 24 * HOUR),
        "resourceUri": str(IMAGE),
        "policy": {"digest": {"sha256": "cd" * 32}},
        "verificationResult": "PASSED",
        "verifiedLevels": [],
        f"{EXTENSION}release": f"sha256:{'ef' * 32}",
        "inputAttestations": [{"digest": {"sha256": "12" * 32}}],
    }
    return rfc8785.dumps(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": IMAGE.repository, "digest": {"sha256": IMAGE.digest.hex}}],
            "predicateType": TYPES[0],
            "predicate": predicate | dict(changed),
        }
    )


@dataclass
class Stored(Registry):
    """What hangs on the image, in order."""

    contents: tuple[bytes, ...] = ()
    then: Exception | None = None

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        for content in self.contents:
            yield Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, image.digest)
        if self.then:
            raise self.then


def bundle(stated: bytes, key: Any = KEY) -> bytes:  # noqa: ANN401  # any private key
    return sign_statement(stated, key)


def found(*contents: bytes, then: Exception | None = None, signer: Signer = SIGNER) -> str | None:
    stated = PassStatement(IMAGE, payload())
    held = still_good(stated, Stored(contents=contents, then=then), signer, NOW)
    return None if held is None else f"{held.bundle} {timestamp(held.ends)}"


@pytest.mark.parametrize("made", [0, 11, 12])
def test_a_pass_that_says_the_same_and_has_half_of_its_time_left_is_still_good(made: int) -> None:
    stored = bundle(payload(made))
    ends = timestamp(NOW + (24 - made) * HOUR)
    assert found(b"no bundle", stored) == f"{Digest.of(stored)} {ends}"


@pytest.mark.parametrize("made", [12.01, 23, 25, -1])
def test_a_pass_with_less_than_half_of_its_time_left_or_of_the_future_is_not(made: float) -> None:
    assert found(bundle(payload(made))) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (f"{EXTENSION}release", f"sha256:{'00' * 32}"),
        ("policy", {"digest": {"sha256": "00" * 32}}),
        ("inputAttestations", []),
        (f"{EXTENSION}environment", "staging"),
        (f"{EXTENSION}unsigned", "a dry run"),
    ],
)
def test_a_pass_of_another_release_policy_or_evidence_is_not(field: str, value: object) -> None:
    assert found(bundle(payload(0, {field: value}))) is None


@pytest.mark.parametrize("field", ["timeVerified", f"{EXTENSION}notAfter"])
def test_a_pass_that_does_not_say_its_time_is_not(field: str) -> None:
    assert found(bundle(payload(0, {field: "soon"}))) is None


def test_a_pass_that_another_key_signed_is_not() -> None:
    assert found(bundle(payload(), OTHER)) is None


def test_a_pass_whose_signature_is_of_other_bytes_is_not() -> None:
    stored = json.loads(bundle(payload()))
    stored["dsseEnvelope"]["signatures"] = json.loads(bundle(payload(1)))["dsseEnvelope"][
        "signatures"
    ]
    assert found(json.dumps(stored).encode()) is None


def test_where_a_certificate_signs_nobody_is_asked() -> None:
    keyless = Signer(sign=SIGNER.sign, key=None)
    assert found(bundle(payload()), signer=keyless) is None


def test_a_registry_that_does_not_answer_saves_no_signing() -> None:
    assert found(then=RegistryError("timeout", "no answer", remedy="run again")) is None


def test_no_more_than_the_newest_sixteen_are_looked_at() -> None:
    others = tuple(bundle(payload(n), OTHER) for n in range(16))
    assert found(*others[:15], bundle(payload())) is not None
    assert found(*others, bundle(payload())) is None
