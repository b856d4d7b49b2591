"""The table at the end of `make bench`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from benchmarks import child, figures

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()


def lines(*told: tuple[str, float, float | None, str]) -> str:
    return "".join(json.dumps(one) + "\n" for one in told)


def row_of(*told: str | float | None) -> str:
    """Return the one row of a table."""
    head, rule, row = figures.table(json.dumps(told)).partition("\n\n")[0].splitlines()
    assert head.count("|") == rule.count("|") == row.count("|")
    return row


def test_a_row_has_the_figure_of_gate_and_how_many_times_that_of_the_other_it_is() -> None:
    assert row_of("memory-sbom", 252.4, 50.8, "100,000 components") == (
        "| memory of a check of an SBOM, 100,000 components | 252 MB | the document: 50.8 MB "
        "| 4.97 | at most 8: met |"
    )


@pytest.mark.parametrize(
    ("figure", "other", "end"),
    [(2.0, 120.0, "60 | at least 60: met |"), (2.01, 120.0, "59.7 | at least 60: not met |")],
)
def test_where_gate_is_to_be_faster_the_ratio_is_of_the_other_to_gate(
    figure: float, other: float, end: str
) -> None:
    assert row_of("latency-far", figure, other, "40 images, 40 ms away").endswith(f"| {end}")


@pytest.mark.parametrize(("figure", "end"), [(200.0, "met"), (200.1, "not met")])
def test_what_has_no_peer_is_held_to_its_promise_by_itself(figure: float, end: str) -> None:
    row = row_of("many-memory", figure, None, "10,000 images")
    assert row.endswith(f"| 200 MB |  |  | at most 200: {end} |")


def test_a_promise_for_another_amount_is_told_and_not_judged() -> None:
    row = row_of("many-memory", 60.0, None, "1,000 images")
    assert row == (
        "| memory of a check of 1,000 images | 60 MB |  |  | at most 200 for 10,000 images |"
    )


def test_what_was_not_measured_is_named_with_the_command_that_measures_it() -> None:
    said = figures.table(lines(("start-cosign", 0.2, None, ""))).splitlines()
    check = "check of an image (signature, SBOM, scan), start to exit"
    assert {
        f"not measured: cosign verify, beside {check} (`python -m benchmarks.start`)",
        "not measured: memory of a check of 10,000 images (`python -m benchmarks.many 10000`)",
    } <= set(said)
    every = figures.table(lines(*((name, 1.0, 1.0, "") for name in figures.ROWS)))
    assert "not measured" not in every


def test_a_figure_is_added_where_make_bench_wants_one_and_has_a_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GATE_FIGURES", raising=False)
    figures.tell("folder", 1.0, 2.0)
    monkeypatch.setenv("GATE_FIGURES", str(tmp_path / "figures"))
    figures.tell("folder", 1.0, 2.0)
    figures.tell("nights", 3.0, much="7 nights")
    assert [json.loads(line) for line in (tmp_path / "figures").read_text().splitlines()] == [
        ["folder", 1.0, 2.0, ""],
        ["nights", 3.0, None, "7 nights"],
    ]
    with pytest.raises(KeyError):
        figures.tell("no such row", 1.0)


def test_every_row_is_measured_by_a_benchmark_that_make_bench_runs() -> None:
    run = set(re.findall(r"-m benchmarks\.(\w+)", MAKEFILE)) - {"figures"}
    assert {row.command.partition(" ")[0] for row in figures.ROWS.values()} == run
    told = {
        row
        for path in (ROOT / "benchmarks").glob("*.py")
        for row in re.findall(r'"([a-z-]+)"', path.read_text())
        if path.name != "figures.py"
    }
    made = {f"start-{name}" for name in ("check", "admit", "sign")}
    made |= {f"lint-{name}" for name in ("renamed", "small")}
    assert set(figures.ROWS) <= told | made


def test_a_program_is_measured_without_the_memory_of_who_starts_it() -> None:
    held = b"x" * 80_000_000
    used = child.run([sys.executable, "-c", "raise SystemExit(3)"])
    assert held
    assert used.code == 3
    assert 0 < used.peak < 60_000_000
    assert used.wall > 0
