"""Two other verifiers as oracles: each disagreement is explained here and in docs/trust.md."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
from sigstore.errors import Error as TheirError
from sigstore.hashes import Hashed
from sigstore.models import Bundle as TheirBundle
from sigstore.models import TrustedRoot as TheirRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity
from sigstore_models.common.v1 import HashAlgorithm

from gate.keys.public import load_public_key
from gate.model.image import Digest
from gate.trust.bundle import Envelope, MessageSignature, parse_bundle
from gate.trust.prove import Artifact, prove
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import parse_trusted_root
from tests.builders.sigstore_vectors import BEACON
from tests.conformance import sigstore_recorded as corpus
from tests.conformance.sigstore_recorded import GITHUB, NOW, VECTORS, recorded

pytestmark = recorded

REPOSITORY: Final = Path(__file__).resolve().parents[2]
ORACLES: Final = Path(os.environ.get("GATE_ORACLES", str(REPOSITORY / ".ci" / "oracles")))
"""Where `npm install` put @sigstore/verify. Whoever sets GATE_ORACLES says that it did."""
NODE: Final = shutil.which("node")
needs_node = pytest.mark.skipif(
    "GATE_ORACLES" not in os.environ
    and (NODE is None or not (ORACLES / "node_modules/@sigstore/verify").is_dir()),
    reason="npm's @sigstore/verify is not installed in .ci/oracles",
)

ACCEPTED_HERE_ONLY: Final[dict[str, str]] = {
    "intoto-with-custom-trust-root": "log entries of kind intoto are refused there",
    "managed-key-happy-path": "bundles signed with a plain key are refused there",
    "managed-key-and-trusted-root": "bundles signed with a plain key are refused there",
    "trust-root-tsa-validity-end-inclusive": "the end of a window is outside it there",
    "sigstore-python/test__assets__integration__Python-3.12.5.tgz.sigstore": (
        "a bundle of version 0.1 needs a checkpoint there; here its inclusion promise is enough"
    ),
}
"""What sigstore-python refuses, and gate accepts, as the recorded data expects."""
REFUSED_HERE_ONLY: Final[dict[str, str]] = {
    "trust-root-tlog-missing-validity-start_fail": "a log without a start is trusted there",
}
"""What npm's verifier accepts, and gate refuses, as the suite expects."""


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded bundle, and what it takes to judge it."""

    name: str
    bundle: bytes
    root: bytes
    identity: str
    issuer: str
    artifact: bytes | None
    key: bytes | None = None

    @property
    def accepted(self) -> bool:
        """Whether gate accepts it, from whomever and about whatever the case names."""
        key = None if self.key is None else load_public_key(self.key)
        try:
            bundle = parse_bundle(self.bundle)
            artifact = None if self.artifact is None else Artifact.of(self.artifact)
            if artifact is None and isinstance(bundle.content, MessageSignature):
                artifact = Artifact(Digest((bundle.content.digest or b"").hex()))
            root = parse_trusted_root(self.root)
            proof = prove(bundle, root, now=NOW, key=key, artifact=artifact)
        except Refusal:
            return False
        identity = proof.claims and (proof.claims.identity.subject, proof.claims.identity.issuer)
        return bool(proof.logs) and identity in {None, (self.identity, self.issuer)}


def _store(name: str) -> bytes:
    found = resources.files("sigstore") / "_store" / f"https%3A%2F%2Ftuf-repo-cdn.{name}.dev"
    return (found / "trusted_root.json").read_bytes()


@cache
def _cases() -> dict[str, Case]:
    found = {}
    for folder in sorted(VECTORS.iterdir()):
        if folder.is_dir() and folder.name != "managed-key-wrong-key_fail":
            found[folder.name] = _vector(folder)
    for row in corpus.rows("cpython", "sigstore-python"):
        if "_tsa__" in row.file or not row.identity:
            continue
        root = _store("sigstage" if "sigstage" in row.root else "sigstore")
        found[row.file] = Case(row.file, row.content, root, row.identity, row.issuer, None)
    return found


def _vector(folder: Path) -> Case:
    def read(name: str, default: bytes) -> bytes:
        path = folder / name
        return path.read_bytes() if path.is_file() else default

    artifact = read("artifact", (VECTORS / "a.txt").read_bytes())
    return Case(
        folder.name,
        read("bundle.sigstore.json", b""),
        read("trusted_root.json", _store("sigstore")),
        read("identity", BEACON.encode()).decode().strip(),
        read("issuer", GITHUB.encode()).decode().strip(),
        artifact,
        read("key.pub", b"") or None,
    )


def _sigstore_python(case: Case, folder: Path) -> bool:
    root = folder / "root.json"
    root.write_bytes(case.root)
    policy = Identity(identity=case.identity, issuer=case.issuer)
    try:
        verifier = Verifier(trusted_root=TheirRoot.from_file(str(root)))
        bundle = TheirBundle.from_json(case.bundle)
        ours = parse_bundle(case.bundle).content
        if isinstance(ours, Envelope):
            verifier.verify_dsse(bundle, policy)
        elif case.artifact is not None:
            verifier.verify_artifact(case.artifact, bundle, policy)
        else:
            hashed = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=ours.digest or b"")
            verifier.verify_artifact(hashed, bundle, policy)
    except (TheirError, Refusal, ValueError, TypeError):
        # sigstore-python lets ValueError and TypeError of its libraries out on foreign bytes.
        return False
    return True


def test_sigstore_python_agrees_but_where_it_refuses_more(tmp_path: Path) -> None:
    cases = _cases()
    ours = {name: case.accepted for name, case in cases.items()}
    theirs = {name: _sigstore_python(case, tmp_path) for name, case in cases.items()}
    assert sum(ours.values()) > 20
    assert {name for name in cases if theirs[name] and not ours[name]} == set()
    here_only = {name for name in cases if ours[name] and not theirs[name]}
    assert here_only == set(ACCEPTED_HERE_ONLY)


@needs_node
def test_sigstore_js_agrees() -> None:
    assert NODE is not None
    cases = {name: case for name, case in _cases().items() if _judged_by_js(case)}
    asked = {
        name: {
            "bundle": case.bundle.decode(),
            "root": case.root.decode(),
            "artifact": None if case.artifact is None else _text(case.artifact),
            "key": None if case.key is None else case.key.decode(),
            "identity": case.identity,
            "issuer": case.issuer,
        }
        for name, case in cases.items()
    }
    done = subprocess.run(  # noqa: S603  # our own program
        [NODE, str(Path(__file__).with_name("sigstore_verify.cjs"))],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(ORACLES / "node_modules")},
    )
    verdicts = json.loads(done.stdout)
    theirs = {name: verdict == "accepted" for name, verdict in verdicts.items()}
    ours = {name: case.accepted for name, case in cases.items()}
    assert {name for name in cases if ours[name] and not theirs[name]} == set()
    assert {name for name in cases if theirs[name] and not ours[name]} == set(REFUSED_HERE_ONLY)


def _judged_by_js(case: Case) -> bool:
    """Leave out artifacts of which only the digest is recorded: npm's verifier needs the bytes."""
    return case.artifact is not None or b"dsseEnvelope" in case.bundle


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
