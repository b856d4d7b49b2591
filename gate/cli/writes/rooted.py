"""The paths of a report from the root of the repository, as platforms look files up.

GitHub, GitLab and viewers of SARIF find a file by its path from there, wherever the run was
started. See docs/decisions/0028-paths-from-the-repository.md.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from gate.model.location import IN_REGISTRY, STDIN, Location
from gate.model.report import ImageReport, Report
from gate.model.verdict import Finding


def rooted(report: Report) -> Report:
    """Return the report with every path from the root of the repository.

    That is the nearest folder with `.git` from the working folder up, else the working folder.
    A path outside of it, and `<stdin>`, stay as they are. So do the names of what was left out:
    the policy's patterns say them from the working folder.
    """
    here = Path.cwd()
    root = next((p for p in (here, *here.parents) if (p / ".git").exists()), here)
    return _moved(report, cache(lambda path: from_root(path, here, root)))


def from_root(path: str, here: Path, root: Path) -> str:
    """Return a path that was named in the folder `here` as seen from `root`.

    A path that leads there through a link is followed to the file's own folder.

    >>> from_root("./web.yaml", Path("/shop/k8s"), Path("/shop"))
    'k8s/web.yaml'
    >>> from_root("/etc/web.yaml", Path("/shop/k8s"), Path("/shop"))
    '/etc/web.yaml'
    """
    if path == STDIN or path.startswith(IN_REGISTRY):
        return path
    written = posixpath.normpath(posixpath.join(str(here), path))
    real = posixpath.join(os.path.realpath(posixpath.dirname(written)), posixpath.basename(written))
    for found in (written, real):
        if found.startswith(f"{str(root).rstrip('/')}/"):
            return found[len(str(root).rstrip("/")) + 1 :]
    return path


def _moved(report: Report, path: Callable[[str], str]) -> Report:
    def place(at: Location) -> Location:
        there = path(at.path)
        return at if there == at.path else replace(at, path=there)

    def finding(one: Finding) -> Finding:
        at = one.location and place(one.location)
        return one if at is one.location else replace(one, location=at)

    def image(one: ImageReport) -> ImageReport:
        return replace(one, uses=tuple(replace(u, location=place(u.location)) for u in one.uses))

    return replace(
        report,
        policy=report.policy and replace(report.policy, path=path(report.policy.path)),
        images=tuple(map(image, report.images)),
        findings=tuple(map(finding, report.findings)),
        known=tuple(map(finding, report.known)),
        waived=tuple(replace(w, finding=finding(w.finding)) for w in report.waived),
        suppressed=tuple(replace(s, finding=finding(s.finding)) for s in report.suppressed),
        error=report.error
        and replace(report.error, location=report.error.location and place(report.error.location)),
        lines=report.lines and report.lines.renamed(path),
        linted=replace(report.linted, files=tuple(map(path, report.linted.files))),
    )
