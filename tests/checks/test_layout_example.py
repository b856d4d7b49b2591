from __future__ import annotations

import hashlib
import importlib.util
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.checks.layout import CHECK, LayoutParams
from gate.model.image import Digest
from gate.model.verdict import Passed
from gate.predicates import parse
from tests.checks.given import INDEX, NOW, asked, attested, codes, image

FILE = Path(__file__).resolve().parents[2] / "examples" / "layout" / "make.py"
TYPE = "urn:gate:in-toto-layout:v1"


def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("layout_example", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_worked_example_proves_its_image_and_no_other() -> None:
    make = example()
    owner, developers, pipeline = (Ed25519PrivateKey.generate() for _ in range(3))
    manifest = b'{"schemaVersion": 2}'
    said = make.layout_set(manifest, owner, developers, pipeline, NOW + timedelta(days=1))
    digest = Digest(hashlib.sha256(manifest).hexdigest())
    params = asked(LayoutParams, by=["ci"], keys=[make.pem(owner)])
    for subject, expected in ((digest, None), (INDEX, "layout-another-product")):
        attestation = attested(parse(TYPE, said), predicate_type=TYPE, subject=subject)
        outcome = CHECK.run(image(attestation, digest=subject), params, NOW)
        assert (None if isinstance(outcome, Passed) else codes(outcome)[0]) == expected
