"""How the trusted root that comes with gate is renewed: what is written, and who may propose it."""

from __future__ import annotations

import importlib.util
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.model.image import Digest
from tests.trust import given

ROOT: Final = Path(__file__).parents[2]
LAST: Final = datetime(2026, 11, 21, tzinfo=UTC)
SOON: Final = LAST + timedelta(days=7)
OLD: Final = (ROOT / "gate/trust/roots/public-good.json").read_bytes()
NEW: Final = json.dumps(given.root_document()).encode()
WORKFLOW: Final[dict[Any, Any]] = yaml.safe_load(
    (ROOT / ".github/workflows/renew-root.yml").read_text()
)


def _script() -> Any:  # noqa: ANN401  # a module
    spec = importlib.util.spec_from_file_location("renew_root", ROOT / ".ci/renew_root.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT: Final = _script()


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    (tmp_path / "roots").mkdir()
    shutil.copy(ROOT / "gate/trust/embedded.py", tmp_path)
    (tmp_path / "roots/public-good.json").write_bytes(OLD)
    return tmp_path


def _held(trust: Path) -> tuple[bytes, str, str]:
    """Return the file, and what the module says of its digest and day."""
    spec = importlib.util.spec_from_file_location("renewed", trust / "embedded.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    content = (trust / "roots/public-good.json").read_bytes()
    return content, module.EMBEDDED_DIGEST, f"{module.EMBEDDED_AT:%Y-%m-%d}"


def test_another_root_is_written_with_its_digest_and_day(trust: Path) -> None:
    assert SCRIPT.renew(trust, NEW, at=SOON, last=LAST)
    assert _held(trust) == (NEW, str(Digest.of(NEW)), "2026-11-28")


def test_the_same_root_gets_a_new_day_after_90_days_alone(trust: Path) -> None:
    before = _held(trust)
    assert not SCRIPT.renew(trust, OLD, at=LAST + timedelta(days=90, seconds=-1), last=LAST)
    assert _held(trust) == before
    assert SCRIPT.renew(trust, OLD, at=LAST + timedelta(days=90), last=LAST)
    assert _held(trust) == (OLD, str(Digest.of(OLD)), "2027-02-19")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"mediaType": "application/json"}, "its media type is another"),
        ({"ctlogs": []}, "it lacks authorities or logs"),
        ({"timestampAuthorities": []}, "it lacks authorities or logs"),
        (
            {"tlogs": [*given.root_document()["tlogs"], {}]},
            r"tlogs\[2\] lacks the field .publicKey",
        ),
    ],
)
def test_a_root_that_gate_does_not_wholly_understand_is_not_written(
    trust: Path, change: dict[str, Any], why: str
) -> None:
    before = _held(trust)
    with pytest.raises(ValueError, match=why):
        SCRIPT.renew(trust, json.dumps(given.root_document() | change).encode(), at=SOON, last=LAST)
    assert _held(trust) == before


def test_a_module_without_the_lines_is_told_and_nothing_is_written(trust: Path) -> None:
    (trust / "embedded.py").write_text("EMBEDDED_AT: Final = 1\n")
    with pytest.raises(ValueError, match="no one line of EMBEDDED_DIGEST"):
        SCRIPT.renew(trust, NEW, at=SOON, last=LAST)
    assert (trust / "embedded.py").read_text() == "EMBEDDED_AT: Final = 1\n"
    assert (trust / "roots/public-good.json").read_bytes() == OLD


def test_a_repository_that_gives_no_root_ends_the_script_with_a_sentence(
    trust: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(SCRIPT, "TRUST", trust)
    monkeypatch.setattr(SCRIPT, "fetch_trusted_root", lambda _url, _first: b"{}")
    before = _held(trust)
    assert SCRIPT.main() == 1
    assert capsys.readouterr().err.startswith("the trusted root was not renewed: ")
    assert _held(trust) == before


def test_the_repository_is_verified_from_the_first_root_of_the_locked_package(
    trust: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, str]] = []

    def fetch(url: str, first: bytes) -> bytes:
        asked.append((url, json.loads(first)["signed"]["_type"]))
        return NEW

    monkeypatch.setattr(SCRIPT, "TRUST", trust)
    monkeypatch.setattr(SCRIPT, "fetch_trusted_root", fetch)
    assert SCRIPT.main() == 0
    assert asked == [("https://tuf-repo-cdn.sigstore.dev", "root")]
    assert capsys.readouterr().out == f"the trusted root was written anew: {Digest.of(NEW)}\n"
    assert _held(trust)[0] == NEW


def test_the_job_that_asks_writes_nothing_and_the_one_that_proposes_runs_no_code_of_ours() -> None:
    jobs = WORKFLOW["jobs"]
    assert WORKFLOW["permissions"] == {}
    assert jobs["ask"]["permissions"] == {"contents": "read"}
    assert jobs["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    (script,) = [step["run"] for step in jobs["propose"]["steps"] if "run" in step]
    assert {line.split()[0] for line in script.replace("\\\n", " ").splitlines()} == {
        *("git", "gh", "if", "fi")
    }


def test_no_step_puts_a_value_of_github_into_a_script_of_a_scheduled_workflow() -> None:
    scripts = [
        step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert len(scripts) == 2
    assert [script for script in scripts if "${{" in script] == []
