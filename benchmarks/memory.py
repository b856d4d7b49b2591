"""How much memory `gate attest` and `gate check` take of one large SBOM or scan, and how long.

    python -m benchmarks.memory [COMPONENTS]

Attests an SBOM of COMPONENTS (default 100,000), as syft writes them, to an image of an OCI layout,
each in a process of its own, and checks it in a process of its own against a policy that forbids
packages and licences: once as a bundle in a file, and once beside the image, where a key's
attestation lies in two forms. A scan by Trivy of as many bytes follows, with a description in each
finding: in a file, for an image with nothing else, and for the one that has the SBOM too. Prints
the document's size, the verdict's exit code, seconds, the peak of the process's memory, and how
many times the document that is. Budget: 8 times the document, where it is of 50 MB; the program
itself takes 60 MB.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import child, figures
from benchmarks.evidence import trivy_report
from benchmarks.sbom import cyclonedx
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from tests.builders.layouts import make_image

BUDGET: Final = 8
"""Times the document."""
_NAME: Final = "registry.example/acme/shop"
_POLICY: Final = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    sbom: {by: [ci], forbid-packages: ["pkg:npm/left-pad@<1.3"], forbid-licenses: [AGPL-3.0-only]}
"""
_SCAN_POLICY: Final = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    vulnerabilities: {by: [ci], fail-on: high}
"""


def main(count: int) -> int:
    """Print what a check takes. Returns 1 over the budget."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_image(folder / "images", "1.0")
        make_image(folder / "bare", "1.0")
        key = generate()
        (folder / "ci.key").write_bytes(private_pem(key))
        (folder / "ci.key").chmod(0o600)
        (folder / "ci.pub").write_bytes(public_pem(key.public_key()))
        (folder / "policy.yaml").write_text(_POLICY)
        document = folder / "sbom.json"
        document.write_text(json.dumps(cyclonedx(count)))
        places = ("--layout", f"{_NAME}={folder / 'images'}")
        attest = ("attest", "--type", "sbom", "--key", str(folder / "ci.key"), *places)
        check = ("check", "--dry-run", "--policy", str(folder / "policy.yaml"), *places)
        bundle = ("--bundle", str(folder / "sbom.bundle"))
        sys.stdout.write(f"{count} components, {document.stat().st_size / 1e6:.0f} MB\n")
        size, much = document.stat().st_size, f"{count:,} components"
        signing = (*attest, *bundle, str(document), f"{_NAME}:1.0")
        met = _check(("memory-attest", much), "attested into a file", size, *signing)
        met &= _check(
            ("memory-sbom", much), "in one file", size, *check, *bundle, "--image", f"{_NAME}:1.0"
        )
        run_gate(*attest, str(document), f"{_NAME}:1.0")
        beside = (*check, "--image", f"{_NAME}:1.0")
        met &= _check(("memory-sbom-twice", much), "beside the image, twice", size, *beside)
        (folder / "policy.yaml").write_text(_SCAN_POLICY)
        document.write_text(json.dumps(trivy_report(datetime.now(UTC), size)))
        scan = tuple("vulnerabilities" if word == "sbom" else word for word in attest)
        run_gate(*scan, *bundle, str(document), f"{_NAME}:1.0")
        scanned, both = document.stat().st_size, document.stat().st_size + size
        row = ("memory-scan", f"{scanned / 1e6:.0f} MB")
        alone = (*check[:-1], f"{_NAME}={folder / 'bare'}", *bundle, "--image", f"{_NAME}:1.0")
        met &= _check(row, "a scan in one file", scanned, *alone)
        together = (*check, *bundle, "--image", f"{_NAME}:1.0")
        met &= _check(None, "that scan, and the SBOM twice", both, *together)
    return 0 if met else 1


def _check(row: tuple[str, str] | None, what: str, size: int, *arguments: str) -> bool:
    """Print what a check takes; return whether it is cleared and within the budget."""
    used = run_gate(*arguments)
    if row is not None:
        figures.tell(row[0], used.peak / 1e6, size / 1e6, much=row[1])
    took = f"{used.wall:.1f} s, {used.peak / 1e6:.0f} MB, {used.peak / size:.1f} times the document"
    sys.stdout.write(f"{what}: exit {used.code}, {took}, of {BUDGET}\n")
    sys.stdout.flush()
    return used.code == 0 and used.peak <= BUDGET * size


def run_gate(*arguments: str) -> child.Used:
    """Run gate, and return what it took."""
    return child.run([sys.executable, "-m", "gate", *arguments])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
