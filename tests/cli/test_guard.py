"""How a command ends. Nothing but a verdict ends like one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gate.cli.guard import guarded
from gate.errors import GateError, PolicyError, RegistryError, SigningError, UsageError
from gate.model.location import Location
from tests.builders.commands import POD


def ends(command: object) -> int:
    with pytest.raises(SystemExit) as caught:
        guarded(command)()  # type: ignore[arg-type]  # a test's own function
    code = caught.value.code
    assert isinstance(code, int)
    return code


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_verdict_s_code_is_the_exit_code(code: int) -> None:
    assert ends(lambda: code) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("policy-bad-value", "p", remedy="r"), 2),
        (PolicyError("policy-bad-value", "p", remedy="r"), 2),
        (RegistryError("policy-bad-value", "p", remedy="r"), 3),
        (SigningError("policy-bad-value", "p", remedy="r"), 3),
    ],
)
def test_an_error_has_the_exit_code_of_its_kind(error: GateError, code: int) -> None:
    def command() -> int:
        raise error

    assert ends(command) == code


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError(1), RecursionError(), MemoryError(), AssertionError()]
)
def test_r112_r120_a_crash_is_never_a_failed_check(error: Exception) -> None:
    def command() -> int:
        raise error

    assert ends(command) == 3


def test_r111_an_interrupt_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> int:
        raise KeyboardInterrupt

    assert ends(command) == 130
    assert capsys.readouterr().err == "gate: interrupted; nothing was decided\n"


def test_an_error_says_place_cause_code_and_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> int:
        raise PolicyError(
            "policy-unknown-key",
            "unknown key '\x1b[31m'",
            remedy="did you mean 'images'?",
            location=Location(".gate.yaml", 3, 1),
        )

    ends(command)
    assert capsys.readouterr().err == (
        "gate: .gate.yaml:3:1: unknown key '\\x1b[31m' [policy-unknown-key]\n"
        "  → did you mean 'images'?\n"
    )


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", ">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize(("path", "code"), [("pod.yaml", 1), ("no-such-file", 2)])
def test_r115_r116_a_stream_that_is_closed_or_full_makes_no_verdict_of_an_error(
    tmp_path: Path, path: str, code: int, streams: str
) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    call = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "gate"]
    done = subprocess.run(  # noqa: S603  # our own interpreter and our own program
        [*call, "lint", str(tmp_path / path)], stdout=subprocess.DEVNULL, check=False, timeout=60
    )
    unread = code == 1 and streams.startswith(">")  # a report that nobody got is no verdict
    assert done.returncode == (3 if unread else code)


def test_r115_a_reader_that_goes_away_gets_no_verdict_and_files_are_whole(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    call = [sys.executable, "-m", "gate", "lint", str(tmp_path / "pod.yaml")]
    with subprocess.Popen(  # noqa: S603  # our own interpreter and our own program
        [*call, "--output", f"json={tmp_path}/gate.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdout is not None
        run.stdout.close()
        assert run.wait(60) == 3
    assert '"verdict": "blocked"' in (tmp_path / "gate.json").read_text()
