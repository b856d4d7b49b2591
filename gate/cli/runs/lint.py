"""`gate lint` from its options to its report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from gate import __version__
from gate.cli.reads.inputs import collect
from gate.errors import UsageError
from gate.explain.rules import default_action, list_rules
from gate.lint.engine import LintReport, lint
from gate.lint.settings import LintSettings, lint_settings
from gate.manifests.images import UNJUDGED, image_uses
from gate.manifests.load import Manifests, load_manifests
from gate.manifests.refused import nothing_to_judge
from gate.model.kubernetes import ImagePosition
from gate.model.report import Counts, Excluded, Linted, PolicyReport, Report, Suppression
from gate.model.verdict import Action, Finding
from gate.policy.paths import PathPattern
from gate.policy.profile import NEWEST_KUBERNETES, Profile, ProfileAlone
from gate.reports.assemble import CLEARED, FAILED, order


def run_lint(
    paths: Sequence[str],
    *,
    profile: str,
    policy: str | None,
    kubernetes_version: str | None,
    exclude: Sequence[str] = (),
) -> Report:
    """Lint what the paths hold. Raises GateError."""
    settings, positions, excluded, asked = _settings(profile, policy, kubernetes_version)
    if not paths:
        raise UsageError(
            "nothing-to-judge",
            "no manifest was named",
            remedy="name files or folders, or - for standard input",
        )
    _check_patterns(exclude)
    inputs = collect(paths, sys.stdin.buffer, exclude=(*excluded, *exclude))
    manifests = load_manifests(inputs.files, found=inputs.findings, named=inputs.named)
    images = image_uses(manifests.objects, positions)
    found = (*manifests.findings, *images.findings)
    if manifests.empty:
        raise nothing_to_judge(
            manifests.findings,
            "the files hold no Kubernetes object",
            remedy="name rendered manifests, or pipe them in with -",
        )
    linted = lint(manifests.objects, images.uses, settings)
    report = _report(manifests, linted, (*settings.judge(found), *linted.findings), asked)
    names = Linted(files=tuple(n for n, _ in inputs.files), rules=tuple(sorted(settings.actions())))
    return replace(report, linted=names, excluded=Excluded.of(inputs.excluded))


def _check_patterns(patterns: Sequence[str]) -> None:
    for pattern in patterns:
        try:
            PathPattern(pattern)
        except ValueError as error:
            raise UsageError(
                "lint-option",
                f"--exclude: {error}",
                remedy="write a path as reports print it, such as vendor or **/node_modules",
            ) from error


def _settings(
    profile: str, policy: str | None, kubernetes_version: str | None
) -> tuple[LintSettings, tuple[ImagePosition, ...], Sequence[str], PolicyReport | None]:
    if policy is not None:
        from gate.cli.reads.find_policy import find_policy

        loaded = find_policy(policy, None)
        section = loaded.manifests or ProfileAlone()
        excluded = (loaded.manifests and loaded.manifests.exclude) or ()
        report = PolicyReport(path=loaded.path, digest=loaded.digest)
        return lint_settings(section), section.positions, excluded, report
    if profile not in set(Profile):
        raise UsageError(
            "lint-option",
            f"--profile: there is no profile {profile!r}",
            remedy=f"choose one of {', '.join(Profile)}",
        )
    version = kubernetes_version or f"1.{NEWEST_KUBERNETES}"
    try:
        section = ProfileAlone(
            profile=Profile(profile), kubernetes_version=version, warn=(UNJUDGED,)
        )
    except ValueError as error:
        raise UsageError(
            "lint-option",
            f"--kubernetes-version: {error}",
            remedy="write the cluster's minor version, such as 1.34",
        ) from error
    return lint_settings(section), (), (), None


def _report(
    manifests: Manifests,
    linted: LintReport,
    findings: Sequence[Finding],
    policy: PolicyReport | None,
) -> Report:
    cleared = all(f.action is not Action.BLOCK for f in findings)
    return Report(
        command="lint",
        tool_version=__version__,
        cleared=cleared,
        exit_code=CLEARED if cleared else FAILED,
        at=datetime.now(UTC).replace(microsecond=0),
        policy=policy,
        images=(),
        findings=tuple(sorted(findings, key=order)),
        undecided=(),
        waived=(),
        suppressed=tuple(
            Suppression(finding=s.finding, reason=s.reason) for s in linted.suppressed
        ),
        counts=Counts(
            files=manifests.files,
            documents=manifests.documents,
            objects=len(manifests.objects),
            rules=linted.rules,
        ),
    )


def print_rules() -> None:
    """Print each rule with its severity and its action in the `gate` profile."""
    rules = list_rules()
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        severity = rule.severity.name.lower()
        sys.stdout.write(f"{rule.name:{width}}  {severity:8}  {default_action(rule)}\n")
