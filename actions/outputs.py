"""What a step hands on: the files of one run, and the outputs that name them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PREDICATE_TYPE: Final = "https://slsa.dev/verification_summary/v1"
FILES: Final = {
    "json": "gate.json",
    "sarif": "gate.sarif",
    "junit": "junit.xml",
    "markdown": "summary.md",
    "github": "annotations.txt",
}
"""The report formats that a step asks for, and their files."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Where one run writes: a new folder that nobody else knew before."""

    folder: Path

    @property
    def json(self) -> Path:
        """The whole report."""
        return self.folder / FILES["json"]

    @property
    def summary(self) -> Path:
        """The summary, in Markdown."""
        return self.folder / FILES["markdown"]

    @property
    def annotations(self) -> Path:
        """The annotations, as commands to the runner."""
        return self.folder / FILES["github"]

    @property
    def pinned(self) -> Path:
        """The manifests to apply."""
        return self.folder / "apply.yaml"

    @property
    def passes(self) -> Path:
        """The folder of the signed passes."""
        return self.folder / "passes"

    def options(self, command: str) -> list[str]:
        """Return the options that make gate write here."""
        options = [f"--output={name}={self.folder / file}" for name, file in FILES.items()]
        if command == "check":
            self.passes.mkdir()
            options.append(f"--pass-file={self.passes}")
        return options

    def named(self, path: Path) -> str:
        """Return a file's path; nothing where there is no such file."""
        return str(path) if path.is_file() else ""


def outputs_of(command: str, code: int, reports: Reports) -> dict[str, str]:
    """Return every output of a command's action, `result` first.

    `result` is `cleared` only where the exit code and the report both say so: a pass that
    could not be signed, and a run without a report, are errors.
    """
    report = _report(reports.json)
    outputs = {
        "result": _result(code, report),
        "exit-code": str(code),
        "findings": str(sum(f["action"] == "block" for f in report.get("findings", ()))),
        "report-folder": str(reports.folder),
        "json-file": reports.named(reports.json),
        "sarif-file": reports.named(reports.folder / FILES["sarif"]),
        "junit-file": reports.named(reports.folder / FILES["junit"]),
    }
    if command == "lint":
        return outputs
    outputs["images"] = json.dumps(_pinned(report))
    outputs["policy-digest"] = (report.get("policy") or {}).get("digest", "")
    if command == "admit":
        return {**outputs, "pinned-file": reports.named(reports.pinned)}
    return {**outputs, **_passes(report, reports)}


def _report(path: Path) -> dict[str, Any]:
    """Return the whole report; an empty one where there is none that can be read."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _result(code: int, report: Mapping[str, Any]) -> str:
    match code, report.get("verdict"):
        case 0, "cleared":
            return "cleared"
        case ((1 | 3), "blocked") if not report.get("error"):
            return "blocked"
        case _:
            return "error"


def _pinned(report: Mapping[str, Any]) -> list[str]:
    """Return each image that was found, as registry/repository@digest."""
    return [image["pinned"] for image in report.get("images", ()) if image["pinned"]]


def _passes(report: Mapping[str, Any], reports: Reports) -> dict[str, str]:
    """Return where the signed passes are, and what `actions/attest` takes of them.

    That action signs one predicate over its subjects, and a pass is about one image: so there
    is a predicate only for a release of one image.
    """
    bundles = sorted(str(path) for path in reports.passes.glob("*.sigstore.json"))
    predicates = [
        path
        for path in sorted(reports.passes.glob("*.predicate.json"))
        if not path.name.startswith("release.")
    ]
    checksums = reports.folder / "subjects.txt"
    if predicates:
        pairs = (pinned.split("@sha256:") for pinned in _pinned(report))
        lines = (f"{digest}  {name}\n" for name, digest in pairs)
        checksums.write_text("".join(lines), encoding="utf-8")
    one = predicates[0] if len(predicates) == 1 else None
    return {
        "pass-folder": str(reports.passes) if bundles else "",
        "bundle-path": "\n".join(bundles),
        "predicate-path": str(one) if one else "",
        "predicate-type": PREDICATE_TYPE,
        "subject-checksums": reports.named(checksums),
    }
