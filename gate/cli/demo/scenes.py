"""A release cleared and admitted, then blocked in six ways. No server, no network."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gate.model.records import dataclass

if TYPE_CHECKING:
    from gate.cli.demo.release import Keys, Tampering
    from gate.cli.runs.prepare import Options
    from gate.model.report import Report


@dataclass(frozen=True, slots=True)
class Scene:
    """One way in which a release can be, and what gate must say of it."""

    title: str
    tampering: Tampering
    codes: frozenset[str] = frozenset()
    """The reason codes of all blocking findings; none for a release that is cleared."""


def play_all() -> bool:
    """Show every scene; return whether each ended with the codes that it should."""
    from gate.cli.demo.release import Keys

    keys = Keys()
    good = True
    with tempfile.TemporaryDirectory(prefix="gate-demo-") as folder:
        for number, scene in enumerate(_scenes()):
            good &= _play(scene, Path(folder) / str(number), keys)
    return good


def _scenes() -> Iterator[Scene]:
    from gate.cli.demo.release import Tampering

    yield Scene("a release in order", Tampering())
    yield Scene(
        "images that nobody signed", Tampering(signed=False), frozenset({"signature-absent"})
    )
    yield Scene(
        "images signed by another key",
        Tampering(signed_by_stranger=True),
        frozenset({"signature-wrong-signer"}),
    )
    yield Scene(
        "SBOMs of another image",
        Tampering(sbom_of_other_image=True),
        frozenset({"sbom-wrong-subject"}),
    )
    yield Scene(
        "scans that are too old", Tampering(scan_age=timedelta(days=8)), frozenset({"scan-too-old"})
    )
    yield Scene(
        "images outside the allowlist",
        Tampering(image_registry="registry.example/acme-evil"),
        frozenset({"registry-not-allowed"}),
    )
    # Whoever is privileged can also gain more privileges than its parent.
    privileged = frozenset({"privileged-container"})
    yield Scene("a privileged container", Tampering(privileged=True), privileged)


def _play(scene: Scene, folder: Path, keys: Keys) -> bool:
    from gate.cli.demo.release import make_release
    from gate.cli.demo.texts import ADMIT

    folder.mkdir()
    make_release(folder, keys, datetime.now(UTC), scene.tampering)
    layout = f"{scene.tampering.image_registry}={folder / 'images'}"
    sys.stdout.write(f"\n{scene.title}\n$ gate check --policy policy.yaml manifests/\n")
    report = _check(folder, layout)
    ok = _tell(report, 1 if scene.codes else 0, scene.codes)
    if not scene.codes and ok and report.policy is not None:
        (folder / "admit.yaml").write_text(ADMIT.replace("POLICY", str(report.policy.digest)))
        sys.stdout.write("$ gate admit --policy admit.yaml manifests/\n")
        ok = _tell(_admit(folder, layout), 0, scene.codes)
    return ok


def _check(folder: Path, layout: str) -> Report:
    from gate.cli.runs.check import run_check

    return run_check(_options(folder, "policy.yaml", layout)).report


def _admit(folder: Path, layout: str) -> Report:
    from gate.cli.runs.check import run_admit

    return run_admit(_options(folder, "admit.yaml", layout))


def _options(folder: Path, policy: str, layout: str) -> Options:
    from gate.cli.reads.places import Access
    from gate.cli.runs.prepare import Options

    return Options(
        paths=(str(folder / "manifests"),),
        policy=str(folder / policy),
        access=Access(layouts=(layout,)),
    )


def _tell(report: Report, exit_code: int, codes: frozenset[str]) -> bool:
    """Show a run in a few lines; return whether it ended as it should."""
    from gate.model.verdict import Action
    from gate.reports.neutral import terminal

    blocking = [f for f in report.findings if f.action is Action.BLOCK]
    verdict = "cleared" if report.cleared else "BLOCKED"
    sys.stdout.write(f"  {verdict}, exit code {report.exit_code}\n")
    for finding in sorted(blocking, key=lambda f: -f.severity)[:1]:
        sys.stdout.write(f"  {finding.code}: {terminal(finding.message)}\n")
        sys.stdout.write(f"  → {terminal(finding.remedy)}\n")
    if report.passed is not None and report.passed.stored:
        sys.stdout.write(f"  pass signed, stored {len(report.passed.stored)} times\n")
    if report.exit_code == exit_code and {f.code for f in blocking} == codes:
        return True
    wanted = ", ".join(sorted(codes)) or "no blocking finding"
    sys.stdout.write(f"  expected exit code {exit_code} and {wanted}\n")
    return False
