"""One audit in a process of its own, for a server: `python -m gate.cli.runs.audited OPTIONS`.

`OPTIONS` is a JSON object, which the server writes. What is printed is one JSON object: the
summary, or `error` and `why`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any, Final

from gate.cli.reads.places import Access
from gate.cli.runs.audit import AuditOptions, run_audit
from gate.errors import GateError
from gate.model.report import Report
from gate.model.verdict import Action, Finding

MOST: Final = 100
"""Refusals that are told one by one; all are counted."""
_NICE: Final = 10
_EMPTY: Final = {"objects": 0, "codes": {}, "undecided": 0, "refused": []}


def summary(report: Report) -> dict[str, Any]:
    """Return what a server keeps of a report."""
    blocking = [f for f in report.findings if f.action is Action.BLOCK]
    return {
        "objects": report.counts.objects,
        "codes": dict(sorted(Counter(f.code for f in blocking).items())),
        "undecided": len(report.undecided),
        "refused": [_refused(f) for f in blocking if f.object and f.object.namespace][:MOST],
    }


def _refused(finding: Finding) -> dict[str, str]:
    about = finding.object
    return {
        "kind": about.kind if about else "",
        "namespace": about.namespace or "" if about else "",
        "name": about.name if about else "",
        "code": finding.code,
        "message": finding.message,
    }


def main() -> None:
    """Audit, and print the summary."""
    os.nice(_NICE)
    asked = json.loads(sys.argv[1])
    access = Access(
        layouts=asked["layouts"],
        plain_http=asked["plain_http"],
        registries=asked["registries"],
        environ=os.environ,
    )
    options = AuditOptions(
        kubeconfig=asked["kubeconfig"],
        policy=asked["policy"],
        policy_digest=asked["policy_digest"],
        access=access,
    )
    try:
        said = summary(run_audit(options))
    except GateError as error:
        empty = error.code == "nothing-to-judge"
        said = dict(_EMPTY) if empty else {"error": error.code, "why": error.problem}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
