"""What every test shares: how examples are drawn, and fixtures that several rooms ask for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it has no types

from tests.builders.printed_codes import printed_codes

pytest_plugins = ["tests.interop.kubernetes.api_server"]

# A machine that is busy is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


ONE_SERVER = "tests/interop/kubernetes/"
"""The files here share an API server, which takes seconds to start."""
LONG = ("tests/acceptance/", "tests/interop/", "tests/conformance/", "tests/browser/")
"""Rooms with the files that take longest: they begin first, so that no worker waits at the end."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Gives the tests of a file to one worker, so that what they share is built once."""

    def _split_scope(self, nodeid: str) -> str:
        return ONE_SERVER if nodeid.startswith(ONE_SERVER) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:  # noqa: ANN401  # untyped
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return twice as many workers as there are cores: many tests wait for a process."""
    del config
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 2 * (cores or 1)


@pytest.hookimpl(trylast=True)  # after what shuffles them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (ONE_SERVER not in item.nodeid, not item.nodeid.startswith(LONG)))


@pytest.fixture(autouse=True, scope="session")
def _every_code_that_a_command_prints_has_a_page() -> Iterator[None]:
    """Look at the codes of every report and error, in this process and from those it waits for."""
    from gate.cli import guard  # noqa: PLC0415  # after a plug-in has measured start-up
    from gate.cli.writes import output  # noqa: PLC0415  # likewise
    from gate.errors import GateError  # noqa: PLC0415  # likewise
    from gate.explain.pages import names  # noqa: PLC0415  # likewise
    from gate.model.report import Report  # noqa: PLC0415  # likewise
    from gate.reports.problems import excused, problems  # noqa: PLC0415  # likewise

    printed: set[str] = set()
    run = subprocess.run
    shown, say = output.shown, guard.tell_error

    def see(report: Report, *args: Any, **kwargs: Any) -> Iterable[str]:  # noqa: ANN401  # as `shown` does
        found = (*problems(report), *(problem for problem, _ in excused(report)))
        printed.update(problem.code for problem in found)
        return shown(report, *args, **kwargs)

    def hear(error: GateError) -> None:
        printed.add(str(error.code))
        say(error)

    def wait(*args: Any, **kwargs: Any) -> subprocess.CompletedProcess[Any]:  # noqa: ANN401  # as `run`
        done = run(*args, **kwargs)
        for stream in (done.stdout, done.stderr):
            text = stream.decode(errors="replace") if isinstance(stream, bytes) else stream or ""
            printed.update(printed_codes(text))
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(subprocess, "run", wait)
        patched.setattr(output, "shown", see)
        patched.setattr(guard, "tell_error", hear)
        yield
    assert printed - set(names()) == set()
