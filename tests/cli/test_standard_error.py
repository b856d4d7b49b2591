"""What is told on standard error changes no exit code."""

from __future__ import annotations

import io
import sys

import pytest

from gate.cli.guard import guarded
from gate.cli.writes.standard_error import tell, warn


class _Full(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_warning_says_what_is_wrong_its_code_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    warn("ghcr.io\x1b[31m is slow", "slow", "wait")
    assert capsys.readouterr().err == "gate: ghcr.io\\x1b[31m is slow [slow]\n  → wait\n"


@pytest.mark.parametrize("stream", [None, _Full()])
def test_a_command_that_warns_ends_with_its_own_code_where_nobody_can_be_told(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None
) -> None:
    def command() -> int:
        tell("fixed a.yaml\n")
        warn("a host is slow", "slow", "wait")
        return 0

    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(SystemExit) as ended:
        guarded(command)()
    assert ended.value.code == 0
