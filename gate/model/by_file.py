"""Findings sorted file by file: the keys of all of them at once take more room than they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.model.verdict import Finding


def by_file(
    findings: Iterable[Finding], key: Callable[[Finding], tuple[str | int, ...]]
) -> list[Finding]:
    """Return findings as `sorted` gives them, for a key that begins with the file's path.

    That of a finding without a place begins with an empty text.
    """
    found = sorted(findings, key=_path)
    begin = 0
    for _, group in groupby(found, key=_path):
        end = begin + sum(1 for _ in group)
        found[begin:end] = sorted(found[begin:end], key=key)
        begin = end
    return found


def _path(finding: Finding) -> str:
    return finding.location.path if finding.location else ""
