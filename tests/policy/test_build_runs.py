"""Which builders are one run of GitHub Actions."""

from __future__ import annotations

import pytest

from gate.policy.build_runs import any_run, run_of

RUNS = "https://github.com/acme/shop/actions/runs"


@pytest.mark.parametrize(
    ("builder", "run", "every"),
    [
        (f"{RUNS}/17/attempts/2", f"{RUNS}/17", f"{RUNS}/*/attempts/*"),
        (f"{RUNS}/17", f"{RUNS}/17", f"{RUNS}/*"),
        (f"{RUNS}/17/jobs/2", f"{RUNS}/17/jobs/2", f"{RUNS}/17/jobs/2"),
        (f"{RUNS}/*", f"{RUNS}/*", f"{RUNS}/*"),
        (f"{RUNS}/1\n", f"{RUNS}/1\n", f"{RUNS}/1\n"),
        ("", "", ""),
    ],
)
def test_a_run_is_known_and_everything_else_is_left_as_it_is(
    builder: str, run: str, every: str
) -> None:
    assert (run_of(builder), any_run(builder)) == (run, every)
