"""`gate lint` from its options to its report."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate import __version__
from gate.cli.reads.inputs import Inputs
from gate.cli.reads.lint_options import check_namespace, check_patterns, lint_asked
from gate.cli.reads.render_command import AS_IT_LIES, Rendering
from gate.cli.reads.rendered import collect_rendered
from gate.errors import UsageError
from gate.lint.engine import lint
from gate.lint.report import LintReport
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.namespaced import in_namespace
from gate.manifests.refused import nothing_to_judge
from gate.model.by_file import by_file
from gate.model.kubernetes import KubernetesObject
from gate.model.lines import Lines
from gate.model.location import STDIN
from gate.model.memory import given_away
from gate.model.report import Counts, Excluded, Linted, PolicyReport, Report, Suppression
from gate.model.verdict import Action, Failed, Finding, WaivedFinding
from gate.reports.order import CLEARED, FAILED, order

if TYPE_CHECKING:
    from gate.cli.runs.fix import Fixing
    from gate.lint.baseline import Baseline
    from gate.policy.document import Policy


def run_lint(
    paths: Sequence[str],
    *,
    profile: str,
    policy: str | None,
    kubernetes_version: str | None,
    namespace: str | None = None,
    exclude: Sequence[str] = (),
    write_baseline: str | None = None,
    quotes: bool = False,
    rendering: Rendering = AS_IT_LIES,
    fixing: Fixing | None = None,
) -> Report:
    """Lint what the paths hold. Raises GateError.

    With `write_baseline` all that is found becomes known; of a baseline that is there already
    only what is still found is kept, and what is new stays new. With `quotes` the report has the
    lines of the files. With `fixing` the files are mended first, and the report judges the
    changed files. With `namespace` objects that name none are judged as in this one.
    """
    asked = lint_asked(profile, policy, kubernetes_version)
    before = None
    if write_baseline is not None:
        before, known = _known_before(Path(write_baseline))
        asked = replace(asked, settings=replace(asked.settings, baseline=known))
    _demand_call(paths, exclude, namespace)
    inputs = collect_rendered(
        paths,
        sys.stdin.buffer,
        # A pass binds what was rendered, and lint signs none.
        replace(rendering, kubernetes=asked.kubernetes, twice=False),
        exclude=(*asked.excluded, *exclude),
    )
    if fixing is not None:
        from gate.cli.runs.fix import fix_inputs

        inputs = fix_inputs(inputs, asked.settings, asked.positions, fixing)
    names, each_named = tuple(name for name, _ in inputs.files), _each_named(inputs)
    lines = Lines(inputs.files) if quotes else None
    files, inputs = list(inputs.files), replace(inputs, files=())
    manifests = load_manifests(
        given_away(files),
        patches=asked.settings.patches,
        found=inputs.findings,
        named=inputs.named,
    )
    if namespace is not None:
        manifests = replace(manifests, objects=in_namespace(manifests.objects, namespace))
    images = image_uses(manifests.objects, asked.positions)
    found = (*manifests.findings, *images.findings)
    if manifests.empty and not each_named:
        raise nothing_to_judge(
            manifests.findings,
            "the files hold no Kubernetes object",
            remedy="name rendered manifests, or pipe them in with -",
        )
    objects, uses = list(manifests.objects), list(images.uses)
    subjects = _subjects(objects, asked.policy)
    del images
    manifests = replace(manifests, objects=())
    linted = lint(given_away(objects), given_away(uses), asked.settings)
    if write_baseline is not None:
        linted = _write(Path(write_baseline), before, linted, asked.settings.never_known)
    findings = (*asked.settings.judge(found), *linted.findings)
    report = _report(manifests, linted, findings, asked.policy, subjects)
    rules = tuple(sorted(asked.settings.actions()))
    return replace(
        report,
        linted=Linted(files=names, rules=rules),
        excluded=Excluded.of(inputs.excluded),
        rendered=tuple(sorted(inputs.rendered)),
        lines=lines,
    )


def _known_before(file: Path) -> tuple[Baseline | None, Baseline]:
    """Return the baseline that will be written over, None where there is none, and what it knows.

    Raises UsageError where it cannot be read or written.
    """
    from gate.cli.reads.baseline import read_baseline
    from gate.cli.writes.files import check_file
    from gate.lint.baseline import Baseline

    check_file(file)
    before = read_baseline(file)
    return before, before or Baseline()


def _demand_call(paths: Sequence[str], exclude: Sequence[str], namespace: str | None) -> None:
    """Refuse a call that names nothing, or what cannot be. Raises UsageError."""
    if not paths:
        raise UsageError(
            "nothing-to-judge",
            "no manifest was named",
            remedy="name files or folders, or - for standard input",
        )
    check_patterns(exclude)
    if namespace is not None:
        check_namespace(namespace)


def _each_named(inputs: Inputs) -> bool:
    """Whether the call names each file itself: one that gate does not know blocks then.

    A hook names the files of a change, and comments alone or a kustomization among them are in
    order. Of a folder, and of standard input, gate demands an object: what a tool rendered to
    nothing is no clean run.
    """
    names = {name for name, _ in inputs.files}
    return bool(names) and names <= inputs.named and STDIN not in names and not inputs.excluded


def _write(
    path: Path, before: Baseline | None, linted: LintReport, never: frozenset[str]
) -> LintReport:
    """Write the baseline, tell what changed in it, and return the report in its light."""
    from gate.cli.writes.files import write_whole
    from gate.cli.writes.standard_error import tell
    from gate.lint.baseline import baseline_of, mark, render_baseline
    from gate.reports.neutral import terminal

    kept = linted.findings if before is None else [f for f in linted.findings if f.known]
    after = baseline_of(kept, never)
    write_whole(path, render_baseline(after).encode())
    count = len(after.entries)
    gone = "" if before is None else f", {len(before.entries) - count} fewer than before"
    tell(f"wrote {terminal(str(path))}: {count} known{gone}\n")
    if before is not None:
        return linted  # what is new stays new
    return replace(linted, findings=mark(linted.findings, after, never))


def _waive(
    findings: Sequence[Finding], policy: Policy, objects: Collection[str], now: datetime
) -> tuple[Sequence[Finding], tuple[WaivedFinding, ...]]:
    """Take out what the policy's waivers excuse, and warn of those that excuse nothing here.

    Of the latter only those of an object that is among `objects`: lint looks at no image, and
    another run may look at other files.
    """
    from gate.policy.waive import unused, waive

    failed = Failed(tuple(findings)) if findings else None
    waived = failed and waive(failed, policy.waivers, None, now, policy.max_waiver)
    idle = unused(
        (waiver for waiver in policy.waivers if waiver.object in objects),
        [(failed, None)] if failed else [],
        now,
        policy.max_waiver,
    )
    standing = waived.findings if waived else ()
    return (*standing, *idle), waived.waived if waived else ()


def _subjects(objects: Iterable[KubernetesObject], policy: Policy | None) -> frozenset[str]:
    """Return the names that a waiver of the policy may have; none where it has no waiver."""
    if policy is None or not policy.waivers:
        return frozenset()
    return frozenset(str(one.name) for obj in objects for one in obj.unfolded())


def _report(
    manifests: Manifests,
    linted: LintReport,
    findings: Sequence[Finding],
    policy: Policy | None,
    subjects: Collection[str],
) -> Report:
    now = datetime.now(UTC).replace(microsecond=0)
    waived: tuple[WaivedFinding, ...] = ()
    if policy is not None and policy.waivers:
        findings, waived = _waive(findings, policy, subjects, now)
    cleared = all(f.action is not Action.BLOCK for f in findings)
    return Report(
        command="lint",
        tool_version=__version__,
        cleared=cleared,
        exit_code=CLEARED if cleared else FAILED,
        at=now,
        policy=PolicyReport(path=policy.path, digest=policy.digest) if policy else None,
        images=(),
        findings=tuple(by_file((f for f in findings if not f.known), order)),
        known=tuple(by_file((f for f in findings if f.known), order)),
        undecided=(),
        waived=tuple(sorted(waived, key=lambda w: order(w.finding))),
        suppressed=tuple(
            Suppression(finding=s.finding, reason=s.reason) for s in linted.suppressed
        ),
        counts=Counts(
            files=manifests.files,
            documents=manifests.documents,
            objects=linted.objects,
            rules=linted.rules,
        ),
    )


def print_rules() -> None:
    """Print each rule with its severity and its action in the `gate` profile."""
    from gate.explain.rules import default_action, list_rules

    rules = list_rules()
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        severity = rule.severity.name.lower()
        sys.stdout.write(f"{rule.name:{width}}  {severity:8}  {default_action(rule)}\n")
