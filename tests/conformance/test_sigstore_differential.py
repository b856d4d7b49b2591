"""The same bundles, roots and artifacts, judged by other people's verifiers.

sigstore-python comes with gate; npm's @sigstore/verify 4.1.3 is looked for in `.ci/oracles`
(`npm install --prefix .ci/oracles @sigstore/verify@4.1.3`) or where SIGSTORE_VERIFY_JS says.
Whose identity it is takes no part: what is compared is whether the proof holds. Every
disagreement has its reason in EXPLAINED, or is a bug.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import UnsafeNoOp

from gate.keys.private import generate
from gate.keys.public import MalformedKey, load_public_key, public_pem
from gate.predicates.statement import PAYLOAD_TYPE
from gate.trust.bundle import Envelope, parse_bundle
from gate.trust.prove import Artifact, prove
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import parse_trusted_root
from tests.conformance.sigstore_recorded import NOW, VECTORS, recorded
from tests.fakes.sigstore import LocalSigstore, trusted_root
from tests.trust.given import AT, statement

REPOSITORY: Final = Path(__file__).parents[2]
ORACLES: Final = Path(os.environ.get("SIGSTORE_VERIFY_JS", REPOSITORY / ".ci" / "oracles"))
PUBLIC_GOOD: Final = REPOSITORY / "gate" / "trust" / "roots" / "public-good.json"

_INTOTO: Final = "sigstore-python reads no log entries of kind intoto"
_KEYED: Final = "sigstore-python reads no bundles of plain keys"
EXPLAINED: Final[dict[tuple[str, str], str]] = {
    ("dsse-intoto", "python"): _INTOTO,
    ("intoto-with-custom-trust-root", "python"): _INTOTO,
    ("keyed", "python"): _KEYED,
    ("managed-key-and-trusted-root", "python"): _KEYED,
    ("managed-key-happy-path", "python"): _KEYED,
    ("trust-root-tsa-validity-end-inclusive", "python"): (
        "sigstore-python leaves the last second of an authority's window out; the suite has it in"
    ),
    ("trust-root-tlog-missing-validity-start_fail", "js"): (
        "sigstore-js takes a log without a start as always trusted; the suite refuses it"
    ),
}
"""(bundle, verifier) of every disagreement, and why gate judges as it does."""


@dataclass(frozen=True, slots=True)
class Case:
    """One bundle, and what it is judged with."""

    name: str
    bundle: bytes
    root: bytes
    artifact: bytes
    key: bytes | None = None


@functools.cache
def made() -> list[Case]:
    """Return bundles of every shape that a private Sigstore makes."""
    local = LocalSigstore()
    root = json.dumps(trusted_root(local)).encode()
    artifact, key = b"an artifact", generate()
    pem = public_pem(key.public_key())
    return [
        Case("dsse-rekor1", local.keyless_bundle(statement(), at=AT), root, b""),
        Case("dsse-rekor1-tsa", local.keyless_bundle(statement(), at=AT, tsa=True), root, b""),
        Case("dsse-rekor2", local.keyless_bundle(statement(), at=AT, rekor=2), root, b""),
        Case("dsse-intoto", local.keyless_bundle(statement(), at=AT, kind="intoto"), root, b""),
        Case("message-rekor1", local.keyless_signature(artifact, at=AT), root, artifact),
        Case("message-rekor2", local.keyless_signature(artifact, at=AT, rekor=2), root, artifact),
        Case("no-sct", local.keyless_bundle(statement(), at=AT, sct=False), root, b""),
        Case("no-time", local.keyless_bundle(statement(), at=AT, rekor=2, tsa=False), root, b""),
        Case("keyed", local.keyed_bundle(statement(), key, at=AT, rekor=1), root, b"", pem),
        Case("other-artifact", local.keyless_signature(artifact, at=AT), root, b"another"),
    ]


def vectors() -> list[Case]:
    """Return the recorded conformance vectors."""
    found = []
    for folder in sorted(p for p in VECTORS.iterdir() if p.is_dir()) if VECTORS.is_dir() else ():
        root, key, artifact = (folder / n for n in ("trusted_root.json", "key.pub", "artifact"))
        found.append(
            Case(
                folder.name,
                (folder / "bundle.sigstore.json").read_bytes(),
                (root if root.is_file() else PUBLIC_GOOD).read_bytes(),
                (artifact if artifact.is_file() else VECTORS / "a.txt").read_bytes(),
                key.read_bytes() if key.is_file() else None,
            )
        )
    return found


def ours(case: Case) -> bool:
    try:
        bundle = parse_bundle(case.bundle)
        if (bundle.certificate is None) != (case.key is not None):
            return False
        key = load_public_key(case.key) if case.key else None
        root = parse_trusted_root(case.root)
        proof = prove(bundle, root, now=NOW, key=key, artifact=Artifact.of(case.artifact))
    except (Refusal, MalformedKey):
        return False
    typed = not isinstance(bundle.content, Envelope) or bundle.content.payload_type == PAYLOAD_TYPE
    return typed and bool(proof.logs)


def python(case: Case, folder: Path) -> bool:
    path = folder / "trusted_root.json"
    path.write_bytes(case.root)
    try:
        bundle = Bundle.from_json(case.bundle)
        verifier = Verifier(trusted_root=TrustedRoot.from_file(str(path)))
        if b'"dsseEnvelope"' in case.bundle:
            verifier.verify_dsse(bundle, UnsafeNoOp())
        else:
            verifier.verify_artifact(case.artifact, bundle, UnsafeNoOp())
    except Exception:  # noqa: BLE001  # it raises many kinds, and each is a no
        return False
    return True


@functools.cache
def javascript() -> dict[str, str]:
    """Return the verdict on each case, in one process."""
    cases = [*made(), *vectors()]
    asked = [
        {
            "bundle": case.bundle.decode(),
            "root": case.root.decode(),
            "artifact": base64.b64encode(case.artifact).decode(),
            "key": case.key.decode() if case.key else None,
        }
        for case in cases
    ]
    script = Path(__file__).with_name("sigstore_verify.cjs")
    answer = subprocess.run(  # noqa: S603  # our own script
        [shutil.which("node") or "node", str(script), str(ORACLES)],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
    )
    return {c.name: v for c, v in zip(cases, json.loads(answer.stdout), strict=True)}


def disagreement(case: Case, oracle: str, *, theirs: bool) -> str | None:
    said = ours(case)
    # An explanation that explains nothing any more is as wrong as a disagreement without one.
    if (said is theirs) is ((case.name, oracle) not in EXPLAINED):
        return None
    return f"{case.name}: gate {said}, {oracle} {theirs}"


def test_made_bundles_are_judged_as_sigstore_python_judges_them(tmp_path: Path) -> None:
    found = [disagreement(c, "python", theirs=python(c, tmp_path)) for c in made()]
    assert [line for line in found if line] == []


@recorded
def test_recorded_bundles_are_judged_as_sigstore_python_judges_them(tmp_path: Path) -> None:
    found = [disagreement(c, "python", theirs=python(c, tmp_path)) for c in vectors()]
    assert [line for line in found if line] == []


@recorded
def test_bundles_are_judged_as_sigstore_js_judges_them() -> None:
    if not shutil.which("node") or not (ORACLES / "node_modules" / "@sigstore" / "verify").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"npm's @sigstore/verify is wanted in {ORACLES}")
        pytest.skip(f"npm's @sigstore/verify is not in {ORACLES}")
    verdicts = javascript()
    cases = [*made(), *vectors()]
    found = [disagreement(c, "js", theirs=verdicts[c.name] == "verified") for c in cases]
    assert [line for line in found if line] == []
    assert len(verdicts) == len(cases) >= 80  # 70 vectors and what is made
