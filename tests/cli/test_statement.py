"""What a dry run would sign is written where it is asked, and nowhere else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.cli.demo.release import Keys, Tampering, make_release
from gate.cli.reads.places import Access
from gate.cli.runs.check import Checked, run_check
from gate.cli.runs.prepare import Options
from gate.cli.writes.output import shown
from gate.errors import UsageError


@pytest.fixture
def asked(tmp_path: Path) -> Options:
    made = Tampering()
    make_release(tmp_path, Keys(), datetime.now(UTC), made)
    return Options(
        paths=[str(tmp_path / "manifests")],
        policy=str(tmp_path / "policy.yaml"),
        access=Access(layouts=[f"{made.image_registry}={tmp_path / 'images'}"]),
    )


def check(asked: Options, file: Path) -> Checked:
    return run_check(asked, dry_run=True, statement=str(file))


def test_a_dry_run_writes_what_it_would_sign_a_statement_a_line(
    asked: Options, tmp_path: Path
) -> None:
    file = tmp_path / "statements"
    report = check(asked, file).report
    assert report.cleared, "".join(shown(report, "text"))
    stated = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(stated) == len(report.images)
    assert {s["_type"] for s in stated} == {"https://in-toto.io/Statement/v1"}
    assert "in-toto" not in "".join(shown(report, "text"))


def test_a_blocked_run_leaves_no_statement_of_an_earlier_one(
    asked: Options, tmp_path: Path
) -> None:
    file = tmp_path / "statements"
    file.write_text("old")
    manifest = next(Path(asked.paths[0]).iterdir())
    manifest.write_text(manifest.read_text().replace("image: ", "image: other.example/", 1))
    assert not check(asked, file).report.cleared
    assert not file.exists()


def test_a_run_that_signs_has_no_unsigned_statement(asked: Options, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        run_check(asked, statement=str(tmp_path / "statements"))
    assert refused.value.code == "statement-without-dry-run"
