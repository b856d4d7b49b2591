"""Valid recorded bundles with one part changed: none verifies, but for parts nobody signs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pytest

from gate.keys.public import PublicKey, load_public_key
from gate.model.dsse import PAYLOAD_TYPE
from gate.model.image import Digest
from gate.predicates.statement import parse_statement
from gate.trust.bundle import Bundle, Envelope, parse_bundle
from gate.trust.prove import Artifact, Proof, prove
from gate.trust.refusal import Reason, Refusal, malformed
from gate.trust.root import TrustedRoot
from gate.trust.trusted_root import parse_trusted_root
from tests.conformance import sigstore_recorded as corpus
from tests.conformance.mutations import mutations
from tests.conformance.sigstore_recorded import FOLDER, NOW, VECTORS, recorded

pytestmark = recorded

ENTRY: Final = "verificationMaterial.tlogEntries"
UNAUTHENTICATED: Final = {
    "mediaType": "the version says how to read a bundle, and two spellings mean the same",
    "verificationMaterial.publicKey": "a key's hint; keys come from the policy",
    "verificationMaterial.publicKey.hint": "likewise",
    "verificationMaterial.x509CertificateChain.certificates": "authorities come from the root",
    "verificationMaterial.timestampVerificationData": "a time may be left out where another is",
    "verificationMaterial.timestampVerificationData.rfc3161Timestamps": "likewise",
    "verificationMaterial.timestampVerificationData.rfc3161Timestamps.signedTimestamp": "likewise",
    f"{ENTRY}.logIndex": "without an inclusion promise, only the proof's own index is signed for",
    f"{ENTRY}.integratedTime": "without an inclusion promise it is not read",
    f"{ENTRY}.inclusionPromise": "a promise may be left out where a proof is",
    f"{ENTRY}.inclusionProof": "a proof may be left out where a promise is enough: version 0.1",
    f"{ENTRY}.inclusionProof.checkpoint": "likewise",
    f"{ENTRY}.inclusionProof.checkpoint.envelope": "lines by witnesses are not read",
    "messageSignature.messageDigest": "the digest may be left out; where it is, it must be right",
    "dsseEnvelope.signatures.keyid": "a hint at a key; keys come from the policy",
}
"""Parts that may change without the bundle being refused, and why none of them is used."""


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle that verifies, and all that it takes."""

    name: str
    document: dict[str, Any]
    root: TrustedRoot
    artifact: Artifact | None
    key: PublicKey | None = None

    def prove(self, bundle: Bundle) -> Proof:
        if (bundle.certificate is None) is (self.key is None):
            raise Refusal(Reason.SIGNER_MISMATCH, "a key in place of a certificate, or otherwise")
        artifact = None if isinstance(bundle.content, Envelope) else self.artifact
        proof = prove(bundle, self.root, now=NOW, key=self.key, artifact=artifact)
        if not proof.logs:
            raise Refusal(Reason.LOG_ENTRY_MISSING, "no log")
        if isinstance(bundle.content, Envelope):
            if bundle.content.payload_type != PAYLOAD_TYPE:
                raise Refusal(Reason.PAYLOAD_TYPE, "another type")
            try:
                parse_statement(bundle.content.payload)
            except ValueError as error:
                raise malformed(str(error)) from error
        return proof


def _vectors() -> list[Case]:
    found = []
    folders = sorted(VECTORS.iterdir()) if VECTORS.is_dir() else []
    for folder in folders:
        if not folder.is_dir() or folder.name.endswith("_fail"):
            continue
        artifact, root, key = (folder / n for n in ("artifact", "trusted_root.json", "key.pub"))
        data = (artifact if artifact.is_file() else VECTORS / "a.txt").read_bytes()
        found.append(
            Case(
                folder.name,
                json.loads((folder / "bundle.sigstore.json").read_bytes()),
                parse_trusted_root(root.read_bytes()) if root.is_file() else corpus.public_good(),
                Artifact(Digest(hashlib.sha256(data).hexdigest()), data),
                load_public_key(key.read_bytes()) if key.is_file() else None,
            )
        )
    return found


def _rows() -> list[Case]:
    found = []
    for row in corpus.rows("cpython", "sigstore-python"):
        if row.expected != "valid" or "tsa__bundle" in row.file:
            continue
        bundle = parse_bundle((FOLDER / row.file).read_bytes())
        artifact = None
        if not isinstance(bundle.content, Envelope) and bundle.content.digest:
            artifact = Artifact(Digest(bundle.content.digest.hex()))
        root = corpus.staging() if "sigstage" in row.root else corpus.public_good()
        found.append(Case(row.file, json.loads(row.content), root, artifact))
    return found


def _signature(case: Case) -> object:
    signed = case.document.get("messageSignature") or case.document["dsseEnvelope"]["signatures"][0]
    return signed.get("signature") or signed["sig"]


CASES: Final = [*_vectors(), *_rows()]


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case.name for case in CASES])
def test_one_changed_part_is_refused_unless_nobody_signs_it(at: int) -> None:
    case = CASES[at]
    others = CASES[at:] + CASES[:at]
    other = next(one for one in others if _signature(one) != _signature(case))
    expected = case.prove(parse_bundle(json.dumps(case.document).encode()))
    came_to: Counter[str] = Counter()
    for mutation in mutations(case.document, other.document):
        data = json.dumps(mutation.document).encode()
        try:
            bundle = parse_bundle(data)
        except Refusal:
            came_to["refused when parsed"] += 1
            continue
        try:
            proof = case.prove(bundle)
        except Refusal:
            came_to["refused after"] += 1
            continue
        came_to["accepted"] += 1
        what = f"{mutation.operator} {mutation.path}"
        assert mutation.place in UNAUTHENTICATED, what
        assert proof.claims == expected.claims, what
        assert set(proof.times) <= set(expected.times), what
        assert proof.logs == expected.logs, what
    assert came_to["refused after"] >= came_to.total() / 2, came_to
