"""The verdict as variables: GitLab's dotenv report, for the jobs that come after.

https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv

No value holds anything but what digests, references and our own words are made of: no
space, quote, line feed or comment. The file stays within 5 KB and 20 variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.model.expressions import expression
from gate.model.report import Report
from gate.reports.problems import result

MAX_BYTES: Final = 5 * 1024
MAX_VARIABLES: Final = 20
_VALUE: Final = expression(r"[A-Za-z0-9._:/@+-]+")


def render(report: Report) -> str:
    """Return a line for each variable.

    `GATE_IMAGE_<n>` are the judged images with their digests, of a cleared run only, and
    all of them or none: a job that deploys some of a release would not know it. Where they
    do not fit, `GATE_IMAGES` still says how many there are, and the JSON report names them.
    """
    lines = [f"{name}={value}\n" for name, value in _variables(report) if _VALUE.fullmatch(value)]
    images = list(_images(report))
    whole = lines + images
    fits = len(whole) <= MAX_VARIABLES and sum(map(len, whole)) <= MAX_BYTES
    return "".join(whole if fits else lines)


def _variables(report: Report) -> Iterator[tuple[str, str]]:
    yield "GATE_RESULT", result(report)
    yield "GATE_EXIT_CODE", str(report.exit_code)
    if report.error is not None:
        yield "GATE_ERROR", report.error.code
    if report.policy is not None:
        yield "GATE_POLICY_DIGEST", str(report.policy.digest)
    if report.release is not None:
        yield "GATE_RELEASE_DIGEST", str(report.release.digest)
    if report.passed is not None:
        yield "GATE_PASS", report.passed.state.value
    yield "GATE_IMAGES", str(len(report.images))


def _images(report: Report) -> Iterator[str]:
    if result(report) != "cleared":
        return
    resolved = [str(i.resolved) for i in report.images if i.resolved is not None]
    if len(resolved) == len(report.images) and all(map(_VALUE.fullmatch, resolved)):
        for number, name in enumerate(resolved):
            yield f"GATE_IMAGE_{number}={name}\n"
