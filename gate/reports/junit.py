"""JUnit XML: a test case for each check of each image and each lint rule of each file.

There is no standard; this is the form that GitLab, Jenkins and GitHub's actions read:
https://github.com/testmoapp/junitxml

Blocking findings are failures; undecided questions and the run's own error are errors;
what is waived or suppressed is a skipped case; warnings pass, and say so. The first case
is the verdict itself, so that a run that is blocked never counts as all passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Final
from xml.etree import ElementTree as ET

from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.report import MAX_EXCLUDED_NAMED, Report
from gate.reports.left_out import left_out_names
from gate.reports.neutral import terminal
from gate.reports.problems import Kind, Problem, excused, problems

MAX_PASSED: Final = 20_000
"""Above this many pairs of file and rule, those that hold are one case a file."""
_RUN: Final = "gate"
_NOT_WHOLE: Final = frozenset(
    (
        *("yaml-parse-error", "yaml-duplicate-key", "yaml-limits", "not-a-kubernetes-object"),
        *("mixed-file", "incomplete-object", "list-items"),
    )
)
"""Rules whose finding means that the others were not asked of the whole file."""


@dataclass(slots=True)
class _Case:
    found: list[Problem] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)


_Suites = defaultdict[str, defaultdict[str, _Case]]
"""Cases by the name of their suite, then by check or rule."""


def render(report: Report) -> str:
    """Return the document, with a line feed at its end."""
    digests = {i.name: i.resolved.digest for i in report.images if i.resolved is not None}
    root = ET.Element("testsuites", name="gate")
    for name, cases in sorted(_suites(report).items(), key=lambda s: (s[0] != _RUN, s[0])):
        suite = ET.SubElement(root, "testsuite", name=terminal(name))
        suite.set("timestamp", f"{report.at:%Y-%m-%dT%H:%M:%S}")
        _property(suite, digests.get(name))
        if name == _RUN:
            _excluded(suite, report)
            _verdict(suite, report)
        for rule, case in sorted(cases.items()):
            _case(suite, name, rule, case)
        _count(suite, suite.findall("testcase"))
    _count(root, root.findall("testsuite/testcase"))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suites(report: Report) -> _Suites:
    images: dict[str, dict[str, None]] = defaultdict(dict)
    for image in report.images:
        for subject in (image.name, str(image.resolved or image.name)):
            images[subject][image.name] = None  # one image can have two names, each with a suite
    suites: _Suites = defaultdict(lambda: defaultdict(_Case))
    for image in report.images:
        for check in image.checks:
            suites[image.name][check.check] = _Case()
    for path, rule in _held(report):
        suites[path][rule] = _Case()
    for problem in problems(report):
        path = problem.location.path if problem.location else _RUN
        names = (_RUN,) if problem.kind is Kind.ERROR else images.get(problem.subject, (path,))
        for name in names:
            suites[name][problem.rule].found.append(problem)
    for problem, why in excused(report):
        path = problem.location.path if problem.location else _RUN
        for name in images.get(problem.subject, (path,)):
            suites[name][problem.rule].excused.append(f"{problem.title} {why}")
    suites.setdefault(_RUN, defaultdict(_Case))
    return suites


def _held(report: Report) -> Iterator[tuple[str, str]]:
    """Yield each file with each rule that was asked of the whole of it."""
    linted = report.linted
    few = len(linted.files) * len(linted.rules) <= MAX_PASSED
    rules = linted.rules if few else ("every rule that is not listed",)
    broken = {f.location.path for f in report.findings if f.rule in _NOT_WHOLE and f.location}
    for path in linted.files:
        if path not in broken:
            yield from ((path, rule) for rule in rules)


def _verdict(suite: ET.Element, report: Report) -> None:
    case = _element(suite, _RUN, "verdict")
    if report.error is not None:
        ET.SubElement(case, "error", type="error", message="there is no verdict, or no pass")
    elif not report.cleared:
        ET.SubElement(case, "failure", type="blocked", message="the release is blocked")


def _case(suite: ET.Element, name: str, rule: str, held: _Case) -> None:
    """Add one case with one outcome, by the gravest of all that was found."""
    case = _element(suite, name, rule)
    lines = "\n".join(map(_line, held.found))
    if held.found and held.found[0].kind is not Kind.WARN:
        _outcome(case, held.found).text = lines
    elif held.found:
        ET.SubElement(case, "system-out").text = lines
    elif held.excused:
        ET.SubElement(case, "skipped", message=terminal("; ".join(held.excused)))


def _outcome(case: ET.Element, found: Sequence[Problem]) -> ET.Element:
    blocks = any(problem.kind is Kind.BLOCK for problem in found)
    outcome = ET.SubElement(case, "failure" if blocks else "error", type=terminal(found[0].code))
    outcome.set("message", terminal(f"{found[0].title}: {found[0].message}"))
    return outcome


def _element(suite: ET.Element, name: str, rule: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=terminal(rule), classname=terminal(name), time="0")


def _property(suite: ET.Element, digest: Digest | None) -> None:
    if digest is not None:
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="digest", value=str(digest))


def _excluded(suite: ET.Element, report: Report) -> None:
    """Name what the policy left out: a property, since no case tells of it."""
    if report.excluded.count:
        properties = ET.SubElement(suite, "properties")
        names = terminal(left_out_names(report.excluded, MAX_EXCLUDED_NAMED))
        ET.SubElement(properties, "property", name="excluded", value=names)


def _count(element: ET.Element, cases: Sequence[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for tag, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(key, str(sum(case.find(tag) is not None for case in cases)))


def _line(problem: Problem) -> str:
    at = f"{problem.location}: " if problem.location else ""
    return terminal(f"{at}{problem.title}: {problem.message} → {problem.remedy}")
