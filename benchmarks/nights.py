"""One image that is scanned, checked and admitted every night, for more than a year.

    python -m benchmarks.nights [--nights 400] [--registry fake|docker] [--keep]

Each night gate attests a scan of that night, judges the image, signs its pass, and admits it, with
the clock of that night. `docker` is Debian's docker-registry with deletion enabled, whose garbage
collector runs at the end; `fake` is the registry in memory. `--keep` forbids deletion there. The
commands run in this process. One writer alone writes, so nothing is waited for between writing a
shared tag and looking at it again. It prints how many nights were decided, and what is stored.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from unittest import mock

from benchmarks.figures import tell
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_admit, run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.sign import Signing, run_sign
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.words import timestamp
from gate.registry.http.exchange import Exchange
from tests.fakes.registry import FakeRegistry

_SCAN: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
_SIGN: Final = "https://sigstore.dev/cosign/sign/v1"
_POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    signature: {by: [ci]}
    scan-age: {by: [ci], max-age: 2d}
    vulnerabilities: {by: [ci], fail-on: high}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
_DEPLOY: Final = """\
version: 1
signers: {gate: {key: gate.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
"""
_CLOCKS: Final = ("gate.cli.runs.check", "gate.cli.runs.sign", "gate.cli.runs.sign_passes")


@dataclass
class Nights:
    """What was decided, night by night."""

    cleared: int = 0
    admitted: int = 0
    undecided: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[mock.Mock]:
    """Run commands at that moment, and without waiting; hand out what counts the waits."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:  # noqa: ARG003  # always UTC
            return cls.fromtimestamp(moment.timestamp(), UTC)

    with contextlib.ExitStack() as stack:
        for module in _CLOCKS:
            stack.enter_context(mock.patch(f"{module}.datetime", Clock))
        waits = stack.enter_context(mock.patch.object(Exchange, "settle"))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        yield waits


def prepare(folder: Path) -> None:
    """Write two keys and the policy of `gate check`."""
    for name in ("ci", "gate"):
        key = generate()
        (folder / f"{name}.key").write_bytes(private_pem(key))
        (folder / f"{name}.key").chmod(0o600)
        (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
    (folder / "policy.yaml").write_text(_POLICY)


def simulate(
    folder: Path, image: str, count: int, tell: Callable[[int], None] = lambda _: None
) -> Nights:
    """Run so many nights, the last of them now; `image` is `host/repository@digest`."""
    access = Access(plain_http=(image.partition("/")[0],))
    ci = Signing(key=str(folder / "ci.key"), trust_config=None, publish_private=False)
    done = Nights()
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=count)
    with at(first):
        run_sign(image, _SIGN, {}, ci, access=access)
    asked = Options(images=(image,), policy=str(folder / "policy.yaml"), access=access)
    for night in range(1, count + 1):
        moment = first + timedelta(days=night)
        began = time.perf_counter()
        with at(moment - timedelta(minutes=1)):
            run_sign(image, _SCAN, scan(moment - timedelta(minutes=2)), ci, access=access)
        with at(moment):
            checked = run_check(asked)
        report = checked.report
        done.cleared += report.cleared and checked.error is None
        if not (folder / "admit.yaml").exists():
            assert report.policy is not None  # noqa: S101  # it was judged by one
            text = _DEPLOY.replace("DIGEST", str(report.policy.digest))
            (folder / "admit.yaml").write_text(text)
        with at(moment + timedelta(minutes=1)):
            admitted = run_admit(
                Options(images=(image,), policy=str(folder / "admit.yaml"), access=access)
            )
        done.admitted += admitted.cleared
        done.undecided += [f.code for f in (*report.findings, *admitted.findings)]
        done.seconds.append(time.perf_counter() - began)
        tell(night)
    return done


def scan(ended: datetime) -> dict[str, Any]:
    """Return the predicate of a scan by Trivy that ended then; it found one thing, of that time."""
    found = {"VulnerabilityID": "CVE-2022-1", "PkgName": "demo", "Severity": "LOW"}
    target = {"Target": "debian 12", "Class": "os-pkgs", "Type": "debian"}
    report = {
        "SchemaVersion": 2,
        "CreatedAt": timestamp(ended),
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
        "Results": [target | {"Vulnerabilities": [found | {"InstalledVersion": timestamp(ended)}]}],
    }
    scanner = {"uri": "pkg:github/aquasecurity/trivy@0.57.0", "version": "0.57.0", "result": report}
    return {
        "scanner": scanner,
        "metadata": {"scanStartedOn": timestamp(ended), "scanFinishedOn": timestamp(ended)},
    }


def _figures(done: Nights, count: int) -> dict[str, Any]:
    tenth = max(1, count // 10)
    return {
        "nights": count,
        "cleared": done.cleared,
        "admitted": done.admitted,
        "findings": sorted(set(done.undecided)),
        "seconds a night, first tenth": round(sum(done.seconds[:tenth]) / tenth, 2),
        "seconds a night, last tenth": round(sum(done.seconds[-tenth:]) / tenth, 2),
    }


def _in_memory(folder: Path, count: int, *, deletes: bool) -> dict[str, Any]:
    def tell(night: int) -> None:
        if night in (1, 10, count // 2, count):
            sys.stderr.write(f"night {night}: {fake.stored('acme/shop')}\n")

    with FakeRegistry(deletes=deletes) as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        done = simulate(folder, image, count, tell)
        return _figures(done, count) | {"stored": fake.stored("acme/shop")}


def _on_disk(folder: Path, count: int, *, deletes: bool) -> dict[str, Any]:
    from tests.acceptance.debian_registry import debian_registry, required  # noqa: PLC0415  # pytest's
    from tests.acceptance.release import write_layout  # noqa: PLC0415  # as said

    storage = folder / "storage"

    def size() -> dict[str, int]:
        files = [path for path in storage.rglob("*") if path.is_file()]
        return {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}

    def tell(night: int) -> None:
        if night in (1, 10, count // 2, count):
            sys.stderr.write(f"night {night}: {size()}\n")

    root = folder / "root"
    root.mkdir()
    (root / "program").write_text("shop")
    write_layout(folder / "layout", root)
    digest = json.loads((folder / "layout/index.json").read_bytes())["manifests"][0]["digest"]
    with debian_registry(folder, deletes=deletes) as registry:
        registry.copy(f"oci:{folder / 'layout'}:1.0", "acme/shop:1.0")
        done = simulate(folder, f"{registry.host}/acme/shop@{digest}", count, tell)
    found = _figures(done, count) | {"stored": size()}
    program = required("docker-registry", "docker-registry")
    collect = [program, "garbage-collect", str(folder / "registry.yml")]
    subprocess.run(collect, check=True, capture_output=True)  # noqa: S603  # ours
    return found | {"stored after garbage collection": size()}


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description="One image, night after night.")
    parser.add_argument("--nights", type=int, default=400)
    parser.add_argument("--registry", choices=("fake", "docker"), default="fake")
    parser.add_argument("--keep", action="store_true", help="the registry deletes nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        run = _in_memory if asked.registry == "fake" else _on_disk
        found = run(folder, asked.nights, deletes=not asked.keep)
    much = f"{asked.nights} nights"
    tell("nights", found["seconds a night, last tenth"], much=much)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
