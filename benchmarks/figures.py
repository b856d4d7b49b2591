"""The main figures of all benchmarks in one table, with ratios and what is promised.

    python -m benchmarks.figures FILE

`make bench` names a file as GATE_FIGURES. Each benchmark adds a line of JSON to it for each row
that it has measured. This program prints the rows that are there, and says of each other row which
command measures it. A ratio is of one run; without a peer there is none. Nothing fails here.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = "GATE_FIGURES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table."""

    what: str
    """With {} for how much of it."""
    command: str
    """What measures it, after `python -m benchmarks.`"""
    unit: str
    usual: str = ""
    """How much of it the promise is for."""
    beside: str = ""
    """What else is measured in the same run, in the same unit."""
    times_faster: bool = False
    """Whether the ratio is of the other to gate; else it is of gate to the other."""
    most: float | None = None
    """What is promised: of the ratio, where something is measured beside; else of the figure."""
    least: float | None = None

    def ratio(self, found: Found) -> float | None:
        """Return the ratio; None where nothing was measured beside."""
        if found.other is None:
            return None
        return found.other / found.gate if self.times_faster else found.gate / found.other

    def promise(self, found: Found) -> str:
        """Return what is promised, and whether it was met where that was measured."""
        value = self.ratio(found) if self.beside else found.gate
        bound = self.most if self.most is not None else self.least
        if bound is None:
            return ""
        told = f"at {'most' if self.most is not None else 'least'} {bound:g}"
        if found.much != self.usual:
            return f"{told} for {self.usual}"
        if value is None:
            return told
        met = value <= bound if self.most is not None else value >= bound
        return f"{told}: {'met' if met else 'not met'}"

    def missing(self, found: Found | None) -> str:
        """Return what was not measured, or not beside what was, and what measures it."""
        what = self.what.format(found.much if found else self.usual)
        told = f"{self.beside}, beside {what}" if found else what
        return f"not measured: {told} (`python -m benchmarks.{self.command}`)"

    def cells(self, found: Found) -> str:
        """Return the row."""
        ratio, other = self.ratio(found), found.other
        cells = [self.what.format(found.much), f"{_short(found.gate)} {self.unit}"]
        cells += ["" if other is None else f"{self.beside}: {_short(other)} {self.unit}"]
        cells += ["" if ratio is None else _short(ratio), self.promise(found)]
        return f"| {' | '.join(cells)} |"


class Found(NamedTuple):
    """What was measured for a row."""

    gate: float
    other: float | None
    much: str


