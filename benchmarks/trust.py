"""How fast bundles are verified, and what it costs to start, beside sigstore-python.

Run with `python -m benchmarks.trust`: one process, one core. Each rate counts parsing and
verifying one DSSE bundle of a private Sigstore, as each library does it, in the same run;
the two alternate, so that a busy machine slows both. Limits are those that are promised.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final

from sigstore.models import Bundle as TheirBundle
from sigstore.models import ClientTrustConfig
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from benchmarks.figures import tell
from gate.model.evidence import Attached, AttachedKind, Storage, VerifiedAttestation
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.policy.match_identity import IdentityPattern
from gate.trust.signer import TrustedIdentity
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import GITHUB, WORKFLOW, LocalSigstore, SigstoreServer, trusted_root

ROUNDS: Final = 9
REPEATS: Final = 60
LEAST: Final = {"Rekor v1": 600, "Rekor v2 and a timestamp": 300}
MOST_MILLISECONDS: Final = 80
MOST_MEBIBYTES: Final = 35
DIGEST: Final = Digest("ab" * 32)
STATEMENT: Final = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "web", "digest": {"sha256": DIGEST.hex}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {"buildDefinition": {}, "runDetails": {}},
}
IMPORT: Final = """
import time
start = time.process_time()
import {module}
spent = time.process_time() - start
# The peak of this process alone: what getrusage tells is also the peak of its parent.
with open("/proc/self/status") as status:
    peak = next(line for line in status if line.startswith("VmHWM"))
print(spent * 1000, int(peak.split()[1]) / 1024)
"""


def main() -> int:
    """Print every figure; return 1 where one is worse than promised."""
    sigstore = LocalSigstore()
    at = datetime.now(UTC) - timedelta(minutes=1)
    good = True
    for name, rekor in (("Rekor v1", 1), ("Rekor v2 and a timestamp", 2)):
        payload = json.dumps(STATEMENT).encode()
        data = sigstore.keyless_bundle(payload, at=at, rekor=1 if rekor == 1 else 2)
        ours, theirs = _rates(_ours(sigstore, data), _theirs(sigstore, data))
        good &= ours >= LEAST[name]
        if rekor == 1:
            tell("trust", 1000 / ours, 1000 / theirs)
        sys.stdout.write(f"{name}: gate {ours:.0f}/s, sigstore-python {theirs:.0f}/s\n")
    for module, bound in (("gate.trust.verify", True), ("sigstore.verify", False)):
        milliseconds, mebibytes = _start(module)
        sys.stdout.write(f"import {module}: {milliseconds:.0f} ms, {mebibytes:.0f} MiB\n")
        if bound:
            good &= milliseconds <= MOST_MILLISECONDS and mebibytes <= MOST_MEBIBYTES
    return 0 if good else 1


def _ours(sigstore: LocalSigstore, data: bytes) -> Callable[[], None]:
    root = parse_trusted_root(json.dumps(trusted_root(sigstore)).encode())
    signer = TrustedIdentity(
        name="ci", issuer=GITHUB, identity=IdentityPattern(WORKFLOW), root=root
    )
    verifier = AttachedVerifier((signer,), datetime.now(UTC))
    image = ResolvedImage(ImageReference.parse("registry.example/web"), DIGEST)
    attached = Attached(AttachedKind.BUNDLE, data, Storage.REFERRERS, DIGEST)

    def verify() -> None:
        if not isinstance(verifier.verify(attached, image), VerifiedAttestation):
            raise SystemExit("gate refused a good bundle")

    return verify


def _theirs(sigstore: LocalSigstore, data: bytes) -> Callable[[], None]:
    config = ClientTrustConfig.from_json(SigstoreServer(sigstore).trust_config().decode())
    verifier = Verifier(trusted_root=config.trusted_root)
    policy = Identity(identity=WORKFLOW, issuer=GITHUB)

    def verify() -> None:
        verifier.verify_dsse(TheirBundle.from_json(data), policy)

    return verify


def _rates(*verify: Callable[[], None]) -> tuple[float, ...]:
    """Return the median rate of each, per second, over rounds in which they take turns."""
    rates: list[list[float]] = [[] for _ in verify]
    for _ in range(ROUNDS):
        for call, found in zip(verify, rates, strict=True):
            start = time.process_time()
            for _ in range(REPEATS):
                call()
            found.append(REPEATS / (time.process_time() - start))
    return tuple(map(median, rates))


def _start(module: str) -> tuple[float, float]:
    """Return the median milliseconds and the most mebibytes of importing in a new process."""
    program = [sys.executable, "-c", IMPORT.format(module=module)]
    # An installed package has its bytecode; a first run writes it where there is none.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    runs = [
        tuple(
            map(
                float,
                subprocess.run(program, check=True, capture_output=True, env=kept).stdout.split(),  # noqa: S603  # our own program
            )
        )
        for _ in range(ROUNDS + 1)
    ][1:]
    return median(run[0] for run in runs), max(run[1] for run in runs)


if __name__ == "__main__":
    sys.exit(main())
