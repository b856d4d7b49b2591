"""Every refusal of trust, by signatures that lie in this folder: no other files are needed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from gate.checks import CHECKS
from gate.lint.settings import check_rules
from gate.model.evidence import Attached, AttachedKind, Rejection, Storage
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.policy.load import load_policy
from gate.trust.policy import verifier_of
from gate.trust.refusal import Reason
from tests.vectors.make import made

FOLDER: Final = Path(__file__).parent
VECTORS: Final = {p.stem: json.loads(p.read_bytes()) for p in sorted(FOLDER.glob("*.json"))}
MOST: Final = 300_000


def verdict(vector: dict[str, Any]) -> dict[str, object]:
    """Return gate's verdict on a vector, in the words of the vectors."""
    root = (FOLDER / vector["trusted-root"]).read_bytes()
    text = {
        "version": 1,
        "trusted-roots": {"own": {"file": "r.json", "sha256": hashlib.sha256(root).hexdigest()}},
        "signers": {"ci": {**vector["signer"], "root": "own"}},
        "images": [{"match": "**", "signature": {"by": ["ci"]}}],
    }
    policy = load_policy(
        json.dumps(text).encode(),
        "policy.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda path: root if path == "r.json" else (FOLDER / path).read_bytes(),
    )
    digest = Digest.parse(vector["image"]["digest"])
    children = tuple(
        PlatformManifest(Platform("linux", "arm64"), Digest.parse(d))
        for d in vector["image"]["platforms"]
    )
    image = ResolvedImage(ImageReference.parse("registry.example/web:1"), digest, children)
    attached = Attached(
        AttachedKind(vector["kind"]),
        vector["content"].encode(),
        Storage.REFERRERS,
        digest,
        vector.get("annotations", {}),
    )
    said = verifier_of(policy, datetime.fromisoformat(vector["now"]), None).verify(attached, image)
    return {"refused": said.code} if isinstance(said, Rejection) else {"accepted": True}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_gets_the_verdict_that_is_recorded_with_it(name: str) -> None:
    assert verdict(VECTORS[name]) == VECTORS[name]["expected"]


def test_every_reason_of_a_refusal_has_a_vector() -> None:
    told = {vector["expected"].get("refused") for vector in VECTORS.values()} - {None}
    assert told == set(Reason)


def test_the_script_beside_them_makes_the_same_bytes() -> None:
    files = [*FOLDER.glob("*.json"), *FOLDER.glob("roots/*.json"), *FOLDER.glob("*.pub")]
    assert {str(p.relative_to(FOLDER)): p.read_bytes() for p in files} == made()


def test_the_recorded_signatures_are_small() -> None:
    assert sum(len(content) for content in made().values()) <= MOST
