"""Findings sorted file by file: the keys of all of them at once take more room than they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.model.verdict import Finding


def by_file(
    findings: Iterable[Finding], key: Callable[[Finding], tuple[str | int, ...]]
) -> Iterator[Finding]:
    """Yield findings as `sorted` gives them, for a key that begins with the file's path.

    That of a finding without a place begins with an empty text.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.location.path if finding.location else ""].append(finding)
    for path in sorted(found):
        yield from sorted(found.pop(path), key=key)
