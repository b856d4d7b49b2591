"""The examples are policies that gate reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy


@pytest.mark.parametrize("name", ["gate.yaml", "admit.yaml"])
def test_an_example_is_read_with_every_file_that_it_names(name: str) -> None:
    policy = find_policy(str(Path("examples") / name), None)
    assert policy.images
