"""Evidence by keys, drawn by chance or made on purpose, and attached to an image in a registry."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from gate.model.image import Digest, ResolvedImage
from gate.model.release import ReleaseImage, release_of
from gate.model.verdict import Cleared, Passed, Plan, Question, Result
from gate.signing.declared import declared_of
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from tests.builders.cosign_publisher import CosignPublisher

CYCLONEDX_TYPE: Final = "https://cyclonedx.org/bom"
VERIFIERS: Final = ("https://acme.example/gate", "https://acme.example/other")
ENVIRONMENTS: Final = ("production", "staging")
POLICIES: Final = (Digest("1" * 64), Digest("2" * 64))
BUNDLE: Final = "bundle"
OLDER: Final = "older"
FORMS: Final = (BUNDLE, OLDER)
_SIGNATURE: Final = "dev.cosignproject.cosign/signature"


def sign(
    publisher: CosignPublisher,
    image: ResolvedImage,
    key: Any,  # noqa: ANN401  # a private key
    *,
    about: ResolvedImage | None = None,
) -> None:
    """Sign an image in cosign's older form; with `about`, lay that one's signature beside it."""
    said = {
        "critical": {
            "identity": {"docker-reference": image.reference.name},
            "image": {"docker-manifest-digest": str((about or image).digest)},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    payload = json.dumps(said).encode()
    signature = base64.b64encode(key.sign(payload, ECDSA(hashes.SHA256()))).decode()
    publisher.push_signature_legacy(image, payload, annotations={_SIGNATURE: signature})


def attest(
    publisher: CosignPublisher,
    image: ResolvedImage,
    key: Any,  # noqa: ANN401  # a private key
    predicate_type: str,
    statement: bytes,
    *,
    forms: Collection[str] = FORMS,
) -> None:
    """Attach a statement in each of the forms, under this type."""
    bundle = sign_statement(statement, key)
    now = datetime.now(UTC)
    if BUNDLE in forms:
        publisher.push_bundle(image, bundle, predicate_type=predicate_type, created=now)
    if OLDER in forms:
        envelope = envelope_of(bundle)
        publisher.push_attestation_legacy(image, envelope, predicate_type=predicate_type)


def statement_of(image: ResolvedImage, predicate_type: str, predicate: object = None) -> bytes:
    """Return a statement about an image."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": image.reference.name, "digest": {"sha256": image.digest.hex}}],
        "predicateType": predicate_type,
        "predicate": predicate or {},
    }
    return json.dumps(statement).encode()


def drawn_pass(image: ResolvedImage, chance: random.Random) -> bytes:
    """Return a pass by a drawn policy and verifier, for a drawn environment."""
    question = Question("signature", str(image.reference))
    release = release_of([ReleaseImage(image.reference.name, image.digest)], [])
    at = datetime.now(UTC).replace(microsecond=0)
    plan = Plan((question,), (image,), release, chance.choice(POLICIES), at)
    issuer = Issuer(
        verifier=chance.choice(VERIFIERS),
        environment=chance.choice(ENVIRONMENTS),
        valid_for=timedelta(hours=24),
        tool_version="0.0.0",
        manifests_bound=True,
        declared=declared_of(release),
    )
    (statement,) = statements(Cleared(plan, (Result(question, Passed()),)), issuer)
    return statement.payload