_BARE: Final = "a bare interpreter"
_FLOOR: Final = "the floor: five round trips, and the CPU time on loopback"
_LOOP: Final = "a loop of cosign"
ROWS: Final = {
    "start-check": Row(
        what="check of an image, start to exit",
        command="start",
        unit="s",
        beside=_BARE,
        most=5,
    ),
    "start-admit": Row(
        what="admit of an image, start to exit",
        command="start",
        unit="s",
        beside=_BARE,
        most=5,
    ),
    "start-sign": Row(
        what="sign with a key, start to exit", command="start", unit="s", beside=_BARE, most=6.7
    ),
    "start-cosign": Row(
        what="check of an image (signature, SBOM, scan), start to exit",
        command="start",
        unit="s",
        beside="cosign verify",
    ),
    "latency-floor": Row(
        what="check of {}",
        command="latency",
        usual="40 images, 40 ms away",
        unit="s",
        beside=_FLOOR,
        most=2.5,
    ),
    "latency-far": Row(
        what="check of {}",
        command="latency",
        usual="40 images, 40 ms away",
        unit="s",
        beside=_LOOP,
        times_faster=True,
        least=60,
    ),
    "latency-near": Row(
        what="check of {} on loopback",
        command="latency",
        usual="40 images",
        unit="s",
        beside=_LOOP,
        times_faster=True,
        least=10,
    ),
    "registry": Row(
        what="look at {} on loopback, 8 threads",
        command="registry",
        usual="100 images with 3 attestations",
        unit="s",
        beside="a loop of bare GETs",
        most=1.3,
    ),
    "many-cpu": Row(
        what="CPU for each image, {}",
        command="many 10 1000",
        usual="1,000 images beside 10",
        unit="ms",
        beside="the fewer",
    ),
    "many-memory": Row(
        what="memory of a check of {}",
        command="many 10000",
        usual="10,000 images",
        unit="MB",
        most=200,
    ),
    "memory-attest": Row(
        what="memory of signing an SBOM, {}",
        command="memory",
        usual="100,000 components",
        unit="MB",
        beside="the document",
        most=8,
    ),
    "memory-sbom": Row(
        what="memory of a check of an SBOM, {}",
        command="memory",
        usual="100,000 components",
        unit="MB",
        beside="the document",
        most=8,
    ),
    "memory-sbom-twice": Row(
        what="memory of a check of an SBOM in two forms, {}",
        command="memory",
        usual="100,000 components",
        unit="MB",
        beside="the document",
        most=8,
    ),
    "memory-scan": Row(
        what="memory of a check of a scan, {}",
        command="memory",
        usual="51 MB",
        unit="MB",
        beside="the document",
        most=8,
    ),
    "sbom": Row(
        what="SBOM of 100,000 components, from bytes to model",
        command="sbom",
        unit="ms",
        beside="json.loads, which checks nothing",
    ),
    "sbom-peer": Row(
        what="SBOM of 5,000 components, from bytes to model",
        command="sbom",
        unit="ms",
        beside="cyclonedx-python-lib",
        times_faster=True,
    ),
    "trust": Row(
        what="verify a bundle of Rekor v1",
        command="trust",
        unit="ms of CPU",
        beside="sigstore-python",
        times_faster=True,
    ),
    "lint-file": Row(
        what="lint of one file, start to exit", command="lint", unit="s", beside=_BARE
    ),
    "lint-folder": Row(
        what="lint of the folder{}, user CPU",
        command="lint",
        unit="s",
        beside="kube-linter",
        times_faster=True,
    ),
    "lint-renamed": Row(
        what="memory of lint, {} of renamed manifests",
        command="lint",
        usual="61.5 MB",
        unit="MB",
        most=220,
    ),
    "lint-small": Row(
        what="memory of lint, {} of small manifests",
        command="lint",
        usual="61.5 MB",
        unit="MB",
        most=220,
    ),
    "folder": Row(
        what="check of 50 manifests among 50,000 files, less that of one manifest",
        command="folder",
        unit="s",
        beside="a bare walk that opens the same files",
    ),
    "signing": Row(
        what="passes of {} by the identity of a job, a log of 0.3 s",
        command="signing",
        usual="30 images",
        unit="s",
    ),
    "promote": Row(
        what="memory of a promotion to a registry, {}",
        command="promote",
        usual="128 MB",
        unit="MB",
        most=100,
    ),
    "evidence": Row(
        what="admit of an image with {}", command="evidence", usual="200 attestations", unit="s"
    ),
    "nights": Row(
        what="scan, check and admit, each of {}", command="nights", usual="7 nights", unit="s"
    ),
    "admission": Row(
        what="webhook, CPU for a request of a known image",
        command="admission",
        unit="ms",
        beside="a webhook that always allows",
    ),
    "two-hours": Row(
        what="{} at the webhook, on a clock of their own",
        command="two_hours",
        usual="3,000 requests",
        unit="s",
    ),
}
"""Every row, in the table's order."""


def tell(row: str, gate: float, other: float | None = None, *, much: str = "") -> None:
    """Add what was measured, of how much, to the table of `make bench`, where there is one."""
    if row not in ROWS:
        raise KeyError(row)
    if name := os.environ.get(_FILE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps([row, gate, other, much]) + "\n")


def table(lines: str) -> str:
    """Return the table of what was measured, as Markdown, and what was not."""
    told = {row: Found(*found) for row, *found in map(json.loads, lines.splitlines())}
    shown = ["| | gate | beside it | ratio | promised |", "| --- | --- | --- | --- | --- |"]
    shown += [row.cells(told[name]) for name, row in ROWS.items() if name in told]
    missing = [
        row.missing(told.get(name))
        for name, row in ROWS.items()
        if name not in told or (row.beside and told[name].other is None)
    ]
    return "\n".join([*shown, "", *dict.fromkeys(missing)]).rstrip() + "\n"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004  # digits to show


def main(path: str) -> None:
    """Print the table, with the day, the machine and its load."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    sys.stdout.write(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores {platform.machine()}, "
        f"Python {platform.python_version()}, load {load}\n\n"
    )
    sys.stdout.write(table(Path(path).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(sys.argv[1])
